"""The documents that can be found, with what of their fields is looked up for every question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from chatbot_app.core.document_fields import DocumentFields, Period
from chatbot_app.knowledge.fields.companies import CompanyIndex, company_key
from chatbot_app.knowledge.fields.kinds import is_periodic, root_kind
from chatbot_app.knowledge.fields.series import SeriesIndex
from chatbot_app.knowledge.fields.series_names import DocumentNames

_FEWEST_OF_A_FORM = 4


@dataclass(frozen=True)
class KnownDocument:
    """A document that can be found, and its fields."""

    document_id: str
    fields: DocumentFields
    # What its names share with those of documents that follow it, where it is known (see `SeriesIndex`).
    likes: tuple[str, ...] = ()

    @cached_property
    def companies(self) -> frozenset[tuple[str, ...]]:
        """The keys of its companies (see `company_key`)."""
        return _companies_of(self.fields)

    @cached_property
    def period(self) -> Period | None:
        """What it is about."""
        return self.fields.period_value

    @cached_property
    def day(self) -> date | None:
        """Its date, or the end of its period."""
        return self.fields.last_day

    @cached_property
    def series(self) -> tuple[object, ...]:
        """What it has in common with the reports before and after it (see `series_of`); without a company its names tell."""
        return series_of(self.fields) if self.companies else (*series_of(self.fields), *self.likes)


def series_of(fields: DocumentFields) -> tuple[frozenset[tuple[str, ...]], str]:
    """Return what a document has in common with the reports before and after it: the keys of its companies and its kind."""
    # A company tells of its first quarters, or its half, in a report, and of its last one in a release.
    kind = "report" if fields.kind == "earnings release" else root_kind(fields.kind)
    return _companies_of(fields), kind


def _companies_of(fields: DocumentFields) -> frozenset[tuple[str, ...]]:
    return frozenset(key for one in fields.company.split(";") if (key := company_key(one)))


def comes_again(fields: DocumentFields) -> bool:
    """Whether a document is one of a series by its fields: a report of a period, or one of a company's invoices, not any letter."""
    is_report = is_periodic(fields.kind) or fields.period_value is not None
    return is_report or bool(fields.company and fields.kind)


class KnownLibrary:
    """The documents that can be found and have any fields, with what is looked up for every question."""

    def __init__(
        self,
        documents: Iterable[KnownDocument],
        names: Callable[[], Iterable[DocumentNames]] = tuple,
    ) -> None:
        """`names` returns how all documents that can be found are called, also those without fields; it is asked once."""
        self.documents = [document for document in documents if document.fields]
        self._names = names
        self.kinds = {document.fields.kind for document in self.documents if document.fields.kind}
        self.companies = CompanyIndex(
            {(d.fields.company, d.fields.aliases) for d in self.documents if d.fields.company}
        )

    @cached_property
    def series(self) -> SeriesIndex:
        """The documents that follow each other by their names."""
        days = {one.document_id: one.day for one in self.documents if one.day is not None}
        return SeriesIndex(self._all_names, days)

    @cached_property
    def _all_names(self) -> list[DocumentNames]:
        return list(self._names())

    def names_of(self, documents: Iterable[KnownDocument]) -> list[DocumentNames]:
        """Return how some of the documents are called."""
        ids = {one.document_id for one in documents}
        return [one for one in self._all_names if one.document_id in ids]

    @cached_property
    def in_series(self) -> list[KnownDocument]:
        """The documents, those without a company with what their names share."""
        likes = self.series.of_each()
        return [
            replace(one, likes=likes.get(one.document_id, ())) if not one.companies else one
            for one in self.documents
        ]

    @cached_property
    def forms(self) -> list[list[str]]:
        """The ids of documents that are made of one form: of a kind, of the same companies, and of no period that would tell them
        apart; some of each.
        """
        alike: dict[object, list[str]] = {}
        for one in self.documents:
            if one.fields.kind and one.companies and one.period is None:
                alike.setdefault((one.companies, one.fields.kind), []).append(one.document_id)
        return [ids for ids in alike.values() if len(ids) >= _FEWEST_OF_A_FORM]

    @cached_property
    def newness(self) -> dict[str, float]:
        """How new each document is among those that come again for each period, by its id: 1 for the newest of its series,
        then 1/2, 1/3 and so on. Nothing of what has no date, or no like.
        """
        series: dict[object, list[KnownDocument]] = {}
        for document in self.documents:
            if document.day is not None and comes_again(document.fields):
                series.setdefault(document.series, []).append(document)
        found: dict[str, float] = {}
        for likes in series.values():
            days = sorted({one.day for one in likes if one.day is not None}, reverse=True)
            if len(days) > 1:
                found.update((one.document_id, 1 / (1 + days.index(one.day))) for one in likes if one.day)
        return found
