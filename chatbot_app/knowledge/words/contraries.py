"""Words that are against each other also in another form: what failed was not successful, though the antonym of that is unsuccessful."""

from __future__ import annotations

from functools import lru_cache

from chatbot_app.knowledge.words.opposites import opposites_of
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.words import stem

_MANY_THINGS = frozenset(map(stem, "begin start end finish starter beginner ending lose loss win".split()))
_SHARED_START = 4  # letters that a word has in common with what is derived from it


@lru_cache(maxsize=4096)
def contraries_of(stemmed: str) -> frozenset[str]:
    """Return the stems of a word's opposites, of the opposites of what is derived from it, and of what is derived from these."""
    if stemmed in _MANY_THINGS:
        return opposites_of(stemmed)
    against = set().union(*(opposites_of(word) for word in _family(stemmed)))
    against |= {word for opposite in tuple(against) for word in _family(opposite)}
    return frozenset(against - related_to(stemmed) - {stemmed})


def _family(stemmed: str) -> frozenset[str]:
    start = stemmed[:_SHARED_START]
    same = (word for word in related_to(stemmed) if len(start) == _SHARED_START and word.startswith(start))
    return frozenset((stemmed, *same))
