"""Which documents a question asks, by their fields; and which of their likes it does not ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from chatbot_app.core.document_fields import DocumentFields, FieldMatch, FieldsAsked, Period, parse_iso_date
from chatbot_app.knowledge.fields.asking import Asked, leaning_on, read_question
from chatbot_app.knowledge.fields.companies import CompanyIndex, company_key
from chatbot_app.knowledge.fields.content import content_of
from chatbot_app.knowledge.fields.figures import asks_for_figures, asks_for_reasons
from chatbot_app.knowledge.fields.kinds import is_kind, root_kind
from chatbot_app.knowledge.fields.periods import PeriodMention
from chatbot_app.knowledge.trust.dates import Date

_LONGEST_QUESTION = 2000  # characters that are looked at: who pastes a page names no documents in it
_SHORTEST_OWN_KIND = 4  # letters of a kind that a person wrote, to be found in a question


@dataclass(frozen=True)
class KnownDocument:
    """A document that can be found, and its fields."""

    document_id: str
    fields: DocumentFields

    @cached_property
    def companies(self) -> frozenset[tuple[str, ...]]:
        """The keys of its companies (see `company_key`)."""
        return frozenset(key for one in self.fields.company.split(";") if (key := company_key(one)))

    @cached_property
    def period(self) -> Period | None:
        """What it is about."""
        return self.fields.period_value

    @cached_property
    def day(self) -> date | None:
        """Its date, or the end of its period."""
        return self.fields.last_day

    @cached_property
    def series(self) -> tuple[frozenset[tuple[str, ...]], str]:
        """What it has in common with the reports before and after it: company and kind."""
        return self.companies, root_kind(self.fields.kind)


class KnownLibrary:
    """The documents that can be found and have any fields, with what is looked up for every question."""

    def __init__(self, documents: Iterable[KnownDocument]) -> None:
        self.documents = [document for document in documents if document.fields]
        self.kinds = {document.fields.kind for document in self.documents if document.fields.kind}
        self.companies = CompanyIndex(
            {(d.fields.company, d.fields.aliases) for d in self.documents if d.fields.company}
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants of the library. Without `matches` it names nothing that tells documents apart.

    `fitting` are the ids of those that fit, also those that others are compared with. `strength`, 0 to 1, is how
    sure it is that a passage must come from them. `content` is what the question asks them, "" for all of it.
    """

    matches: Mapping[str, FieldMatch] = field(default_factory=dict)
    fitting: tuple[str, ...] = ()
    several: bool = False
    strength: float = 0.0
    asked: FieldsAsked | None = None
    content: str = ""
    asks_for_figures: bool = False
    asks_for_reasons: bool = False

    def match_of(self, document_id: str) -> FieldMatch:
        """Return how a document stands to the question."""
        return self.matches.get(document_id, FieldMatch.NONE)


NOTHING_WANTED = Wanted()


def wanted_documents(question: str, library: KnownLibrary, earlier: str = "") -> Wanted:
    """Return which of the known documents a question asks, by what it names and by their own dates.

    `earlier` is the question that it leans on: what it does not name itself is meant as it was there.
    """
    known = library.documents
    if not known:
        return NOTHING_WANTED
    is_long = len(question) > _LONGEST_QUESTION
    question, earlier = question[:_LONGEST_QUESTION], earlier[:_LONGEST_QUESTION]
    asked = read_question(question)
    if earlier:
        asked = leaning_on(asked, read_question(earlier))
    companies = library.companies.asked(question) or (library.companies.asked(earlier) if earlier else set())
    kinds = _kinds_of(question, asked, library.kinds)
    if not companies and not kinds and not asked.names_time:
        return NOTHING_WANTED
    pool = known
    named = 0  # how many things the question names that the documents know
    if companies:
        pool = [document for document in pool if document.companies & companies]
        named += 1
    of_kind = [document for document in pool if any(is_kind(document.fields.kind, kind) for kind in kinds)]
    if of_kind:
        pool = of_kind
        named += 1
    else:
        kinds = []
    if not named and not asked.periods and not asked.dates:
        # "The last statement", "the oldest version" of what nobody has named may be of anything.
        pool = [document for document in pool if document.fields.kind or document.fields.company]
    chosen = _by_time(asked, pool)
    if chosen.primary:
        named += 1
    elif not named:
        return NOTHING_WANTED
    primary = chosen.primary or pool
    several = _asks_several(asked, companies, primary, chosen)
    # A quarter, a day or the newest of its series tells more than a year does, which anything may mention.
    is_vague = named == 1 and not kinds and not several and (bool(companies) or not chosen.is_precise)
    matches = {document.document_id: FieldMatch.FITS for document in primary}
    for document in chosen.secondary:
        matches.setdefault(document.document_id, FieldMatch.ALSO)
    fitting = tuple(matches)
    aliases = {
        alias for document in primary if document.companies & companies for alias in document.fields.aliases
    }
    others = [
        document
        for document in known
        if document.document_id not in matches and document not in chosen.spared
    ]
    for document in _displaced(others, primary, by_company=bool(companies), by_kind=bool(kinds)):
        matches[document.document_id] = FieldMatch.DIFFERS
    if len(fitting) == len(known) and FieldMatch.ALSO not in matches.values() and not several:
        return NOTHING_WANTED  # all are meant: nothing is told apart
    return Wanted(
        matches,
        fitting,
        several and len(fitting) > 1,
        0.5 if is_vague else 1.0,
        FieldsAsked(
            tuple(sorted({d.fields.company for d in primary if companies & d.companies}))[:4],
            tuple(kinds),
            _periods_shown(primary) if chosen.primary else (),
            len(fitting),
            several and len(fitting) > 1,
        ),
        "" if is_vague or is_long else content_of(question, companies, aliases),
        asks_for_figures(question),
        asks_for_reasons(question),
    )


