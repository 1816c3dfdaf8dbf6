"""The words of a question as they stand in texts: by their stem, or by their beginning where the index knows no stems.

The index stems English (Porter). In other languages the forms of a word, and the compounds that it begins, have the
beginning in common that Snowball leaves: "Verteidigung" meets "Verteidiger" and "Verteidigungslinie" as "verteidig…".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from chatbot_app.knowledge.words.neighbouring_words import Pair, neighbours
from chatbot_app.knowledge.words.question_language import small_words
from chatbot_app.knowledge.words.wanted_stems import WantedStems
from chatbot_app.knowledge.words.words import SNOWBALL_ALGORITHMS, is_unspaced, snowball, stem

SHORTEST_BEGINNING = 4  # characters: a shorter one begins too much that is something else
_MOST_LOST = 2  # characters of a stem that are not as the word has them (fréquence: fréquent)
# Of a word that is too short for its beginning to tell; in other languages any two letters.
_ENDING = {"de": "(?:e[mnrs]?|s|n)?"}
_COMPOUNDING = frozenset(("de", "nl", "sv"))
SHORTEST_INSIDE = 6  # characters of a beginning that counts inside a compound as well

# As SQLite's tokenizer reads Latin letters with marks; one character stays one.
_PLAIN = str.maketrans("äöüàáâãåèéêëìíîïòóôõùúûñçÿý", "aouaaaaaeeeeiiiioooouuuncyy")


@lru_cache(maxsize=50_000)
def beginning_of(word: str, language: str) -> str | None:
    """Return with what all forms of a lower-case word begin, None where it is looked up as it is."""
    algorithm = SNOWBALL_ALGORITHMS.get(language)
    if algorithm is None or not word.isalpha() or is_unspaced(word):
        return None
    plain = word.translate(_PLAIN)
    spelt = plain.replace("ß", "ss").replace("ё", "е")
    stemmed = snowball(algorithm, word).translate(_PLAIN)
    common = _shared(spelt, stemmed)
    if len(common) < len(stemmed) - _MOST_LOST:
        return None
    common = _shared(common, snowball("porter", spelt))  # what Porter cuts off is not in the index
    beginning = plain[: len(plain) - (len(spelt) - len(common))]
    return beginning if len(beginning) >= SHORTEST_BEGINNING else None


def spellings(beginning: str, language: str) -> list[str]:
    """Return a beginning with the spellings that the index may have: a German question is folded to "strasse"."""
    return (
        [beginning, beginning.replace("ss", "ß")] if language == "de" and "ss" in beginning else [beginning]
    )


def _shared(first: str, second: str) -> str:
    """Return what two words begin with in common."""
    for place, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return first[:place]
    return min(first, second, key=len)


class WordForms:
    """Finds the words of one question in texts.

    `weights` are its words, lower case, with their weights; `self.weights` the same by stem or beginning.
    """

    def __init__(self, weights: Mapping[str, float], language: str = "") -> None:
        self.words = tuple(weights)
        self._small_words = small_words(language)
        self.weights: dict[str, float] = {}
        self._pattern: re.Pattern[str] | None = None
        self._keys: list[str] = []
        if language not in SNOWBALL_ALGORITHMS:
            for word, weight in weights.items():
                self.weights[stem(word)] = weight
            self._stems = WantedStems(self.weights)
            return
        found: dict[str, str] = {}
        for word, weight in weights.items():
            beginning = beginning_of(word, language)
            key = beginning or word
            self.weights[key] = max(weight, self.weights.get(key, 0.0))
            if is_unspaced(word):
                continue
            start = "|".join(map(re.escape, spellings(key.translate(_PLAIN), language)))
            if beginning is None:
                ending = _ENDING.get(language, r"[^\W\d_]{0,2}") if word.isalpha() else ""
                found[key] = rf"(?<![^\W_])(?:{start}){ending}(?![^\W_])"
            elif language in _COMPOUNDING and len(beginning) >= SHORTEST_INSIDE:
                found[key] = start
            else:
                found[key] = rf"(?<![^\W_])(?:{start})"
        self._stems = WantedStems(self.weights)
        self._keys = sorted(found, key=lambda key: -len(key))
        if found:
            self._pattern = re.compile("|".join(f"({found[key]})" for key in self._keys))

    def at(self, text: str) -> list[tuple[int, str]]:
        """Return (offset, key of `weights`) of what `text` has of the question, in order."""
        if self._pattern is None:
            return self._stems.at(text)
        plain = text.lower()
        plain = (plain if len(plain) == len(text) else text).translate(_PLAIN)
        found = [
            (match.start(), self._keys[(match.lastindex or 1) - 1]) for match in self._pattern.finditer(plain)
        ]
        if any(is_unspaced(key) for key in self.weights):
            found = sorted(found + [item for item in self._stems.at(text) if is_unspaced(item[1])])
        return found

    def inside(self, text: str) -> set[str]:
        """Return what `text` has of the question, each once."""
        return {key for _at, key in self.at(text)}

    def neighbours(self, text: str, found: Sequence[tuple[int, str]] | None = None) -> set[Pair]:
        """Return which words of the question stand beside each other in `text`; `found` is what `at` returned of it."""
        return neighbours(self.at(text) if found is None else found, text, self._small_words)
