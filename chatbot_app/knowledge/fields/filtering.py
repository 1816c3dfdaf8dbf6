"""A choice of documents by their fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chatbot_app.core.document_fields import DocumentFields, parse_iso_date
from chatbot_app.core.document_filter import DocumentFilter
from chatbot_app.knowledge.fields.asking import read_question
from chatbot_app.knowledge.fields.companies import company_key
from chatbot_app.knowledge.fields.documents_of_periods import in_period, is_on
from chatbot_app.knowledge.fields.kinds import is_kind, kinds_asked
from chatbot_app.knowledge.fields.known_documents import KnownDocument
from chatbot_app.knowledge.fields.open_times import Stretch
from chatbot_app.knowledge.fields.periods import PeriodMention, periods_of
from chatbot_app.knowledge.values.dates import Date, dates_of


@dataclass(frozen=True)
class FieldFilter:
    """What the fields of a document must say: one of each, and all of them; what is empty keeps to nothing.

    `stretches` are times that are open to one side ("since 2022"). `unread` are periods that name no time that is
    understood: they fit what says the very same.
    """

    companies: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    periods: tuple[PeriodMention, ...] = ()
    days: tuple[Date, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    unread: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.companies or self.kinds or self._has_time)

    @property
    def _has_time(self) -> bool:
        return bool(self.periods or self.days or self.stretches or self.unread)

    @classmethod
    def of(cls, chosen: DocumentFilter) -> FieldFilter:
        """Return the filter that a conversation keeps to."""
        mentions: list[PeriodMention] = []
        days: list[Date] = []
        unread: list[str] = []
        stretches: list[Stretch] = []
        for text in chosen.periods:
            if open_to_one_side := read_question(text).stretches:
                stretches += open_to_one_side
                continue
            on_days = [
                when
                for _s, _e, meanings in dates_of(text)
                for when in meanings
                if when.year and when.month is not None
            ]
            named = [] if on_days else periods_of(text, lone_years=True)
            parts = parse_iso_date(text.strip())
            if on_days or named:
                days += on_days
                mentions += named
            elif parts is not None:
                days.append(Date(*parts))
            elif text.strip():
                unread.append(text.strip())
        return cls(
            tuple(filter(None, map(str.strip, chosen.companies))),
            tuple(filter(None, map(str.strip, chosen.kinds))),
            tuple(mentions),
            tuple(days),
            tuple(stretches),
            tuple(unread),
        )

    @classmethod
    def from_words(cls, company: str = "", kind: str = "", period: str = "") -> FieldFilter:
        """Return a filter from what a person writes. Raises ValueError for a period that names no time."""
        found = cls.of(DocumentFilter((company,), (kind,), (period,)))
        if found.unread:
            raise ValueError(period)
        return found

    def chosen(self, known: Iterable[KnownDocument]) -> list[str]:
        """Return the ids of the documents that are meant."""
        return [document.document_id for document in self.fitting(known)]

    def fitting(self, known: Iterable[KnownDocument]) -> list[KnownDocument]:
        """Return the documents that are meant, in their order.

        What a document calls its fiscal quarter counts before the calendar, as in questions; a year means all that is
        of it or ends in it.
        """
        pool = [
            document for document in known if self._is_of_company(document) and self._is_of_kind(document)
        ]
        if not self._has_time:
            return pool
        found: set[str] = set()
        for mention in self.periods:
            fitting, others = in_period(mention, pool)
            found.update(document.document_id for document in fitting)
            if not mention.part:
                found.update(document.document_id for document in others)
        return [
            document
            for document in pool
            if document.document_id in found
            or any(is_on(document.fields.date, day) for day in self.days)
            or any(stretch.holds(document.period, document.day) for stretch in self.stretches)
            or any(_says(document.fields, text) for text in self.unread)
        ]

    def _is_of_company(self, document: KnownDocument) -> bool:
        return not self.companies or any(_is_of(document, company) for company in self.companies)

    def _is_of_kind(self, document: KnownDocument) -> bool:
        return not self.kinds or any(_is_a(document.fields.kind, kind) for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Facet:
    """A value of a field, and how many documents have it."""

    text: str
    documents: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to choose from; the largest companies and kinds first, the newest times."""

    companies: tuple[Facet, ...] = ()
    kinds: tuple[Facet, ...] = ()
    periods: tuple[Facet, ...] = ()


def facets_of(counted: Iterable[tuple[DocumentFields, int]]) -> Facets:
    """Return what fields say, each with the number of documents that say so; a period is also counted to its year,
    a date to its year alone.
    """
    companies: dict[str, int] = {}
    kinds: dict[str, int] = {}
    times: dict[tuple[int, str], tuple[str, int]] = {}
    for fields, count in counted:
        for company in filter(None, map(str.strip, fields.company.split(";"))):
            companies[company] = companies.get(company, 0) + count
        if fields.kind:
            kinds[fields.kind] = kinds.get(fields.kind, 0) + count
        for order, text in _times_of(fields):
            times[order] = text, times.get(order, ("", 0))[1] + count
    return Facets(
        _most_first(companies),
        _most_first(kinds),
        tuple(Facet(*times[order]) for order in sorted(times, key=_newest_first)),
    )


def _times_of(fields: DocumentFields) -> list[tuple[tuple[int, str], str]]:
    """Return what a document's time is called, with its order (year, part)."""
    period, day = fields.period_value, fields.last_day
    if period is None:
        return [((day.year, ""), str(day.year))] if day is not None else []
    named = [((period.year, period.part), period.shown)]
    if period.part and not period.is_split:
        named.append(((period.year, ""), str(period.year)))
    return named


def _newest_first(order: tuple[int, str]) -> tuple[int, bool, tuple[int, ...]]:
    year, part = order
    return -year, bool(part), tuple(-ord(letter) for letter in part)


def _most_first(counts: dict[str, int]) -> tuple[Facet, ...]:
    ordered = sorted(counts, key=lambda text: (-counts[text], text.casefold()))
    return tuple(Facet(text, counts[text]) for text in ordered)


def _is_of(document: KnownDocument, company: str) -> bool:
    wanted = company_key(company)
    plain = company.casefold()
    return (
        wanted in document.companies
        or any(set(wanted) <= set(key) for key in document.companies if wanted)
        or plain in (alias.casefold() for alias in document.fields.aliases)
    )


def _is_a(kind: str, wanted: str) -> bool:
    if not kind:
        return False
    if wanted.casefold() in kind.casefold() or is_kind(kind, wanted.casefold()):
        return True
    return any(is_kind(kind, asked.name) for asked in kinds_asked(wanted))


def _says(fields: DocumentFields, text: str) -> bool:
    return text.casefold() in (fields.period.casefold(), fields.period_shown.casefold(), fields.date)
