"""Where the words of a question stand in texts, in any of their forms."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from chatbot_app.knowledge.words.irregular_forms import BASE_OF
from chatbot_app.knowledge.words.words import SPACED, UNSPACED, is_unspaced, pairs_of, pieces_of, stem

# So many letters of a stem, but never its last, are those of every word that has it: what Snowball writes anew is an
# ending ("cri" is of "cries" and "crying").
_BEGINNING = 3
_LAST_LATIN = "\u024f"  # other scripts are stemmed by other rules: the Russian one writes "е" for "ё"
_DIE = re.compile(r"[a-z]ie")  # of "dying": the one ending that takes the second letter along
_LOOKED_FOR = 24  # beginnings: of more, it is quicker to look at all words of a text

_ASCII = frozenset(map(chr, range(128)))


class WantedStems:
    """Finds the words and pairs whose stem is wanted, in one text after the other; not for several threads.

    Which words are wanted is kept: texts that one question finds have most of their words in common.
    """

    def __init__(self, wanted: Collection[str]) -> None:
        self._wanted = wanted
        self._irregular = [form for form, base in BASE_OF.items() if stem(base) in wanted]
        # No stem begins with another letter than its word; of irregular words the base does.
        begin = {root[:1] for root in wanted} | {form[:1] for form in self._irregular}
        self._passed_over = _ASCII - begin - {letter.upper() for letter in begin}
        self._beginnings = self._beginnings_of_words()
        self._seen: set[str] = set()
        self._roots: dict[str, str] = {}  # of the words among them that are wanted
        self._pairs: dict[str, list[tuple[int, str]]] = {}

    @property
    def looks_for_beginnings(self) -> bool:
        """Whether words are looked for by what they begin with; else each word of a text is looked at."""
        return self._beginnings is not None

    def at(self, text: str) -> list[tuple[int, str]]:
        """Return (offset, stem) of the words and pairs of `text` whose stem is wanted, in order."""
        if self._beginnings is not None:
            folded = text.casefold()
            if len(folded) == len(text):  # else they stand elsewhere: "ß" becomes "ss"
                return self._begun(text, folded, self._beginnings)
        return self._among_all(text)

    def _beginnings_of_words(self) -> list[str] | None:
        """Return with what every wanted word begins, lower case; None where that says too little."""
        beginnings = {form[:_BEGINNING] for form in self._irregular}
        for root in self._wanted:
            if not root or root[0] > _LAST_LATIN:
                return None
            beginnings.add(root[: min(_BEGINNING, max(1, len(root) - 1))] if root.isalpha() else root)
            if _DIE.fullmatch(root):
                beginnings.add(f"{root[0]}y")
        shortest: list[str] = []
        for beginning in sorted(beginnings):
            if not shortest or not beginning.startswith(shortest[-1]):
                shortest.append(beginning)
        return shortest if len(shortest) <= _LOOKED_FOR else None

    def _begun(self, text: str, folded: str, beginnings: Collection[str]) -> list[tuple[int, str]]:
        found: list[tuple[int, str]] = []
        for beginning in beginnings:
            at = folded.find(beginning)
            while at >= 0:
                word = None if at and SPACED.match(text, at - 1) else SPACED.match(text, at)
                if word is None:
                    at = folded.find(beginning, at + 1)
                    continue
                piece = word.group()
                if piece not in self._seen:
                    self._seen.add(piece)
                    self._look_at(piece)
                root = self._roots.get(piece)
                if root is not None:
                    found.append((at, root))
                at = folded.find(beginning, word.end())
        found.sort()
        return found

    def _among_all(self, text: str) -> list[tuple[int, str]]:
        # Each word once, then where it stands: most words of a text are not wanted.
        pieces = {piece for piece in pieces_of(text) if piece[0] not in self._passed_over}
        for piece in pieces - self._seen:
            self._look_at(piece)
        self._seen |= pieces
        found: list[tuple[int, str]] = []
        for piece in pieces & self._roots.keys():
            root = self._roots[piece]
            found += [(at, root) for at in _places(text, piece, SPACED)]
        for piece in pieces & self._pairs.keys():
            pairs = self._pairs[piece]
            found += [(at + n, pair) for at in _places(text, piece, UNSPACED) for n, pair in pairs]
        found.sort()
        return found

    def _look_at(self, piece: str) -> None:
        if is_unspaced(piece):
            pairs = [(n, pair) for n, pair in enumerate(pairs_of(piece)) if pair in self._wanted]
            if pairs:
                self._pairs[piece] = pairs
        elif (root := _root(piece)) in self._wanted:
            self._roots[piece] = root


def _places(text: str, piece: str, of_word: re.Pattern[str]) -> Iterator[int]:
    """Yield where a piece stands by itself, not within a longer one; `of_word` matches the characters of its kind."""
    at = text.find(piece)
    while at >= 0:
        end = at + len(piece)
        if not (at and of_word.match(text, at - 1)) and not of_word.match(text, end):
            yield at
        at = text.find(piece, end)


@lru_cache(maxsize=200_000)
def _root(piece: str) -> str:
    return stem(piece.casefold())
