"""How much of a statement a sentence must say to bear it out, by the facts of it that the sentence holds."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.knowledge.sentences.facts import Fact

# The share of a statement's rare words that a source sentence, with what stands above it, must hold: where the sentence holds
# no number or name of the statement, one at least (and all), or more than one number.
SUPPORT_BY_FACTS = (0.4, 0.3, 0.15)
SUPPORT_BY_MEASURE = 0.15  # where that one is an amount with its unit
# Of the rest of a statement, from which a sentence that has another number or name contradicts it; below, it is not supported.
SAME_SUBJECT = 0.6
COSINE_WEIGHT = 0.8  # of how near the vectors are, beside the share of the words of the two sentences that say most of them
NEAR_ENOUGH = 0.7  # of both together, enough alone: that a paraphrase shares few words says little


def least_share(hard: Sequence[Fact]) -> float:
    """Return the share that is enough where a sentence holds all these facts, none of which may be written otherwise."""
    firm = max(min(len(hard), 1), sum(fact.value is not None for fact in hard))
    least = SUPPORT_BY_FACTS[min(firm, len(SUPPORT_BY_FACTS) - 1)]
    if any(fact.value is not None and fact.value.dimension for fact in hard):
        return min(least, SUPPORT_BY_MEASURE)
    return least


def is_near_enough(share_of_two: float, cosine: float) -> bool:
    """Whether sentences that share fewer words with a statement are near enough in meaning."""
    return share_of_two + COSINE_WEIGHT * cosine >= NEAR_ENOUGH
