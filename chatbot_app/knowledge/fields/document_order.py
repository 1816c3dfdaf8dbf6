"""The order of documents in time: by their day, and within their series."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chatbot_app.knowledge.fields.known_documents import KnownDocument


def by_day(document: KnownDocument) -> tuple[date, int, str]:
    """Return what documents are sorted by, oldest first: their day, their fiscal year, and always in the same order."""
    return document.day or date.min, document.period.year if document.period else 0, document.document_id


def by_series(documents: Sequence[KnownDocument]) -> dict[object, list[KnownDocument]]:
    """Return documents by series, newest first."""
    grouped: dict[object, list[KnownDocument]] = {}
    for document in sorted(documents, key=by_day, reverse=True):
        grouped.setdefault(document.series, []).append(document)
    return grouped


def nth_of_series(documents: Sequence[KnownDocument], place: int) -> list[KnownDocument]:
    """Return the newest (0), second newest (1) or oldest (-1) day's documents of each series."""
    found: list[KnownDocument] = []
    for series in by_series(documents).values():
        days = list(dict.fromkeys(document.day for document in series))
        if place < len(days):
            found += [document for document in series if document.day == days[place]]
    return found


def before(primary: Sequence[KnownDocument], dated: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return the document before each of the primary ones in its series."""
    grouped = by_series(dated)
    found: list[KnownDocument] = []
    for document in primary:
        earlier = [
            d for d in grouped.get(document.series, []) if (d.day or date.min) < (document.day or date.min)
        ]
        found += earlier[:1]
    return found


def year_before(primary: Sequence[KnownDocument], dated: Sequence[KnownDocument]) -> list[KnownDocument]:
    """Return the documents about the same part of the year before, each once: by their periods, by the months of their
    days where one of the two has no period."""
    by_period: dict[object, list[int]] = {}
    by_month: dict[object, list[int]] = {}
    for place, document in enumerate(dated):
        day, period = document.day or date.min, document.period
        by_month.setdefault((document.series, day.year, day.month), []).append(place)
        if period is not None:
            by_period.setdefault((document.series, period.year, period.part), []).append(place)
    found: dict[int, None] = {}  # places, in order
    for series, period, day in dict.fromkeys(
        (one.series, one.period, one.day or date.min) for one in primary
    ):
        of_month = by_month.get((series, day.year - 1, day.month), [])
        if period is None:
            found.update(dict.fromkeys(of_month))
            continue
        without_period = (place for place in of_month if dated[place].period is None)
        of_period = by_period.get((series, period.year - 1, period.part), [])
        found.update(dict.fromkeys(sorted((*of_period, *without_period))))
    return [dated[place] for place in found]


def of_last_year(dated: Sequence[KnownDocument], years_back: int) -> list[KnownDocument]:
    """Return the documents of the year so many before the newest one's; all where there are none."""
    newest = max(dated, key=by_day)
    found = [d for d in dated if year_of(d) == year_of(newest) - years_back]
    return found or list(dated)


def year_of(document: KnownDocument) -> int:
    """Return the (fiscal) year that a document is about, or that of its day; 1 where it has neither."""
    return document.period.year if document.period is not None else (document.day or date.min).year