# --- kinds ---------------------------------------------------------------------------------------------


def _kinds_of(question: str, asked: Asked, known: Iterable[str]) -> list[str]:
    """Return the kinds that a question names and a document has; also those that a person wrote."""
    kinds = [kind for kind in asked.kinds if any(is_kind(one, kind) for one in known)]
    plain = f" {' '.join(question.casefold().split())} "
    own = (kind for kind in known if len(kind) >= _SHORTEST_OWN_KIND and root_kind(kind) == kind.casefold())
    return list(
        dict.fromkeys([*kinds, *(kind for kind in own if _names(plain, kind) and kind not in _ORDINARY)])
    )


# Kinds with rules of their own, whose names are ordinary words.
_ORDINARY = frozenset(
    "minutes agenda letter paper report policy manual receipt quotation filing thesis memo contract".split()
)


def _names(question: str, kind: str) -> bool:
    return f" {kind.casefold()}" in question


# --- time ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What the time of a question chooses; `is_precise` where it is more than a year.

    `secondary` is what that is compared with, `spared` what may be meant as well.
    """

    primary: list[KnownDocument] = field(default_factory=list)
    secondary: list[KnownDocument] = field(default_factory=list)
    spared: list[KnownDocument] = field(default_factory=list)
    is_precise: bool = False
    periods: int = 0  # named and found


def _by_time(asked: Asked, pool: Sequence[KnownDocument]) -> _Chosen:
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
        if asked.last_year and not asked.year_over_year and dated and not _has_year(asked):
            candidates = _of_last_year(dated)
            if not _parts(asked):
                primary, is_precise = (candidates, False) if candidates != dated else ([], False)
        for mention in asked.periods:
            fitting, also = in_period(mention, candidates)
            found += bool(fitting)
            primary += [d for d in fitting if d not in primary]
            spared += also
            is_precise = is_precise or bool(mention.part and mention.year)
        if candidates is not dated and _parts(asked) and not primary:
            primary = candidates
    if asked.newest and not (primary and is_precise):
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
    if asked.several and primary and not found:
        # "The latest one compared with the quarters before": the others of its series.
        series = {document.series for document in primary}
        secondary += [document for document in dated if document.series in series]
    secondary = [document for document in dict.fromkeys(secondary) if document not in primary]
    return _Chosen(primary, secondary, spared, is_precise, found)


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


def _of_last_year(dated: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return the documents of the year before the newest one's; all where there are none."""
    newest = max(dated, key=_order)
    year = newest.period.year if newest.period is not None else (newest.day or date.min).year
    found = [d for d in dated if (d.period.year if d.period else (d.day or date.min).year) == year - 1]
    return found or list(dated)


def _order(document: KnownDocument) -> tuple[date, int, str]:
    return document.day or date.min, document.period.year if document.period else 0, document.document_id


def _by_series(documents: Sequence[KnownDocument]) -> dict[object, list[KnownDocument]]:
    """Return documents by series, newest first."""
    grouped: dict[object, list[KnownDocument]] = {}
    for document in sorted(documents, key=_order, reverse=True):
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


# --- several, and others -------------------------------------------------------------------------------


def _asks_several(
    asked: Asked, companies: set[tuple[str, ...]], primary: Sequence[KnownDocument], chosen: _Chosen
) -> bool:
    if (
        len(companies) > 1
        or chosen.periods > 1
        or (chosen.secondary and (asked.previous or asked.year_over_year))
    ):
        return True
    if asked.several and not (chosen.is_precise and chosen.periods == 1 and not chosen.secondary):
        return len({d.document_id for d in primary}) + len(chosen.secondary) > 1
    return bool(chosen.secondary) and asked.compares


def _displaced(
    others: Sequence[KnownDocument],
    primary: Sequence[KnownDocument],
    *,
    by_company: bool,
    by_kind: bool,
) -> list[KnownDocument]:
    """Return the likes of what is asked for that are not asked for: of the same kind, with another company or time.

    What is of another kind, or says nothing of its time, is left alone: it may hold the answer all the same. Where
    the kind is named, the same company's documents of other known kinds are set aside, too.
    """
    roots = {root_kind(document.fields.kind) for document in primary if document.fields.kind}
    unnamed = any(not document.fields.kind and document.period for document in primary)
    companies = {key for document in primary for key in document.companies}
    has_time = any(document.day is not None for document in primary)
    found: list[KnownDocument] = []
    for document in others:
        # Without a kind, reports are known by their periods; a mere date makes no two texts alike.
        is_like = (
            root_kind(document.fields.kind) in roots
            if document.fields.kind
            else unnamed and bool(document.period)
        )
        differs = (by_company and bool(document.companies)) or (has_time and document.day is not None)
        other_kind = by_kind and bool(document.fields.kind) and bool(document.companies & companies)
        if (is_like and differs) or other_kind:
            found.append(document)
    return found


def _periods_shown(documents: Sequence[KnownDocument]) -> tuple[str, ...]:
    ordered = sorted(documents, key=_order, reverse=True)
    return tuple(dict.fromkeys(d.fields.period_shown or d.fields.date for d in ordered))[:4]
