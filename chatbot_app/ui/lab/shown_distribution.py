"""A distribution as the page shows it: rows, and sentences on what reshapes it. Made off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from chatbot_app.lab.next_token import SHOWN
from chatbot_app.lab.next_token_jobs import Place
from chatbot_app.lab.sampling import Cut, Sampling
from chatbot_app.ui.lab.token_bars import TokenBar


@dataclass(frozen=True, slots=True)
class ShownDistribution:
    """`entropy` and `reshaped_entropy` are in nats; `cut` says of each filter how many tokens it left out and how likely
    they were together."""

    bars: tuple[TokenBar, ...]
    entropy: float
    reshaped_entropy: float
    cut: dict[Cut, tuple[int, float]]
    rest: float
    is_exact: bool
    lacks_scores: bool = False  # a repeat penalty divides log-probabilities, for the scores are not known


def shown_distribution(place: Place, sampling: Sampling) -> ShownDistribution:
    """Return what is shown of a place with these settings."""
    distribution = place.distribution
    before = np.exp(distribution.logprobs)
    reshaped = distribution.reshaped(sampling, place.path.tokens)
    if (
        sampling == Sampling()
    ):  # what a server sends sums to 1 but for its rounding: nothing has become another number
        reshaped = replace(reshaped, probabilities=before)
    cut: dict[Cut, tuple[int, float]] = {}
    for name in Cut:
        left_out = reshaped.cut == name
        if name is not Cut.KEPT and left_out.any():
            cut[name] = int(left_out.sum()), float(before[left_out].sum())
    bars = tuple(
        TokenBar(
            row,
            distribution.tokens[row],
            float(before[row]),
            float(reshaped.probabilities[row]),
            Cut(int(reshaped.cut[row])),
        )
        for row in range(min(SHOWN, len(before)))
    )
    lacks_scores = sampling.repeat_penalty != 1 and distribution.offset is None
    return ShownDistribution(
        bars, distribution.entropy, reshaped.entropy, cut, distribution.rest, reshaped.is_exact, lacks_scores
    )
