"""How certain it is that quotes answer their question, beyond that they are not refused."""

from __future__ import annotations

import math

from chatbot_app.knowledge.trust.quotes.quote_weights import MEASURED_PASSAGES

# How far the logarithm of the odds must lie above that of the threshold. In libraries as large as the articles of half 1 it doubts
# 5.6 of 100 quotes for what is answered, 47.7 of those on which the library is silent, and 24.4 where what was asked for was cut out of
# its article (half 2: 5.5, 27.3 and 25.0; `bench_answers refusal`). In the smallest it would doubt right ones as often as others, and
# doubts none.
UNCERTAIN = 0.8


def is_certain(confidence: float, threshold: float, passages: int | None) -> bool:
    """Whether a `confidence`, 0 to 1, lies far enough above the `threshold` of refusal in a library of so many passages.

    None: however many there are, as of questions in another language than the documents.
    """
    weight = 1.0 if passages is None else 1 - fewness(passages)
    return log_odds(confidence) >= log_odds(threshold) + UNCERTAIN * weight


def fewness(passages: int) -> float:
    """Return 1 for the smallest libraries that were measured, 0 for the largest, by the logarithm of their size."""
    few, many = (math.log10(size) for size in MEASURED_PASSAGES)
    return (many - min(max(few, math.log10(max(passages, 1))), many)) / (many - few)


def log_odds(probability: float) -> float:
    """Return the logarithm of the odds of a probability, within some twenty of 0."""
    return math.log(max(probability, 1e-9) / max(1 - probability, 1e-9))
