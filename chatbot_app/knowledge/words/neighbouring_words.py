"""Words of a question that stand beside each other: in it, and in a text with nothing but small words between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from itertools import pairwise
from math import fsum

from chatbot_app.knowledge.words.words import STOP_WORDS, is_unspaced, pieces_of

Pair = tuple[str, str]

_FARTHEST = 40  # characters from the beginning of one to that of the next: a word and two or three small ones


def neighbours(found: Sequence[tuple[int, str]], text: str, small_words: Collection[str]) -> set[Pair]:
    """Return the neighbours among the words of a question that a text has: `found` is what `WordForms.at` returns of it.

    A sentence or line that ends between two words parts them, and so does any word but English `STOP_WORDS` and
    `small_words`: "power of the engine" has the pair (power, engine). Without spaces nothing may stand between them.
    """
    pairs: set[Pair] = set()
    for (start, one), (end, other) in pairwise(found):
        between = text[start:end] if end - start <= _FARTHEST else "\n"
        if "\n" in between or "." in between:
            continue
        if is_unspaced(one):
            if end - start <= len(one):
                pairs.add((one, other))
            continue
        words = pieces_of(between.casefold())[1:]
        if all(word in STOP_WORDS or word in small_words for word in words):
            pairs.add((one, other))
    return pairs


def share_held(asked: Set[Pair], held: Set[Pair], weights: Mapping[str, float]) -> float:
    """Return the share, 0 to 1, of the neighbours that are asked for which a text has too; `weights` are those of the words."""
    total = fsum(weights[one] + weights[other] for one, other in asked)
    return fsum(weights[one] + weights[other] for one, other in asked & held) / total if total else 0.0
