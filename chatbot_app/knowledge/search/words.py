"""Words of a text as the keyword index sees them: stems, rare ones first, and pairs of characters where a
script writes no spaces."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterator
from functools import lru_cache

import Stemmer

from chatbot_app.knowledge.search.irregular_forms import BASE_OF

# Thai, Lao, Burmese, Khmer, kana, Bopomofo, Han: SQLite's tokenizer takes a whole run of them as one word.
# Hangul is written with spaces, but particles stick to its words, so that pairs find more there, too.
_UNSPACED_RANGES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\u1100-\u11ff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_FIRST_UNSPACED = "\u0e00"
_UNSPACED = re.compile(f"[{_UNSPACED_RANGES}]+")
_SPACED = re.compile(f"[^\\W_{_UNSPACED_RANGES}]+")
_PIECES = re.compile(f"{_UNSPACED.pattern}|{_SPACED.pattern}")
# Of a text in ASCII the same, in a fifth of the time.
_ASCII_BETWEEN = {code: " " for code in range(128) if not chr(code).isalnum()}
_CUT_OFF = re.compile(r"(?<=\w)['\u2019](?:s|t|d|m|ll|re|ve)\b")

# Words that say how a question is asked rather than what about: English ones, those of the question's own language are
# given beside them. In a large library their frequency would say it, in one of ten pages it does not.
STOP_WORDS = frozenset(
    """a an the of in on at to for from by with and or not is are was were be been being am do does did has
    have had it its this that these those what which who whom whose when where why how as into than then
    there their they he she his her him them we you your i me my our us about can could would should may
    might will shall if so such any some also""".split()
)

# Snowball's algorithms by the last letter of their script; Latin letters are most often English.
_ALGORITHMS = (("\u024f", "english"), ("\u03ff", "greek"), ("\u052f", "russian"))
_STEMMING = threading.Lock()
_SHORTEST_STEM = 3
_ASCII = frozenset(map(chr, range(128)))


def unspaced_share(text: str) -> float:
    """Return the share of characters of `text` in scripts that write no spaces, 0 to 1."""
    return sum(len(run) for run in _UNSPACED.findall(text)) / len(text) if text else 0.0


def pairs_of_characters(text: str) -> str:
    """Return overlapping pairs of the characters in unspaced runs, separated by spaces, for the index.

    A run of one character stands for itself. Empty for a text in a script with spaces.
    """
    return " ".join(pair for run in _UNSPACED.findall(text) for pair in _pairs(run))


def query_terms(text: str, small_words: Collection[str] = frozenset()) -> tuple[list[str], list[str]]:
    """Return (words, pairs) of a query, lower case, each once, in order.

    Stop words, `small_words` and what an apostrophe cuts off ("Vogt's") are left out unless nothing else is there.
    Neither holds anything that FTS5 takes for syntax.
    """
    words: dict[str, None] = {}
    pairs: dict[str, None] = {}
    for piece in _pieces(_CUT_OFF.sub("", text.casefold())):
        if _UNSPACED.match(piece):
            pairs.update(dict.fromkeys(_pairs(piece)))
        else:
            words[piece] = None
    rare = [word for word in words if word not in STOP_WORDS and word not in small_words]
    return rare or ([] if pairs else list(words)), list(pairs)


def _pieces(text: str) -> list[str]:
    """Return the words and unspaced runs of a text, in order."""
    return text.translate(_ASCII_BETWEEN).split() if text.isascii() else _PIECES.findall(text)


def stems(text: str) -> set[str]:
    """Return the stems of the words of `text` and the pairs of its unspaced runs."""
    found: set[str] = set()
    for piece in set(_pieces(text.casefold())):
        if piece[0] < _FIRST_UNSPACED or not _UNSPACED.match(piece):
            found.add(stem(piece))
        else:
            found.update(_pairs(piece))
    return found


class WantedStems:
    """Finds the words and pairs whose stem is wanted, in one text after the other; not for several threads.

    Which words are wanted is kept: texts that one question finds have most of their words in common.
    """

    def __init__(self, wanted: Collection[str]) -> None:
        self._wanted = wanted
        # No stem begins with another letter than its word; of irregular words the base does.
        begin = {root[:1] for root in wanted}
        begin |= {form[:1] for form, base in BASE_OF.items() if stem(base) in wanted}
        self._passed_over = _ASCII - begin - {letter.upper() for letter in begin}
        self._seen: set[str] = set()
        self._roots: dict[str, str] = {}  # of the words among them that are wanted
        self._pairs: dict[str, list[tuple[int, str]]] = {}

    def at(self, text: str) -> list[tuple[int, str]]:
        """Return (offset, stem) of the words and pairs of `text` whose stem is wanted, in order."""
        # Each word once, then where it stands: most words of a text are not wanted.
        pieces = {piece for piece in _pieces(text) if piece[0] not in self._passed_over}
        for piece in pieces - self._seen:
            self._look_at(piece)
        self._seen |= pieces
        found: list[tuple[int, str]] = []
        for piece in pieces & self._roots.keys():
            root = self._roots[piece]
            found += [(at, root) for at in _places(text, piece, _SPACED)]
        for piece in pieces & self._pairs.keys():
            pairs = self._pairs[piece]
            found += [(at + n, pair) for at in _places(text, piece, _UNSPACED) for n, pair in pairs]
        found.sort()
        return found

    def _look_at(self, piece: str) -> None:
        if is_unspaced(piece):
            pairs = [(n, pair) for n, pair in enumerate(_pairs(piece)) if pair in self._wanted]
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


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of a lower-case word, so that "defended" meets "defends" and "lost" meets "lose".

    Snowball's stemmer of the word's script (Porter 2001), irregular English forms by a list; for comparing words
    with each other: the index's own stemmer is SQLite's Porter.
    """
    word = BASE_OF.get(word, word)
    if len(word) <= _SHORTEST_STEM or not word.isalpha():
        return word
    algorithm = _algorithm(word[0])
    return word if algorithm is None else snowball(algorithm, word)


def snowball(algorithm: str, word: str) -> str:
    """Return the stem of a lower-case word by one of Snowball's algorithms ("german")."""
    with _STEMMING:  # a stemmer works in a buffer of its own
        stemmed: str = _stemmer(algorithm).stemWord(word)
    return stemmed


def is_unspaced(term: str) -> bool:
    """Whether a word or pair of characters is of a script that writes no spaces."""
    return term[:1] >= _FIRST_UNSPACED and _UNSPACED.match(term) is not None


@lru_cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm, 0)  # what was stemmed is kept by those who ask


def _algorithm(letter: str) -> str | None:
    return next((name for last, name in _ALGORITHMS if letter <= last), None)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
