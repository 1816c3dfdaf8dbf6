"""What counting alone foretells: an n-gram model with interpolated Kneser–Ney smoothing, the baseline of a text.

Kneser & Ney 1995; interpolated, with one discount for each order: Chen & Goodman 1999, "An Empirical Study of Smoothing
Techniques for Language Modeling".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from chatbot_app.lab.small.operations import Array, Ids

ORDER = 5


@dataclass(frozen=True, slots=True)
class _Order:
    """Counts of the k-grams of one order, as sorted numbers in base V: the last token is the last digit."""

    grams: Ids
    counts: Ids
    contexts: Ids  # each gram without its last token, once
    totals: Ids  # counts of all grams of a context
    kinds: Ids  # how many different tokens follow it
    discount: float


class NGramModel:
    """Foretells a token from the `order` − 1 before it."""

    def __init__(self, ids: Ids, vocabulary: int, order: int = ORDER) -> None:
        """Count `ids` (T,). Raises ValueError where a gram is no 64-bit number: vocabulary^order is at most 2^63."""
        if order * math.log2(max(2, vocabulary)) >= 63:
            raise ValueError("a vocabulary of this size is too large to be counted")
        self._vocabulary = vocabulary
        grams, counts = np.unique(_codes(ids, vocabulary, order), return_counts=True)
        self._orders = [_order(grams, counts, vocabulary)]
        for length in range(order - 1, 0, -1):
            # A shorter gram counts once for each different token before it, not once for each time that it occurs.
            grams, counts = np.unique(grams % vocabulary**length, return_counts=True)
            self._orders.insert(0, _order(grams, counts, vocabulary))

    def losses(self, ids: Ids) -> Array:
        """Return −log of the probability of each token of `ids` (T,) that has enough before it: (T − order + 1,)."""
        longest = _codes(ids, self._vocabulary, len(self._orders))
        probability = np.full(len(longest), 1 / self._vocabulary)
        for length, order in enumerate(self._orders, 1):
            grams = longest % self._vocabulary**length
            places, is_known = _places(order.contexts, grams // self._vocabulary)
            total, kinds = order.totals[places], order.kinds[places]
            gram_places, is_counted = _places(order.grams, grams)
            count = np.where(is_counted, order.counts[gram_places], 0)
            direct = np.maximum(count - order.discount, 0) / total
            mixed = direct + order.discount * kinds / total * probability
            probability = np.where(is_known, mixed, probability)
        losses: Array = -np.log(probability)
        return losses


def _order(grams: Ids, counts: Ids, vocabulary: int) -> _Order:
    once, twice = int((counts == 1).sum()), int((counts == 2).sum())
    contexts, starts, kinds = np.unique(grams // vocabulary, return_index=True, return_counts=True)
    discount = once / (once + 2 * twice) if once else 0.0
    return _Order(grams, counts, contexts, np.add.reduceat(counts, starts), kinds, discount)


def _codes(ids: Ids, vocabulary: int, length: int) -> Ids:
    codes = np.zeros(max(0, len(ids) - length + 1), np.int64)
    for place in range(length):
        codes = codes * vocabulary + ids[place : place + len(codes)]
    return codes


def _places(ordered: Ids, wanted: Ids) -> tuple[Ids, Array]:
    """Return where each of `wanted` stands in `ordered`, and whether it does."""
    places = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return places, ordered[places] == wanted
