"""The vectors of one embedding model as they are searched: exactly where they are few, in two looks where they are many."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.search.vector_codes import SignedQuery, coded, counted_bits, near, packed_signs
from chatbot_app.storage.vector_blocks import CodedRows, VectorRows, VectorStore

Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]

EXACT_ROWS = 20_000  # up to here one product over all vectors, 30 MB of them; above, their signs first
# Vectors without any structure are the hardest: of the ten nearest of a million, 99.0 % lie within the best 20,000 by
# their signs (`bench_scale.py`).
_COMPARED = 25.0  # times the root of the rows: compared by their codes
_COMPARED_LEAST = 2000
_EXACTLY, _SPARE = (
    100,
    50,
)  # of the best by their codes: compared by their vectors, and so many more, for codes may swap
_SEGMENT_ROWS = 8192  # whose signs lie in the cache of a core
_REMEMBERED = 2  # choices of documents: all of them, and some
_LARGEST_NUMBER = 1 << 24  # of documents, up to which a table is kept of which of them count


@dataclass(frozen=True, slots=True)
class Nearest:
    """What lies nearest: passages by id with their cosines, best first.

    `vectors` are the ids of the vectors of the first of them, whose cosines are those of short forms and worth to be
    made exact; of the others they are good enough to say how far off they are (within .001).
    """

    passages: Ids
    cosines: Vectors
    vectors: Ids


_NOTHING = Nearest(np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.int64))


class VectorMatrix:
    """The vectors of one embedding model, in memory. Safe from several threads.

    Searches go on while rows are added, over what was there when they began.
    """

    def __init__(self, store: VectorStore, stamp: str) -> None:
        self._store = store
        self.stamp = stamp
        self._growing = threading.Lock()
        self._table: _ExactTable | _CodedTable = _ExactTable()

    def __len__(self) -> int:
        return self._table.count

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._table.nbytes

    def refresh(self) -> int:
        """Append what was stored since the last time; return the number of rows.

        While another thread does so, and there are rows, those are searched meanwhile.
        """
        if not self._growing.acquire(blocking=not self._table.count):
            return self._table.count
        try:
            table = self._table
            if self._store.newest() < table.last:
                table = _ExactTable()  # a backup was restored
            fresh = self._store.count(self.stamp, table.last)
            if fresh and table.count + fresh > EXACT_ROWS:
                if isinstance(table, _ExactTable):
                    table = _CodedTable()
                for part in self._store.short_rows(self.stamp, table.last):
                    table.append(part)
            elif fresh:
                for rows in self._store.rows(self.stamp, table.last):
                    table.append(rows)
            self._table = table
            return table.count
        finally:
            self._growing.release()

    def search(self, query: Vectors, limit: int, documents: Ids | None = None) -> list[tuple[int, float]]:
        """Return (passage id, cosine) of the nearest passages, best first.

        `query` is a unit vector of shape (dimension,); `documents`, ascending, are the numbers of those that count.
        """
        return self.exact(self.nearest(query, limit, documents), query, limit)

    def nearest(self, query: Vectors, limit: int, documents: Ids | None = None) -> Nearest:
        """Return what `exact` makes the result of a search of; reads nothing from the store."""
        table = self._table
        if (
            not table.count or not limit or table.dimension != len(query)
        ):  # another one: what says it was damaged
            return _NOTHING
        return table.nearest(query, limit, documents)

    def exact(self, found: Nearest, query: Vectors, limit: int) -> list[tuple[int, float]]:
        """Return (passage id, cosine) of the nearest `limit` passages of what was found, best first."""
        passages, cosines = found.passages, found.cosines
        count = len(found.vectors)
        if count:
            order = np.argsort(found.vectors)
            ids, vectors = self._store.exact(found.vectors[order].tolist(), len(query))
            still_there = order[np.isin(found.vectors[order], ids)]
            passages = np.concatenate([passages[still_there], passages[count:]])
            cosines = np.concatenate([vectors @ query, cosines[count:]])
        best = largest(cosines, limit)
        return list(zip(passages[best].tolist(), cosines[best].tolist(), strict=True))

    def count_of(self, documents: Ids) -> int:
        """Return how many rows are of passages of some documents, by their numbers."""
        return self._table.count_of(documents)


class _ExactTable:
    """All vectors in one array."""

    def __init__(self) -> None:
        self.count = 0
        self.last = -1  # id of the last vector
        self._passages: Ids = np.empty(0, np.int64)
        self._documents: Ids = np.empty(0, np.int64)
        self._vectors: Vectors = np.empty((0, 0), np.float32)

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    @property
    def nbytes(self) -> int:
        return self._vectors.nbytes + self._passages.nbytes + self._documents.nbytes

    def append(self, rows: VectorRows) -> None:
        stop = self.count + len(rows.ids)
        if stop > len(self._passages):
            # New arrays: a search that is under way keeps the old ones.
            capacity = min(EXACT_ROWS, max(stop, 2 * self.count)) if stop <= EXACT_ROWS else stop
            self._passages = _grown(self._passages, capacity)
            self._documents = _grown(self._documents, capacity)
            vectors = np.empty((capacity, rows.vectors.shape[1]), np.float32)
            if self.count:
                vectors[: self.count] = self._vectors[: self.count]
            self._vectors = vectors
        self._passages[self.count : stop] = rows.passages
        self._documents[self.count : stop] = rows.documents
        self._vectors[self.count : stop] = rows.vectors
        self.last = int(rows.ids[-1])
        self.count = stop  # last: now they are found

    def nearest(self, query: Vectors, limit: int, documents: Ids | None) -> Nearest:
        count = self.count
        passages, cosines = self._passages[:count], self._vectors[:count] @ query
        if documents is not None:
            counted = np.flatnonzero(_is_of(self._documents[:count], documents))
            passages, cosines = passages[counted], cosines[counted]
        best = largest(cosines, limit)
        return Nearest(passages[best], cosines[best], _NOTHING.vectors)

    def count_of(self, documents: Ids) -> int:
        return int(np.count_nonzero(_is_of(self._documents[: self.count], documents)))


class _Segment:
    """Some rows of a coded table, with room for more."""

    def __init__(self, dimension: int) -> None:
        self.count = 0
        self.ids: Ids = np.empty(_SEGMENT_ROWS, np.int64)
        self.passages: Ids = np.empty(_SEGMENT_ROWS, np.int64)
        self.documents: Ids = np.empty(_SEGMENT_ROWS, np.int64)
        self.scales: Vectors = np.empty(_SEGMENT_ROWS, np.float32)
        self.codes = np.empty((_SEGMENT_ROWS, dimension), np.int8)
        self.signs = np.zeros((-(-dimension // 64), _SEGMENT_ROWS), np.uint64)
        self.set_bits = np.zeros(_SEGMENT_ROWS, np.int16)

    def append(self, rows: CodedRows) -> None:
        places = slice(self.count, self.count + len(rows.ids))
        self.ids[places], self.passages[places], self.documents[places] = (
            rows.ids,
            rows.passages,
            rows.documents,
        )
        self.scales[places], self.codes[places] = rows.scales, rows.codes
        self.signs[:, places] = packed_signs(rows.codes)
        self.set_bits[places] = counted_bits(self.signs[:, places])
        self.count = places.stop


class _Counted(NamedTuple):
    """Which rows are of some documents, None where all are; `total` of the first `looked_at`."""

    documents: Ids
    looked_at: int
    rows: npt.NDArray[np.bool_] | None
    total: int


class _CodedTable:
    """Codes and their signs, in segments that stay where they are."""

    def __init__(self) -> None:
        self.count = 0
        self.last = -1  # id of the last vector
        self._segments: list[_Segment] = []
        self._counted: tuple[_Counted, ...] = ()  # of the latest searches

    @property
    def dimension(self) -> int:
        return int(self._segments[0].codes.shape[1]) if self._segments else 0

    @property
    def nbytes(self) -> int:
        arrays = ("ids", "passages", "documents", "scales", "codes", "signs", "set_bits")
        return sum(getattr(segment, name).nbytes for segment in self._segments for name in arrays)

    def append(self, rows: VectorRows | CodedRows) -> None:
        if isinstance(rows, VectorRows):
            rows = coded(rows)
        while len(rows.ids):
            if not self._segments or self._segments[-1].count == _SEGMENT_ROWS:
                self._segments.append(_Segment(rows.codes.shape[1]))
            segment = self._segments[-1]
            room = _SEGMENT_ROWS - segment.count
            part, rows = _split(rows, room)
            segment.append(part)
            self.last = int(part.ids[-1])
            self.count += len(part.ids)  # last: now they are found

    def nearest(self, query: Vectors, limit: int, documents: Ids | None) -> Nearest:
        count = self.count
        rows = self._rows_to_compare(query, count, documents)
        scores = np.empty(len(rows), np.float32)
        for segment, inside, places in self._by_segment(rows):
            scores[inside] = near(segment.codes, segment.scales, places, query)
        best = largest(scores, limit + _SPARE)
        vectors = self._taken("ids", rows[best[: min(limit, _EXACTLY) + _SPARE]])
        return Nearest(self._taken("passages", rows[best]), scores[best], vectors)

    def count_of(self, documents: Ids) -> int:
        return self._counted_of(self.count, documents).total

    def _rows_to_compare(self, query: Vectors, count: int, documents: Ids | None) -> Rows:
        """Return the rows that are near by their signs, ascending."""
        counted, total = None, count
        if documents is not None:
            known = self._counted_of(count, documents)
            counted, total = known.rows, known.total
        wanted = max(_COMPARED_LEAST, int(_COMPARED * total**0.5))
        if total <= 2 * wanted:
            return np.arange(count) if counted is None else np.flatnonzero(counted)
        estimates = np.empty(count, np.int16)
        signed = SignedQuery(query)
        for segment, start, stop in self._parts(count):
            estimates[start:stop] = signed.estimates(segment.signs, segment.set_bits)[: stop - start]
        if counted is not None:
            estimates[~counted] = np.iinfo(np.int16).min
        threshold = np.partition(estimates, count - wanted)[count - wanted]
        return np.flatnonzero(estimates >= threshold)

    def _counted_of(self, count: int, documents: Ids) -> _Counted:
        """Return which of the first `count` rows are of some documents; known where the same array is asked for again."""
        for known in self._counted:
            if known.documents is documents and known.looked_at == count:
                return known
        parts = [
            _is_of(part.documents[: stop - start], documents) for part, start, stop in self._parts(count)
        ]
        rows = np.concatenate(parts) if parts else np.empty(0, np.bool_)
        total = int(np.count_nonzero(rows))
        fresh = _Counted(documents, count, None if total == count else rows, total)
        self._counted = (fresh, *self._counted[: _REMEMBERED - 1])
        return fresh

    def _parts(self, count: int) -> Iterator[tuple[_Segment, int, int]]:
        """Yield (segment, number of its first row, number after its last row)."""
        for number, start in enumerate(range(0, count, _SEGMENT_ROWS)):
            yield self._segments[number], start, min(start + _SEGMENT_ROWS, count)

    def _by_segment(self, rows: Rows) -> Iterator[tuple[_Segment, slice, Rows]]:
        """Yield (segment, which of `rows` lie in it, their places there); `rows` ascend."""
        edges = np.searchsorted(rows, np.arange(len(self._segments) + 1) * _SEGMENT_ROWS).tolist()
        for number, (low, high) in enumerate(pairwise(edges)):
            if low < high:
                yield self._segments[number], slice(low, high), rows[low:high] - number * _SEGMENT_ROWS

    def _taken(self, name: str, rows: Rows) -> Ids:
        segments = self._segments
        return np.array(
            [getattr(segments[row // _SEGMENT_ROWS], name)[row % _SEGMENT_ROWS] for row in rows.tolist()],
            np.int64,
        )


def _split(rows: CodedRows, count: int) -> tuple[CodedRows, CodedRows]:
    parts = (slice(None, count), slice(count, None))
    first, second = (
        CodedRows(
            rows.ids[part], rows.passages[part], rows.documents[part], rows.scales[part], rows.codes[part]
        )
        for part in parts
    )
    return first, second


def _grown(array: Ids, capacity: int) -> Ids:
    grown = np.empty(capacity, array.dtype)
    grown[: len(array)] = array
    return grown


def _is_of(numbers: Ids, documents: Ids) -> npt.NDArray[np.bool_]:
    """Return whether each of `numbers` is one of `documents`, which ascend."""
    if not len(documents) or not len(numbers):
        return np.zeros(len(numbers), np.bool_)
    highest = max(int(documents[-1]), int(numbers.max()))
    if int(numbers.min()) < 0 or int(documents[0]) < 0 or highest > _LARGEST_NUMBER:
        return np.isin(numbers, documents)
    table = np.zeros(highest + 1, np.bool_)
    table[documents] = True
    return table[numbers]


def largest(scores: npt.NDArray[np.generic], limit: int) -> Rows:
    """Return the positions of the `limit` largest scores, largest first."""
    if limit < len(scores):
        best = np.argpartition(scores, -limit)[-limit:]
    else:
        best = np.arange(len(scores))
    return best[np.argsort(-scores[best].astype(np.float64), kind="stable")]
