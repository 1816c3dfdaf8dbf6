"""In how many bits rows differ, counted outside the interpreter where SimSIMD is there.

That counts with what the processor has for it (AVX-512, AVX2, NEON) in a third of the time of numpy, which takes its place
where it is missing. It holds the interpreter meanwhile (6.5: two threads take as long as one), and threads of its own
(`threads=2`) have to be woken for each call, which takes what they win.
https://github.com/ashvardanian/SimSIMD
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

try:
    import simsimd
except ImportError:  # there is no wheel for this platform
    simsimd = None  # type: ignore[assignment]  # a module's name that stands for none

Words = npt.NDArray[np.uint64]
Distances = npt.NDArray[np.floating[Any]]  # whole numbers, as exact as integers up to millions of bits


def hamming_distances(queries: Words, rows: Words) -> Distances:
    """Return in how many bits each query differs from each row, shape (queries, rows).

    `queries` has the shape (queries, words), `rows` (rows, words).
    """
    if simsimd is None or not len(rows):
        return counted_by_numpy(queries, rows)
    # Its argument `out` is not for use: each call that has one loses a reference to None (6.5).
    return np.asarray(
        simsimd.cdist(queries.view(np.uint8), rows.view(np.uint8), metric="hamming", dtype="bin8")
    )


def counted_by_numpy(queries: Words, rows: Words) -> Distances:
    """Return the same without SimSIMD."""
    # A product adds up the counts of a row's few words in half the time of a sum over them.
    ones = np.ones(rows.shape[1], np.float32)
    return np.stack([np.bitwise_count(rows ^ query).astype(np.float32) @ ones for query in queries])
