"""Words that may say the same: synonyms, and what is derived from each other ("acquire" and "acquisition").

From WordNet (Fellbaum 1998, “WordNet: An Electronic Lexical Database”; `resources/words/README.md` says which of it). Such a
word stands for another only where it is counted how much of a statement a sentence says: nothing is contradicted, and no
contradiction taken back, because two words are related.
"""

from __future__ import annotations

from functools import lru_cache

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.words.opposites import opposites_of
from chatbot_app.knowledge.words.words import stem

_NONE: frozenset[str] = frozenset()


def related_to(stemmed: str) -> frozenset[str]:
    """Return the stems of the words that may say the same as the word with a stem."""
    return _table().get(stemmed, _NONE)


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in (resources_dir() / "words" / "related.txt").read_text("utf-8").splitlines():
        first, *others = map(stem, line.split())
        against = opposites_of(first)
        for other in others:
            if other != first and other not in against:
                table.setdefault(first, set()).add(other)
                table.setdefault(other, set()).add(first)
    return {word: frozenset(others) for word, others in table.items()}
