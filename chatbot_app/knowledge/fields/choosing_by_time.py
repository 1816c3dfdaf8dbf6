"""Which documents the time of a question chooses: a day, a period, the newest or the one before, by their own dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from chatbot_app.core.document_fields import Period, parse_iso_date
from chatbot_app.knowledge.fields.asking import Asked
from chatbot_app.knowledge.fields.kinds import is_company_report
from chatbot_app.knowledge.fields.known_documents import KnownDocument
from chatbot_app.knowledge.fields.open_times import Counted
from chatbot_app.knowledge.fields.periods import PeriodMention
from chatbot_app.knowledge.values.dates import Date


@dataclass(frozen=True, slots=True)
class ChosenByTime:
    """What the time of a question chooses; `is_precise` where it is more than a year.

    `secondary` is what that is compared with, `spared` what may be meant as well.
    """

    primary: list[KnownDocument] = field(default_factory=list)
    secondary: list[KnownDocument] = field(default_factory=list)
    spared: list[KnownDocument] = field(default_factory=list)
    is_precise: bool = False
    periods: int = 0  # named and found
    is_open: bool = False  # by a time that is open to one side: "since 2021"


def chosen_by_time(asked: Asked, pool: Sequence[KnownDocument]) -> ChosenByTime:
    """Return which documents of `pool` a question means by the times that it names or compares, and by their order."""
    if asked.leans_back:
        return _chosen_from(asked, pool)
    dated = [document for document in pool if document.day is not None]
    primary: list[KnownDocument] = []
    secondary: list[KnownDocument] = []
    spared: list[KnownDocument] = []
    is_precise = False
    found = 0
    on_day = [d for d in dated if any(is_on(d.fields.date, when) for when in asked.dates)]
    if on_day:
        primary, is_precise, found = on_day, True, len({d.fields.date for d in on_day})
    else:
        candidates = dated
        is_relative = asked.last_year and not (asked.year_over_year or asked.stretches)
        if is_relative and dated and not _has_year(asked):
            candidates = _of_last_year(dated, asked.years_back)
            if not _parts(asked):
                primary, is_precise = (candidates, False) if candidates != dated else ([], False)
        for mention in asked.periods:
            fitting, also = in_period(mention, candidates)
            if not fitting and mention.part.startswith("H"):
                fitting, also = in_period(_ending(mention), candidates)
            fitting, also = _or_beside_the_next(mention, fitting, also, candidates)
            if not (mention.part or asked.quarters or asked.several or asked.compares):
                fitting, parts = _ending_the_year(fitting)
                also = [*also, *parts]
            if asked.each_quarter and not mention.part:
                parts = [
                    document for document in also if document.period is not None and document.period.part
                ]
                fitting, also = [*fitting, *parts], [document for document in also if document not in parts]
            found += len({document.day for document in fitting}) if asked.each_quarter else bool(fitting)
            primary += [d for d in fitting if d not in primary]
            spared += also
            is_precise = is_precise or bool(mention.part and mention.year)
        within = _within(asked, dated)
        if asked.last_year and within:  # "the year before 2023" is the last of all that lie before it
            within = _nth_of_series(within, 0)
        primary += [document for document in within if document not in primary]
        is_precise = is_precise or (bool(within) and all(one.is_of_days for one in asked.stretches))
        if candidates is not dated and _parts(asked) and not primary:
            primary = candidates
    if asked.counted is not None:
        primary, is_precise, spared = _counted(asked.counted, [*primary, *spared] or dated), True, []
        found = len({document.day for document in primary})
    elif (asked.newest and not (primary and is_precise)) or (
        asked.year_over_year and not (primary or asked.several)  # "compared with last year": the newest is
    ):
        newest = _nth_of_series(primary or dated, 0)
        primary, is_precise = newest, True
    elif asked.oldest and not (primary and is_precise):
        primary, is_precise = _nth_of_series(primary or dated, -1), True
    if asked.previous and not primary and not asked.several:
        primary, is_precise = _nth_of_series(dated, 1), True
    elif asked.previous and primary:
        secondary += _before(primary, dated)
    if (asked.year_over_year and primary) or (
        asked.last_year and primary and (asked.newest or _has_year(asked))
    ):
        secondary += _year_before(primary, dated)
    if asked.several and primary and not (found or asked.stretches):
        # "The latest one compared with the quarters before": the others of its series.
        series = {document.series for document in primary}
        secondary += [document for document in dated if document.series in series]
    secondary = [document for document in dict.fromkeys(secondary) if document not in primary]
    return ChosenByTime(primary, secondary, spared, is_precise, found, is_open=bool(asked.stretches))


def _chosen_from(asked: Asked, pool: Sequence[KnownDocument]) -> ChosenByTime:
    """Return what lies before the documents of the time that the question before named; those where nothing does, for
    reports say what was before them as well."""
    base = chosen_by_time(replace(asked, previous=False, last_year=False, leans_back=False), pool)
    dated = [document for document in pool if document.day is not None]
    before = _year_before if asked.last_year else _before
    earlier = list(dict.fromkeys(before(base.primary, dated)))
    if not earlier:
        return base
    return ChosenByTime(earlier, [], [], base.is_precise, len({document.day for document in earlier}))


def _within(asked: Asked, dated: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return the documents in all times that are open to one side, in any of them where none is in all."""
    held = [[stretch.holds(d.period, d.day) for stretch in asked.stretches] for d in dated]
    return [d for d, one in zip(dated, held, strict=True) if one and all(one)] or [
        d for d, one in zip(dated, held, strict=True) if any(one)
    ]


