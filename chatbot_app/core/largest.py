"""Where the largest of many numbers stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.number[Any]]
Rows = npt.NDArray[np.intp]

_SAMPLED_EVERY = 16  # of the scores of a library: so many fewer are ordered
_SAMPLED_MORE = 1.3  # times what is wanted: a sample of hundreds is rarely further off


def largest(scores: Scores, limit: int) -> Rows:
    """Return the positions of the `limit` largest scores, largest first."""
    if limit < len(scores):
        best = np.argpartition(scores, -limit)[-limit:]
    else:
        best = np.arange(len(scores))
    return best[np.argsort(-scores[best].astype(np.float64), kind="stable")]


def at_least_nth(scores: Scores, number: int) -> Rows:
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
