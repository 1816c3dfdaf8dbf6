"""Which documents are of a day, or about a period, that is named; and which stand in for one that there is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from chatbot_app.core.document_fields import Period, parse_iso_date
from chatbot_app.knowledge.fields.kinds import is_company_report
from chatbot_app.knowledge.fields.known_documents import KnownDocument
from chatbot_app.knowledge.fields.periods import PeriodMention
from chatbot_app.knowledge.values.dates import Date


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
        with_whole = {d.companies for d in by_name if _is_whole(d)}
        by_calendar += [d for d in by_name if not _is_whole(d) and d.companies in with_whole]
        by_name = [d for d in by_name if _is_whole(d) or d.companies not in with_whole]
    # What a series, or a company, calls so itself says which of its documents are meant.
    series = {document.series for document in by_name}
    companies = {document.companies for document in by_name}
    also = [d for d in by_calendar if d.series in series or d.companies in companies]
    return [*by_name, *_without(by_calendar, also)], also


def _is_whole(document: KnownDocument) -> bool:
    """Whether a document is about a whole year by its period."""
    return document.period is not None and not document.period.part


def _without(documents: Iterable[KnownDocument], others: Iterable[KnownDocument]) -> list[KnownDocument]:
    left_out = {one.document_id for one in others}
    return [one for one in documents if one.document_id not in left_out]


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


def or_beside_the_next(
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
    return [*_without(fitting, others), *beside], [*also, *others]


def ending_the_year(
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
    return _without(documents, parts), parts


def ending_quarter(half: PeriodMention) -> PeriodMention:
    """Return the quarter that ends a half: where there are quarterly reports, that one's has the half, too."""
    return replace(half, part="Q2" if half.part == "H1" else "Q4")
