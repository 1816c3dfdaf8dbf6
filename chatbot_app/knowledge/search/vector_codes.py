"""Vectors in short form: a byte a number, and of that a bit a number, by which a whole library is looked through.

The bits alone say roughly how near a vector is to a query that is not made short itself: the sum of the query's numbers
where the bit is set, less those where it is not (RaBitQ, Gao & Long 2024, without its rotation). With the query in three
bits a number that is three ANDs and counts of bits for 64 numbers at once. The best by their bits are then compared by
their bytes, and the best of these by the vectors themselves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from chatbot_app.storage.vector_blocks import CodedRows, VectorRows

Vectors = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int8]
Signs = npt.NDArray[np.uint64]

QUERY_BITS = 3
_LEVELS = (1 << QUERY_BITS) - 1
_COMPARED_AT_ONCE = 256  # rows: what lies in the cache of a core


def quantised(vectors: Vectors) -> tuple[Codes, Vectors]:
    """Return (codes, scales), int8 of shape (rows, dimension) and float32 of shape (rows,): codes · scale ≈ vector."""
    scales = np.abs(vectors).max(axis=1) / 127
    divisors = np.where(scales > 0, scales, 1)[:, None]
    return np.rint(vectors / divisors).astype(np.int8), scales.astype(np.float32)


def coded(rows: VectorRows) -> CodedRows:
    """Return rows in short form."""
    codes, scales = quantised(rows.vectors)
    return CodedRows(rows.ids, rows.passages, rows.documents, scales, codes)


def packed_signs(codes: Codes) -> Signs:
    """Return the signs of codes as bits, shape (dimension / 64 rounded up, rows): a column of words for 64 numbers."""
    bits = np.packbits(codes > 0, axis=1)
    missing = -bits.shape[1] % 8
    if missing:
        bits = np.pad(bits, ((0, 0), (0, missing)))
    return np.ascontiguousarray(np.ascontiguousarray(bits).view(np.uint64).T)


def counted_bits(signs: Signs) -> npt.NDArray[np.int16]:
    """Return how many bits of each row are set."""
    counts: npt.NDArray[np.int16] = np.bitwise_count(signs).sum(axis=0, dtype=np.int16)
    return counts


class SignedQuery:
    """A query that is compared with the signs of vectors."""

    def __init__(self, query: Vectors) -> None:
        # The outermost of eight levels that lose the least of numbers which are spread like Gauss's (Max 1960).
        outermost = 2.05 * float(np.sqrt(np.mean(query * query))) or 1.0
        levels = np.clip(np.rint((query / outermost + 1) * (_LEVELS / 2)), 0, _LEVELS).astype(np.int8)
        bits = [packed_signs((levels[None, :] >> plane) & 1)[:, 0] for plane in range(QUERY_BITS)]
        self._planes = [plane[:, None] for plane in bits]

    def estimates(self, signs: Signs, set_bits: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
        """Return how near each row is: the greater the nearer, in no unit.

        `set_bits` are the `counted_bits`. Quickest where `signs` lie in one piece and in the cache of a core.
        """
        both = np.empty_like(signs)
        counts = np.empty(signs.shape, np.uint8)
        # A level stands for (level − half of the highest) · 2: what is set in both, less the row's share of it.
        total = set_bits * np.int16(-_LEVELS)
        for place, plane in enumerate(self._planes):
            np.bitwise_and(signs, plane, out=both)
            np.bitwise_count(both, out=counts)
            total += np.add.reduce(counts, axis=0, dtype=np.int16) << np.int16(place + 1)
        return total


def near(codes: Codes, scales: Vectors, rows: npt.NDArray[np.intp], query: Vectors) -> Vectors:
    """Return the cosines of some rows with a unit vector, as their codes give them."""
    found = np.empty(len(rows), np.float32)
    some = np.empty((_COMPARED_AT_ONCE, codes.shape[1]), np.int8)
    numbers = np.empty(some.shape, np.float32)
    for start in range(0, len(rows), _COMPARED_AT_ONCE):
        part = rows[start : start + _COMPARED_AT_ONCE]
        count = len(part)
        # Clipped: numpy else writes into a copy of `out` first, in case that a row is not there.
        codes.take(part, axis=0, out=some[:count], mode="clip")
        np.copyto(numbers[:count], some[:count])
        # Row by row: a product of the matrix is shared out to threads that wait for each other by spinning.
        np.vecdot(numbers[:count], query, out=found[start : start + count])
    return found * scales[rows]
