"""Words that the pages of a document break at the end of a line, put together again."""

from __future__ import annotations

import re
from itertools import pairwise

HYPHENS = ("\ufffe", "\x02", "\xad")  # PDFium's marks for a word that goes on in the next line
_MARK = f"[{''.join(HYPHENS)}]"
_BROKEN = re.compile(rf"(?<![^\W\d_])([^\W\d_]*)({_MARK}+)(?=([^\W\d_]*)(.?))")
_PARTS = re.compile(rf"(?<![^\W\d_])(?:[^\W\d_]*{_MARK})+[^\W\d_]*")  # of a word that is broken, once or more
_WHOLE_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# "Miet- und Nebenkosten": what follows such a hyphen is no part of the word.
_AND = re.compile(r"(?:und|oder|bzw|sowie)\b")
_SHORTEST = 4  # letters of a word that may stand behind a hyphen of its own: "er" and "es" are ends as often
_MOST_WORDS = 300_000


class BrokenWords:
    """Decides whether a hyphen at the end of a line is the word's own, by the words that the document says whole.

    PDFium joins what stands before and behind the end of a printed line and leaves a mark between. Of "stock" and
    "based" the hyphen is kept where the document says "stock-based" elsewhere, of "perma" and "nent" it is not.
    """

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._compounds = 0  # that surely had a hyphen
        self._syllables = 0  # that surely had none

    def learn(self, text: str) -> None:
        """Take in the words of a page in PDFium's text."""
        if len(self._words) > _MOST_WORDS:
            return
        words = set(_WHOLE_WORD.findall(text if _has_no_mark(text) else _PARTS.sub(" ", text)))
        self._words |= words
        for word in words:
            if "-" in word:
                parts = word.split("-")
                self._words.update(parts)
                self._words.update(map("-".join, pairwise(parts)))

    def joined(self, line: str) -> str:
        """Return a line of PDFium's text without its marks."""
        return line if _has_no_mark(line) else _BROKEN.sub(self._meant, line)

    def _meant(self, broken: re.Match[str]) -> str:
        """Return what stands before a mark, with a hyphen where it is the word's own."""
        before, marks, after = broken[1], broken[2], broken[3]
        if not before or not (after + broken[4])[:1].isalnum() or "\xad" in marks:
            return before
        if _AND.match(after + broken[4]):
            return f"{before}- "
        return f"{before}-" if self._has_hyphen(before, after) else before

    def _has_hyphen(self, before: str, after: str) -> bool:
        if not after or (after[0].isupper() and after[1:2].islower()) or before.isupper() != after.isupper():
            return True  # "Covid-19", "EU-Kommission", "X-ray", "non-AWS"
        if self._knows(f"{before}-{after}"):
            self._compounds += 1
            return True
        if not (len(after) >= _SHORTEST and after in self._words and self._knows(before)):
            self._syllables += 1
            return False
        return not self._knows(before + after) and self._compounds >= self._syllables

    def _knows(self, word: str) -> bool:
        return word in self._words or word[:1].lower() + word[1:] in self._words


def _has_no_mark(text: str) -> bool:
    return not any(mark in text for mark in HYPHENS)