def _counted(counted: Counted, documents: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return so many of the newest documents of each company, or those about so many of the newest years.

    A company's reports are counted together: that about a year stands for its last quarter.
    """
    companies: dict[frozenset[tuple[str, ...]], list[KnownDocument]] = {}
    for document in sorted(documents, key=by_day, reverse=True):
        companies.setdefault(document.companies, []).append(document)
    found: list[KnownDocument] = []
    for one in companies.values():
        if not counted.years:
            days = list(dict.fromkeys(document.day for document in one))[: counted.number]
            found += [document for document in one if document.day in days]
            continue
        newest = _year_of(one[0])
        recent = [document for document in one if _year_of(document) > newest - counted.number]
        whole = {d.period.year for d in recent if d.period is not None and not d.period.part}
        found += [d for d in recent if d.period is None or not d.period.part or d.period.year not in whole]
    return found


def _year_of(document: KnownDocument) -> int:
    return document.period.year if document.period is not None else (document.day or date.min).year


def _parts(asked: Asked) -> bool:
    return any(mention.part for mention in asked.periods)


def _has_year(asked: Asked) -> bool:
    return any(mention.year is not None for mention in asked.periods)


def is_on(written: str, when: Date) -> bool:
    """Whether a document's date is the day, or in the month, that a question names."""
    parts = parse_iso_date(written)
    if parts is None or parts[1] is None:
        return False
    year, month, day = parts
    return (year, month) == (when.year, when.month) and (when.day is None or day is None or day == when.day)


def _ending(half: PeriodMention) -> PeriodMention:
    """Return the quarter that ends a half: where there are quarterly reports, that one's has the half, too."""
    return replace(half, part="Q2" if half.part == "H1" else "Q4")


def in_period(
    mention: PeriodMention, dated: Sequence[KnownDocument]
) -> tuple[list[KnownDocument], list[KnownDocument]]:
    """Return (documents about a period, others that end in it by the calendar).

    What a document calls its fiscal quarter counts first; the calendar where none of its series says so.
    """
    by_name: list[KnownDocument] = []
    by_calendar: list[KnownDocument] = []
    for document in dated:
        if _is_named(mention, document.period):
            by_name.append(document)
        elif not mention.is_fiscal and _ends_within(mention, document):
            by_calendar.append(document)
    if not mention.part:
        # The report about a whole year comes before those about parts of it.
        whole = [d for d in by_name if d.period is not None and not d.period.part]
        if whole:
            series = {d.companies for d in whole}
            by_calendar += [d for d in by_name if d not in whole and d.companies in series]
            by_name = [d for d in by_name if d in whole or d.companies not in series]
    named = {document.series for document in by_name}
    return (
        [*by_name, *(d for d in by_calendar if d.series not in named and not _has_whole(d, by_name))],
        [d for d in by_calendar if d.series in named or _has_whole(d, by_name)],
    )


def _or_beside_the_next(
    mention: PeriodMention,
    fitting: list[KnownDocument],
    also: list[KnownDocument],
    dated: Sequence[KnownDocument],
) -> tuple[list[KnownDocument], list[KnownDocument]]:
    """Return (documents about a period, others), with the report about the same part of the next year where a company has none.

    Its tables have the year before beside it. Who calls a quarter as the company does means that, not the report which ends in
    that quarter by the calendar.
    """
    if mention.year is None or not mention.part:
        return fitting, also
    has_own = {key for d in fitting if _is_named(mention, d.period) for key in d.companies}
    following = replace(mention, year=mention.year + 1)
    beside = [
        d
        for d in dated
        if is_company_report(d.fields.kind) and _is_named(following, d.period) and not d.companies & has_own
    ]
    companies = {key for d in beside for key in d.companies}
    others = [d for d in fitting if d.companies & companies]
    return [*(d for d in fitting if d not in others), *beside], [*also, *others]


def _ending_the_year(
    documents: Sequence[KnownDocument],
) -> tuple[list[KnownDocument], list[KnownDocument]]:
    """Return (documents about a year, others of their series): where none is about a whole year, that about its last
    quarter or half has the figures of the year, too."""
    last = {d.series for d in documents if d.period is not None and d.period.part in ("Q4", "H2")}
    parts = [
        d
        for d in documents
        if d.series in last and d.period is not None and d.period.part not in ("Q4", "H2", "")
    ]
    return [d for d in documents if d not in parts], parts


def _has_whole(document: KnownDocument, others: Sequence[KnownDocument]) -> bool:
    return any(document.companies == other.companies for other in others)


def _is_named(mention: PeriodMention, period: Period | None) -> bool:
    if period is None:
        return False
    if mention.year is not None and mention.year != period.year:
        return False
    return not mention.part or mention.part == period.part


def _ends_within(mention: PeriodMention, document: KnownDocument) -> bool:
    """Whether a document without a period of its own, or with a fiscal one, is of that time by the calendar."""
    day = document.day
    if day is None:
        return False
    if not mention.part:
        return mention.year == day.year
    period = document.period
    if mention.year is None:
        return False  # "the fourth quarter" of a game
    if period is None:
        parts = parse_iso_date(document.fields.date)
        if parts is None or parts[1] is None:
            return False
        # A letter or a meeting lies within the quarter; no week hangs over.
        months = 3 if mention.part.startswith("Q") else 6
        part = f"{mention.part[0]}{(day.month - 1) // months + 1}"
        return mention.part == part and mention.year == day.year
    if period.part[:1] != mention.part[:1]:
        return False
    calendar = Period.of_calendar(day, period.months)
    return (calendar.year, calendar.part) == (mention.year, mention.part)


def _of_last_year(dated: Sequence[KnownDocument], years_back: int) -> list[KnownDocument]:
    """Return the documents of the year so many before the newest one's; all where there are none."""
    newest = max(dated, key=by_day)
    found = [d for d in dated if _year_of(d) == _year_of(newest) - years_back]
    return found or list(dated)


def by_day(document: KnownDocument) -> tuple[date, int, str]:
    """Return what documents are sorted by, oldest first: their day, their fiscal year, and always in the same order."""
    return document.day or date.min, document.period.year if document.period else 0, document.document_id


def _by_series(documents: Sequence[KnownDocument]) -> dict[object, list[KnownDocument]]:
    """Return documents by series, newest first."""
    grouped: dict[object, list[KnownDocument]] = {}
    for document in sorted(documents, key=by_day, reverse=True):
        grouped.setdefault(document.series, []).append(document)
    return grouped


def _nth_of_series(documents: Sequence[KnownDocument], place: int) -> list[KnownDocument]:
    """Return the newest (0), second newest (1) or oldest (-1) day's documents of each series."""
    found: list[KnownDocument] = []
    for series in _by_series(documents).values():
        days = list(dict.fromkeys(document.day for document in series))
        if place < len(days):
            found += [document for document in series if document.day == days[place]]
    return found


def _before(primary: Sequence[KnownDocument], dated: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return the document before each of the primary ones in its series."""
    grouped = _by_series(dated)
    found: list[KnownDocument] = []
    for document in primary:
        earlier = [
            d for d in grouped.get(document.series, []) if (d.day or date.min) < (document.day or date.min)
        ]
        found += earlier[:1]
    return found


def _year_before(primary: Sequence[KnownDocument], dated: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return the documents about the same part of the year before."""
    found: list[KnownDocument] = []
    for document in primary:
        period = document.period
        for other in dated:
            if other.series != document.series:
                continue
            if period is not None and other.period is not None:
                same = (other.period.year, other.period.part) == (period.year - 1, period.part)
            else:
                day, earlier = document.day or date.min, other.day or date.min
                same = (earlier.year, earlier.month) == (day.year - 1, day.month)
            if same:
                found.append(other)
    return found
