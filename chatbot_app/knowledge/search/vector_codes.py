"""Vectors in short form: a byte a number as it is stored, of which a library holds the upper six bits, each by itself.

The upper bit of all numbers, their signs, says roughly how near a vector is to a query that is not made short itself: the
sum of the query's numbers where the bit is set, less those where it is not (RaBitQ, Gao & Long 2024, without its
rotation). With the query in three bits a number that is told by in how many bits the row differs from each of three
(`hamming_distances.py`). Each of the next bits says it more exactly, and is looked at for those alone that are near by the
bits above it. The best by all six are then compared by the vectors themselves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.search.hamming_distances import Words, hamming_distances
from chatbot_app.storage.vector_blocks import CodedRows, VectorRows

Vectors = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int8]
Sums = npt.NDArray[np.int32]

PLANES = 6  # bits of a code that are held: one more would be a sixth more memory, and cosines half as far off
ROUGH_BITS, FINE_BITS = 3, 7  # of a number of the query
_LOWEST = 1 << (8 - PLANES)  # what the lowest bit that is held counts in a code


def quantised(vectors: Vectors) -> tuple[Codes, Vectors]:
    """Return (codes, scales), int8 of shape (rows, dimension) and float32 of shape (rows,): codes · scale ≈ vector."""
    scales = np.abs(vectors).max(axis=1) / 127
    divisors = np.where(scales > 0, scales, 1)[:, None]
    return np.rint(vectors / divisors).astype(np.int8), scales.astype(np.float32)


def coded(rows: VectorRows) -> CodedRows:
    """Return rows in short form."""
    codes, scales = quantised(rows.vectors)
    return CodedRows(rows.ids, rows.passages, rows.documents, scales, codes)


def words_of(dimension: int) -> int:
    """Return how many words of 64 bits hold a bit of each number."""
    return -(-dimension // 64)


def bit_planes(codes: Codes) -> Words:
    """Return the upper bits of codes, signs first: shape (PLANES, rows, words), a bit for each of 64 numbers in a word."""
    # From the lowest code, 0, to the highest, 255.
    levels = codes.view(np.uint8) ^ np.uint8(128)
    return np.stack([_packed(levels & np.uint8(128 >> plane)) for plane in range(PLANES)])


def _packed(bits: npt.NDArray[np.uint8]) -> Words:
    """Return which numbers are not 0 as bits, shape (rows, words)."""
    packed = np.packbits(bits, axis=1)
    missing = -packed.shape[1] % 8
    if missing:
        packed = np.pad(packed, ((0, 0), (0, missing)))
    return np.ascontiguousarray(packed).view(np.uint64)


class QuantisedQuery:
    """A query in few bits a number, which is compared with bits of vectors.

    A level `l` of `top + 1` stands for `(2 l − top) · unit`.
    """

    def __init__(self, query: Vectors, bits: int, outermost: float) -> None:
        """`outermost` is what the highest level stands for."""
        self.top = (1 << bits) - 1
        self.unit = (outermost or 1.0) / self.top
        levels = np.clip(np.rint((query / self.unit + self.top) / 2), 0, self.top).astype(np.uint8)
        self.sum = 2 * int(levels.sum(dtype=np.int64)) - self.top * len(query)  # of all numbers, in units
        self.greatest = self.top * len(query)  # sum that any row can have, in units
        self._bits = np.concatenate([_packed(levels[None, :] & np.uint8(1 << bit)) for bit in range(bits)])
        self._counting = -2.0 * (1 << np.arange(bits))  # what a bit counts in which a row differs

    @classmethod
    def rough(cls, query: Vectors) -> QuantisedQuery:
        """Return a query for a first look."""
        # The outermost of eight levels that lose the least of numbers which are spread like Gauss's (Max 1960).
        return cls(query, ROUGH_BITS, 2.05 * float(np.sqrt(np.mean(query * query))))

    @classmethod
    def fine(cls, query: Vectors) -> QuantisedQuery:
        """Return a query that is nearly the one it is made of."""
        return cls(query, FINE_BITS, float(np.abs(query).max()))

    def added_up(self, words: Words) -> Sums:
        """Return for each row the sum of the query's numbers where its bit is set, less those where it is not, in units.

        `words` has the shape (..., words), the result that without the last axis.
        """
        rows = words.reshape(-1, words.shape[-1])
        # Bits that are the same count for a row, those that differ against it, each as its place in the level.
        sums = self._counting @ hamming_distances(self._bits, rows) + self.greatest
        return sums.astype(np.int32).reshape(words.shape[:-1])


def cosines(query: QuantisedQuery, planes: Words, scales: Vectors) -> Vectors:
    """Return the cosines of rows with a unit vector, by all their planes, of shape (PLANES, rows, words)."""
    sums = np.zeros(len(scales), np.int32)
    for of_plane in query.added_up(planes):
        sums = 2 * sums + of_plane
    # The lowest bit that is held stands for half of what it counts, up or down, and codes are whole numbers.
    near: Vectors = (
        (sums * np.float32(_LOWEST / 2) - np.float32(query.sum / 2)) * scales * np.float32(query.unit)
    )
    return near
