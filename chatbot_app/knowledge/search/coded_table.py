"""Vectors in short form, searched in two looks: all of them by their signs, the best of these by their bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.search.nearest import Ids, Nearest, Rows, Vectors, at_least_nth, is_of, largest
from chatbot_app.knowledge.search.vector_codes import SignedQuery, coded, counted_bits, near, packed_signs
from chatbot_app.storage.vector_blocks import CodedRows, VectorRows

# Vectors without any structure are the hardest: of the ten nearest of a million, 99.0 % lie within the best 20,000 by
# their signs (`bench_scale.py`).
_COMPARED = 25.0  # times the root of the rows: compared by their codes
_COMPARED_LEAST = 2000
# Of the best by their codes: compared by their vectors, and so many more, for codes may swap two. The cosines of those
# below are right within .001.
_EXACTLY, _SPARE = 40, 20
_SEGMENT_ROWS = 8192  # whose signs lie in the cache of a core
# From so many on, two threads look through them: of fewer, words take as long on the other one.
_SHARED_SEGMENTS = 24
_REMEMBERED = 2  # choices of documents: all of them, and some

_Part = TypeVar("_Part")


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


class CodedTable:
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

        def compare(part: tuple[_Segment, slice, Rows]) -> None:
            segment, inside, places = part
            scores[inside] = near(segment.codes, segment.scales, places, query)

        _shared(compare, list(self._by_segment(rows)))
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

        def estimate(part: tuple[_Segment, int, int]) -> None:
            segment, start, stop = part
            estimates[start:stop] = signed.estimates(segment.signs, segment.set_bits)[: stop - start]

        _shared(estimate, list(self._parts(count)))
        if counted is not None:
            estimates[~counted] = np.iinfo(np.int16).min
        return at_least_nth(estimates, wanted)

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


def _shared(work: Callable[[_Part], None], parts: Sequence[_Part]) -> None:
    """Do `work` on each part: where there are many on two threads, for numpy lets go of the interpreter."""
    left = iter(parts)

    def take() -> None:
        for part in left:
            work(part)

    if len(parts) < _SHARED_SEGMENTS:
        take()
        return
    with ThreadPoolExecutor(1, "vector-search") as pool:
        other = pool.submit(take)
        take()
        other.result()


def _split(rows: CodedRows, count: int) -> tuple[CodedRows, CodedRows]:
    parts = (slice(None, count), slice(count, None))
    first, second = (
        CodedRows(
            rows.ids[part], rows.passages[part], rows.documents[part], rows.scales[part], rows.codes[part]
        )
        for part in parts
    )
    return first, second
