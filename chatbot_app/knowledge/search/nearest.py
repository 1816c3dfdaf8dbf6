"""What lies nearest to a question, and which rows of a table of vectors count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]

_LARGEST_NUMBER = 1 << 24  # of documents, up to which a table is kept of which of them count


@dataclass(frozen=True, slots=True)
class Nearest:
    """What lies nearest: passages by id with their cosines, best first.

    `vectors` are the ids of the vectors of the first of them, whose cosines are those of short forms and worth to be
    made exact; of the others they are good enough to say how far off they are (mostly within .002).
    """

    passages: Ids
    cosines: Vectors
    vectors: Ids


NOTHING_NEAR = Nearest(np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.int64))


def is_of(numbers: Ids, documents: Ids) -> npt.NDArray[np.bool_]:
    """Return whether each of `numbers` is one of `documents`, which ascend: shape (len(numbers),)."""
    if not len(documents) or not len(numbers):
        return np.zeros(len(numbers), np.bool_)
    highest = max(int(documents[-1]), int(numbers.max()))
    if int(numbers.min()) < 0 or int(documents[0]) < 0 or highest > _LARGEST_NUMBER:
        return np.isin(numbers, documents)
    table = np.zeros(highest + 1, np.bool_)
    table[documents] = True
    return table[numbers]
