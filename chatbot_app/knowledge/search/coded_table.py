"""Vectors in short form, searched bit by bit: all of them by one or two bits a number, the best of these by ever more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chatbot_app.core.largest import Rows, at_least_nth, largest
from chatbot_app.knowledge.search.fast_scan import FastScan, works_with
from chatbot_app.knowledge.search.hamming_distances import Words
from chatbot_app.knowledge.search.nearest import Ids, Nearest, Vectors, is_of
from chatbot_app.knowledge.search.vector_codes import (
    PLANES,
    QuantisedQuery,
    Sums,
    bit_planes,
    coded,
    cosines,
    words_of,
)
from chatbot_app.storage.vector_blocks import CodedRows, VectorRows

# How many are looked at by one more bit, by one more again, and by all: times the root of the rows. Vectors without any
# structure are the hardest; of the ten nearest of a million of them .993 are found, of 100,000 .998 (`bench_scale.py`).
LOOKED_AT = (30.0, 10.0, 3.0)
LOOKED_AT_LEAST = (2000, 1000, 500)
# Up to here two bits a number are held beside the planes (192 bytes a row of 768) and looked at first: half the work, with
# more found. A million of them would take more memory than is meant for all.
SCANNED_ROWS = 400_000
_SCANNED_MORE = 4  # times what is wanted, where some of the rows do not count
# Of the best by all their bits: compared by their vectors, and so many more, for bits may swap two. The cosines of those
# below are off by .0012 (standard deviation, 768 numbers).
_EXACTLY, _SPARE = 20, 12
SEGMENT_ROWS = 8192  # whose signs lie in the cache of a core
_LOOKED_AT_ONCE = 2048  # rows
_REMEMBERED = 2  # choices of documents: all of them, and some


class _Segment:
    """Some rows of a coded table, with room for more."""

    def __init__(self, dimension: int) -> None:
        self.count = 0
        self.ids: Ids = np.empty(SEGMENT_ROWS, np.int64)
        self.passages: Ids = np.empty(SEGMENT_ROWS, np.int64)
        self.documents: Ids = np.empty(SEGMENT_ROWS, np.int64)
        self.scales: Vectors = np.empty(SEGMENT_ROWS, np.float32)
        words = words_of(dimension)
        # Signs first. Each plane by itself: the ones that are looked at more often stay in the processor's cache.
        self.planes = np.zeros((PLANES, SEGMENT_ROWS, words), np.uint64)

    def append(self, rows: CodedRows) -> None:
        places = slice(self.count, self.count + len(rows.ids))
        self.ids[places], self.passages[places], self.documents[places] = (
            rows.ids,
            rows.passages,
            rows.documents,
        )
        self.scales[places] = rows.scales
        self.planes[:, places] = bit_planes(rows.codes)
        self.count = places.stop


class _Counted(NamedTuple):
    """Which rows are of some documents, None where all are; `total` of the first `looked_at`."""

    documents: Ids
    looked_at: int
    rows: npt.NDArray[np.bool_] | None
    total: int


class CodedTable:
    """Codes and their signs, in segments that stay where they are."""

    def __init__(self, expected: int) -> None:
        """`expected` is how many rows will be added at once."""
        self.count = 0
        self._scan: FastScan | None = None  # all rows, or nothing
        self._is_scanned = expected <= SCANNED_ROWS
        self.last = -1  # id of the last vector
        self.dimension = 0
        self._segments: list[_Segment] = []
        self._counted: tuple[_Counted, ...] = ()  # of the latest searches

    @property
    def nbytes(self) -> int:
        """What the table takes in memory, in bytes."""
        arrays = ("ids", "passages", "documents", "scales", "planes")
        planes = sum(getattr(segment, name).nbytes for segment in self._segments for name in arrays)
        return int(planes) + (self._scan.nbytes if self._scan is not None else 0)

    def append(self, rows: VectorRows | CodedRows) -> None:
        """Add vectors, in ascending order of their ids; searches find them from then on."""
        if isinstance(rows, VectorRows):
            rows = coded(rows)
        self.dimension = rows.codes.shape[1]
        self._add_to_scan(rows)
        while len(rows.ids):
            if not self._segments or self._segments[-1].count == SEGMENT_ROWS:
                self._segments.append(_Segment(self.dimension))
            segment = self._segments[-1]
            room = SEGMENT_ROWS - segment.count
            part, rows = _split(rows, room)
            segment.append(part)
            self.last = int(part.ids[-1])
            self.count += len(part.ids)  # last: now they are found

    def settle(self) -> None:
        """Do what the next search would do first, after rows were added."""
        if self._scan is not None:
            self._scan.settle()

    def _add_to_scan(self, rows: CodedRows) -> None:
        self._is_scanned &= self.count + len(rows.ids) <= SCANNED_ROWS and works_with(self.dimension)
        if not self._is_scanned:
            self._scan = None
            return
        if self._scan is None:
            self._scan = FastScan(self.dimension)
        self._scan.append(rows.codes, rows.scales)

    def nearest(self, query: Vectors, limit: int, documents: Ids | None) -> Nearest:
        """Return the rows nearest to a unit vector, float32, shape (dimension,), best first: `limit` and a few more.

        Their cosines are those of the codes, off by .0012; the ids of vectors are named that are to be compared exactly.
        `documents` are the numbers, ascending, of those that are searched; None for all.
        """
        rows = self._rows_to_compare(query, self.count, documents)
        signed = QuantisedQuery.fine(query)
        scores = np.empty(len(rows), np.float32)
        for part in _portions(len(rows)):
            chosen = rows[part]
            scores[part] = cosines(signed, self._planes(chosen), self._some("scales", chosen))
        best = largest(scores, limit + _SPARE)
        vectors = self._taken("ids", rows[best[: min(limit, _EXACTLY) + _SPARE]])
        return Nearest(self._taken("passages", rows[best]), scores[best], vectors)

    def count_of(self, documents: Ids) -> int:
        """Return how many rows are of documents with these numbers, which ascend."""
        return self._counted_of(self.count, documents).total

    def _rows_to_compare(self, query: Vectors, count: int, documents: Ids | None) -> Rows:
        """Return the rows that are near by their upper bits, ascending."""
        counted, total = None, count
        if documents is not None:
            known = self._counted_of(count, documents)
            counted, total = known.rows, known.total
        looked_at = [
            max(least, int(share * total**0.5))
            for share, least in zip(LOOKED_AT, LOOKED_AT_LEAST, strict=True)
        ]
        if total <= 2 * looked_at[0]:
            return np.arange(count) if counted is None else np.flatnonzero(counted)
        if (scanned := self._scanned(query, count, counted, looked_at[-1])) is not None:
            return scanned
        return self._by_signs(query, count, counted, looked_at)

    def _scanned(
        self, query: Vectors, count: int, counted: npt.NDArray[np.bool_] | None, wanted: int
    ) -> Rows | None:
        """Return `wanted` rows of the first `count` that are near by two bits a number, ascending; None where that is not known.

        Where most of what is near does not count, it is not.
        """
        scan = self._scan
        if scan is None:
            return None
        rows = scan.nearest(query, wanted if counted is None else _SCANNED_MORE * wanted)
        rows = rows[rows < count]  # others were added meanwhile
        if counted is not None:
            rows = rows[counted[rows]]
            return rows if len(rows) >= wanted else None
        return rows

    def _by_signs(
        self, query: Vectors, count: int, counted: npt.NDArray[np.bool_] | None, looked_at: list[int]
    ) -> Rows:
        """Return the rows that are near by their signs and the two planes below, ascending."""
        rough = QuantisedQuery.rough(query)
        # The shorter numbers are, the sooner they are in order.
        kind = np.int16 if rough.greatest <= np.iinfo(np.int16).max else np.int32
        estimates: npt.NDArray[np.signedinteger[Any]] = np.empty(count, kind)
        for segment, start, stop in self._parts(count):
            estimates[start:stop] = rough.added_up(segment.planes[0, : stop - start])
        if counted is not None:
            estimates[~counted] = np.iinfo(kind).min
        rows = at_least_nth(estimates, looked_at[0])
        sums, scales = estimates[rows].astype(np.int32), self._some("scales", rows)
        for plane, wanted in enumerate(looked_at[1:], start=1):
            scores = self._looked_at(rough, rows, sums, scales, plane)
            best = at_least_nth(scores, wanted)
            rows, sums, scales = rows[best], sums[best], scales[best]
        return rows

    def _looked_at(
        self, query: QuantisedQuery, rows: Rows, sums: Sums, scales: Vectors, plane: int
    ) -> Vectors:
        """Return how near some rows are by one more plane, which is added to `sums`, those of the planes above it."""
        for part in _portions(len(rows)):
            sums[part] = 2 * sums[part] + query.added_up(self._plane(rows[part], plane))
        scores: Vectors = sums * scales
        return scores

    def _counted_of(self, count: int, documents: Ids) -> _Counted:
        """Return which of the first `count` rows are of some documents; known where the same array is asked for again."""
        for known in self._counted:
            if known.documents is documents and known.looked_at == count:
                return known
        parts = [is_of(part.documents[: stop - start], documents) for part, start, stop in self._parts(count)]
        rows = np.concatenate(parts) if parts else np.empty(0, np.bool_)
        total = int(np.count_nonzero(rows))
        fresh = _Counted(documents, count, None if total == count else rows, total)
        self._counted = (fresh, *self._counted[: _REMEMBERED - 1])
        return fresh

    def _parts(self, count: int) -> Iterator[tuple[_Segment, int, int]]:
        """Yield (segment, number of its first row, number after its last row)."""
        for number, start in enumerate(range(0, count, SEGMENT_ROWS)):
            yield self._segments[number], start, min(start + SEGMENT_ROWS, count)

    def _by_segment(self, rows: Rows) -> Iterator[tuple[_Segment, slice, Rows]]:
        """Yield (segment, which of `rows` lie in it, their places there); `rows` ascend."""
        if not len(rows):
            return
        first, last = int(rows[0]) // SEGMENT_ROWS, int(rows[-1]) // SEGMENT_ROWS
        edges = np.searchsorted(rows, np.arange(first, last + 2) * SEGMENT_ROWS).tolist()
        for number, (low, high) in enumerate(pairwise(edges), start=first):
            if low < high:
                yield self._segments[number], slice(low, high), rows[low:high] - number * SEGMENT_ROWS

    def _plane(self, rows: Rows, plane: int) -> Words:
        """Return the bits of some rows, which ascend, in a plane; shape (rows, words)."""
        found = np.empty((len(rows), words_of(self.dimension)), np.uint64)
        for segment, inside, places in self._by_segment(rows):
            # Clipped: numpy else writes into a copy of `out` first, in case that a row is not there.
            segment.planes[plane].take(places, axis=0, out=found[inside], mode="clip")
        return found

    def _planes(self, rows: Rows) -> Words:
        """Return all bits of some rows, which ascend; shape (PLANES, rows, words)."""
        return np.stack([self._plane(rows, plane) for plane in range(PLANES)])

    def _some(self, name: str, rows: Rows) -> Any:
        """Return what an array of the segments holds of some rows, which ascend."""
        parts = [getattr(segment, name).take(places) for segment, _, places in self._by_segment(rows)]
        return np.concatenate(parts) if parts else np.empty(0, np.float32)

    def _taken(self, name: str, rows: Rows) -> Ids:
        segments = self._segments
        return np.array(
            [getattr(segments[row // SEGMENT_ROWS], name)[row % SEGMENT_ROWS] for row in rows.tolist()],
            np.int64,
        )


def _portions(count: int) -> list[slice]:
    return [slice(start, start + _LOOKED_AT_ONCE) for start in range(0, count, _LOOKED_AT_ONCE)]


def _split(rows: CodedRows, count: int) -> tuple[CodedRows, CodedRows]:
    parts = (slice(None, count), slice(count, None))
    first, second = (
        CodedRows(
            rows.ids[part], rows.passages[part], rows.documents[part], rows.scales[part], rows.codes[part]
        )
        for part in parts
    )
    return first, second
