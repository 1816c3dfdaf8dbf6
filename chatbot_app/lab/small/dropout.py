"""Dropout: while a model trains, a random share of channels is 0, so that none is relied on."""

from __future__ import annotations

import numpy as np

from chatbot_app.lab.small.operations import Array


class Dropout:
    """Srivastava et al. 2014; what stays is scaled up, so that nothing changes when it is left out later."""

    def __init__(self, share: float, random: np.random.Generator) -> None:
        self._share = share
        self._random = random

    def __call__(self, x: Array) -> Array:
        """Return x (…) with `share` of its numbers set to 0."""
        kept = self._random.random(x.shape, dtype=np.float32) >= self._share
        return x * (kept / np.float32(1 - self._share)).astype(x.dtype)
