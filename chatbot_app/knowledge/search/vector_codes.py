"""Vectors in short form: a byte a number as it is stored, of which a library holds the upper six bits, each by itself.

The upper bit of all numbers, their signs, says roughly how near a vector is to a query that is not made short itself: the
sum of the query's numbers where the bit is set, less those where it is not (RaBitQ, Gao & Long 2024, without its
rotation). With the query in three bits a number that is three ANDs and counts of bits for 64 numbers at once. Each of the
next bits says it more exactly, and is looked at for those alone that are near by the bits above it. The best by all six are
then compared by the vectors themselves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from chatbot_app.storage.vector_blocks import CodedRows, VectorRows

Vectors = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int8]
Words = npt.NDArray[np.uint64]
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


def counted_bits(words: Words) -> npt.NDArray[np.int16]:
    """Return how many bits of each row are set; `words` has the shape (words, rows), or (planes, words, rows)."""
    counts: npt.NDArray[np.int16] = np.add.reduce(np.bitwise_count(words), axis=-2, dtype=np.int16)
    return counts


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
        self._bits = [_packed(levels[None, :] & np.uint8(1 << bit))[0][:, None] for bit in range(bits)]

    @classmethod
    def rough(cls, query: Vectors) -> QuantisedQuery:
        """Return a query for a first look."""
        # The outermost of eight levels that lose the least of numbers which are spread like Gauss's (Max 1960).
        return cls(query, ROUGH_BITS, 2.05 * float(np.sqrt(np.mean(query * query))))

    @classmethod
    def fine(cls, query: Vectors) -> QuantisedQuery:
        """Return a query that is nearly the one it is made of."""
        return cls(query, FINE_BITS, float(np.abs(query).max()))

    def added_up(self, words: Words, set_bits: npt.NDArray[np.int16], sums: npt.DTypeLike = np.int32) -> Sums:
        """Return for each row the sum of the query's numbers where its bit is set, less those where it is not, in units.

        `words` has the shape (words, rows), or (planes, words, rows); `set_bits` are the `counted_bits`; `sums` is the type
        of what is returned.
        Quickest where `words` lie in one piece.
        """
        both = np.empty_like(words)
        counts = np.empty(words.shape, np.uint8)
        # Twice what is set in both, a level `l` counting (2 l - top), less the sum of all numbers.
        total = np.multiply(set_bits, -2 * self.top, dtype=sums)
        total -= self.sum
        for place, plane in enumerate(self._bits, start=2):
            np.bitwise_and(words, plane, out=both)
            np.bitwise_count(both, out=counts)
            total += np.left_shift(np.add.reduce(counts, axis=-2, dtype=np.int16), place, dtype=sums)
        found: Sums = total
        return found


def cosines(query: QuantisedQuery, planes: Words, scales: Vectors) -> Vectors:
    """Return the cosines of rows with a unit vector, by all their planes, of shape (PLANES, words, rows)."""
    sums = np.zeros(len(scales), np.int32)
    for of_plane in query.added_up(planes, counted_bits(planes)):
        sums = 2 * sums + of_plane
    # The lowest bit that is held stands for half of what it counts, up or down, and codes are whole numbers.
    near: Vectors = (
        (sums * np.float32(_LOWEST / 2) - np.float32(query.sum / 2)) * scales * np.float32(query.unit)
    )
    return near
