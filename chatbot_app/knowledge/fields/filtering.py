"""A choice of documents by their fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chatbot_app.core.document_fields import DocumentFields, parse_iso_date
from chatbot_app.knowledge.fields.companies import company_key
from chatbot_app.knowledge.fields.kinds import is_kind, kinds_asked
from chatbot_app.knowledge.fields.matching import KnownDocument, in_period, is_on
from chatbot_app.knowledge.fields.periods import PeriodMention, periods_of
from chatbot_app.knowledge.trust.dates import Date, dates_of


@dataclass(frozen=True)
class FieldFilter:
    """What the fields of a document must say; what is "" or empty keeps to nothing."""

    company: str = ""
    kind: str = ""
    periods: tuple[PeriodMention, ...] = ()
    days: tuple[Date, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.company or self.kind or self.periods or self.days)

    @classmethod
    def from_words(cls, company: str = "", kind: str = "", period: str = "") -> FieldFilter:
        """Return a filter from what a person writes. Raises ValueError for a period that names no time."""
        days = tuple(
            when
            for _s, _e, meanings in dates_of(period)
            for when in meanings
            if when.year and when.month is not None
        )
        mentions = () if days else tuple(periods_of(period, lone_years=True))
        if period.strip() and not days and not mentions:
            parts = parse_iso_date(period.strip())
            if parts is None:
                raise ValueError(period)
            days = (Date(*parts),)
        return cls(company.strip(), kind.strip(), mentions, days)

    def allows(self, fields: DocumentFields) -> bool:
        """Whether a document is meant."""
        document = KnownDocument("", fields)
        if self.company and not self._is_of_company(document):
            return False
        if self.kind and not self._is_of_kind(fields.kind):
            return False
        if self.days:
            return any(is_on(fields.date, day) for day in self.days)
        if self.periods:
            return any(bool(in_period(mention, [document])[0]) for mention in self.periods)
        return True

    def chosen(self, known: Iterable[KnownDocument]) -> list[str]:
        """Return the ids of the documents that are meant."""
        return [document.document_id for document in known if self.allows(document.fields)]

    def _is_of_company(self, document: KnownDocument) -> bool:
        wanted = company_key(self.company)
        plain = self.company.casefold()
        return (
            wanted in document.companies
            or any(set(wanted) <= set(key) for key in document.companies if wanted)
            or plain in (alias.casefold() for alias in document.fields.aliases)
        )

    def _is_of_kind(self, kind: str) -> bool:
        if not kind:
            return False
        if self.kind.casefold() in kind.casefold() or is_kind(kind, self.kind.casefold()):
            return True
        return any(is_kind(kind, asked.name) for asked in kinds_asked(self.kind))
