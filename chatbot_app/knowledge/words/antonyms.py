"""The antonyms of English words, by WordNet (Fellbaum 1998, “WordNet: An Electronic Lexical Database”; `resources/words/README.md`)."""

from __future__ import annotations

from functools import lru_cache

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.words.words import stem

_SHORTEST_DENIED = 4  # letters of what "un" may stand before


@lru_cache(maxsize=1)
def antonyms() -> dict[str, frozenset[str]]:
    """Return, for each stem of a word, those of its antonyms in WordNet, whether or not two sentences with both disagree."""
    found: dict[str, set[str]] = {}
    for line in (resources_dir() / "words" / "antonyms.txt").read_text("utf-8").splitlines():
        first, *others = map(stem, line.split())
        for other in others:
            found.setdefault(first, set()).add(other)
            found.setdefault(other, set()).add(first)
    return {word: frozenset(others) for word, others in found.items()}


def is_denying(one: str, other: str) -> bool:
    """Whether one of two words is the other with a prefix that denies it: "unencrypted"."""
    short, long = sorted((one.casefold(), other.casefold()), key=len)
    return len(short) >= _SHORTEST_DENIED and long in (f"un{short}", f"non{short}", f"non-{short}")
