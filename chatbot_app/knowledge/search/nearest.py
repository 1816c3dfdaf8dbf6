"""What lies nearest to a question, and which rows of a table of vectors count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]

_LARGEST_NUMBER = 1 << 24  # of documents, up to which a table is kept of which of them count
_SAMPLED_EVERY = 16  # of the scores of a library: so many fewer are ordered
_SAMPLED_MORE = 1.3  # times what is wanted: a sample of hundreds is rarely further off


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


def at_least_nth(scores: npt.NDArray[np.integer[Any]], number: int) -> Rows:
    """Return the positions, ascending, of all scores that are not below the `number`-th largest of them.

    A sample says which are worth to be put in order. Where it was wrong, all are.
    """
    sample = scores[::_SAMPLED_EVERY]
    likely = int(_SAMPLED_MORE * number / _SAMPLED_EVERY)
    if 0 < likely < len(sample):
        lowest = np.partition(sample, len(sample) - likely)[len(sample) - likely]
        rows: Rows = np.flatnonzero(scores >= lowest)
        if len(rows) >= number:
            best = scores[rows]
            found: Rows = rows[best >= np.partition(best, len(best) - number)[len(best) - number]]
            return found
    return np.flatnonzero(scores >= np.partition(scores, len(scores) - number)[len(scores) - number])
