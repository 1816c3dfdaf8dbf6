"""Chooses the next token of a small model with the sampling of the whole laboratory (`lab/sampling.py`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chatbot_app.lab.sampling import Sampling, counts_of, draw, generator, reshape
from chatbot_app.lab.small.next_token import Choose
from chatbot_app.lab.small.operations import Array


def chooser(sampling: Sampling, seed: int) -> Choose:
    """Return what draws a token from logits (V,); the same seed draws the same tokens again."""

    def choose(logits: Array, before: Sequence[int]) -> int:
        scores = logits.astype(np.float64)
        offset = float(scores.max() + np.log(np.exp(scores - scores.max()).sum()))
        counts = None
        if sampling.penalises:
            counts = counts_of(range(len(scores)), before, sampling.last_tokens)
        reshaped = reshape(scores - offset, sampling, counts, offset=offset)
        return draw(reshaped.probabilities, generator(seed, len(before)))

    return choose
