"""A first look at many vectors by two bits of each number, outside the interpreter: FAISS's fast scan.

Two numbers of a vector are one of sixteen points, and what each point counts for a query is looked up in the processor's
registers for 32 rows at once (André, Kermarrec & Le Scouarnec 2015, "Cache locality is not enough"; Douze et al. 2024, "The
Faiss library"). The points are those that lose the least of numbers which are spread like Gauss's (Max 1960), so that
nothing is learned of a library, and none has to be learned again when it grows.
https://github.com/facebookresearch/faiss
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.core.largest import Rows

try:
    import faiss
except ImportError:  # there is no wheel for this platform
    faiss = None  # type: ignore[assignment]  # a module's name that stands for none

Codes = npt.NDArray[np.int8]
Vectors = npt.NDArray[np.float32]
Packed = npt.NDArray[np.uint8]

_LEVELS = (-1.5104, -0.4528, 0.4528, 1.5104)  # that stand for numbers of variance one
_INNER = 0.9816  # where the inner levels end and the outer ones begin
_IN_A_BYTE = 4  # numbers
_MOST_NUMBERS = 4096  # of a vector: what two of more count is rounded too roughly, for FAISS adds up 16 bits


class FastScan:
    """Rows of unit vectors in two bits a number. Safe from several threads; one of them looks or adds at a time."""

    def __init__(self, dimension: int) -> None:
        """Raises ValueError where `works_with(dimension)` says no."""
        if not works_with(dimension):
            raise ValueError(f"FAISS is missing, or cannot look at vectors of {dimension} numbers")
        self._dimension = dimension
        self._lock = threading.Lock()
        self._index = self._indexed(np.empty((0, dimension // _IN_A_BYTE), np.uint8))
        self._added: list[Packed] = []  # not in the index yet
        self._count = 0

    @property
    def nbytes(self) -> int:
        """What the rows take in memory, in bytes."""
        return self._count * self._dimension // _IN_A_BYTE

    def append(self, codes: Codes, scales: Vectors) -> None:
        """Add rows: `codes` of shape (rows, dimension) times `scales` of shape (rows,) are the vectors."""
        packed = _packed(codes, scales)
        with self._lock:
            self._added.append(packed)
            self._count += len(packed)

    def settle(self) -> None:
        """Take into the index what was added: a microsecond a row, which the next look else takes longer."""
        with self._lock:
            self._settle()

    def nearest(self, query: Vectors, number: int) -> Rows:
        """Return the places of some `number` rows that are near to a unit vector of shape (dimension,), ascending."""
        with self._lock:
            self._settle()
            if not self._count:
                return np.empty(0, np.intp)
            _, found = self._index.search(query[None], min(number, self._count))
        places: Rows = np.sort(found[0])
        return places

    def _settle(self) -> None:
        if not self._added:
            return
        fresh = self._indexed(np.concatenate(self._added))
        self._added.clear()
        if self._index.ntotal:
            self._index.merge_from(fresh, 0)  # three times as long a row as a new index
        else:
            self._index = fresh

    def _indexed(self, packed: Packed) -> Any:
        """Return an index of rows."""
        # Of its own making it would encode each row by comparing it with all points: sixty times as long.
        plain = faiss.IndexPQ(self._dimension, self._dimension // 2, 4, faiss.METRIC_INNER_PRODUCT)
        levels = np.array(_LEVELS, np.float32) / np.float32(np.sqrt(self._dimension))
        points = np.array([(levels[code & 3], levels[code >> 2]) for code in range(16)], np.float32)
        faiss.copy_array_to_vector(np.tile(points, (self._dimension // 2, 1)).ravel(), plain.pq.centroids)
        plain.is_trained = True
        faiss.copy_array_to_vector(packed.ravel(), plain.codes)
        plain.ntotal = len(packed)
        of_plain: Any = faiss.IndexPQFastScan  # the form that takes an index is missing in its stubs (1.15)
        return of_plain(plain)


def works_with(dimension: int) -> bool:
    """Return whether vectors of so many numbers can be looked at."""
    return faiss is not None and dimension % _IN_A_BYTE == 0 and dimension <= _MOST_NUMBERS


def _packed(codes: Codes, scales: Vectors) -> Packed:
    """Return two bits of each number, the first of four in the lowest ones; shape (rows, dimension / 4)."""
    ends = np.full(len(scales), 127, np.float32)
    np.divide(_INNER / np.sqrt(codes.shape[1]), scales, out=ends, where=scales > 0)
    inner = np.minimum(ends, 127).astype(np.int8)[:, None]
    levels = (codes >= -inner).astype(np.uint8)
    levels += codes >= 0
    levels += codes > inner
    packed = levels[:, 0::4].copy()
    for place in range(1, _IN_A_BYTE):
        packed |= levels[:, place::4] << np.uint8(2 * place)
    return packed
