"""The softmax, in the one form that does not overflow."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(scores: NDArray[Any]) -> NDArray[Any]:
    """Return floating-point scores as shares that sum to 1 along the last axis; −∞ becomes 0. Writes over `scores`.

    One score of each row must be finite.
    """
    scores -= scores.max(axis=-1, keepdims=True)  # the largest becomes exp(0): nothing overflows
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores
