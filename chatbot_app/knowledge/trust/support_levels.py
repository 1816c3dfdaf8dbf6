"""How much of a statement a sentence must say to bear it out, by the facts of it that the sentence holds."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.knowledge.trust.facts import Fact

# The share of a statement's rare words that a source sentence, with what stands above it, must hold: where the sentence holds
# no number or name of the statement, one at least (and all), or more than one number.
SUPPORT_BY_FACTS = (0.4, 0.3, 0.15)
SUPPORT_BY_MEASURE = 0.15  # where that one is an amount with its unit
DOUBTFUL_SUPPORT = 0.2  # enough where the vectors agree
AGREEING_COSINE = 0.5
SAME_COSINE = 0.65  # enough alone: that a paraphrase shares few words says little


def least_share(hard: Sequence[Fact]) -> float:
    """Return the share that is enough where a sentence holds all these facts, none of which may be written otherwise."""
    firm = max(min(len(hard), 1), sum(fact.value is not None for fact in hard))
    least = SUPPORT_BY_FACTS[min(firm, len(SUPPORT_BY_FACTS) - 1)]
    if any(fact.value is not None and fact.value.dimension for fact in hard):
        return min(least, SUPPORT_BY_MEASURE)
    return least


def is_near_enough(share: float, cosine: float, *, is_row: bool) -> bool:
    """Whether a sentence with a share below that is near enough in meaning; a row is near to all said of its table."""
    return (cosine >= SAME_COSINE and not is_row) or (share >= DOUBTFUL_SUPPORT and cosine >= AGREEING_COSINE)
