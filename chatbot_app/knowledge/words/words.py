"""Words of a text as the keyword index sees them: stems, rare ones first, and pairs of characters where a
script writes no spaces."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection
from functools import lru_cache

import Stemmer

from chatbot_app.knowledge.words.irregular_forms import BASE_OF

# Thai, Lao, Burmese, Khmer, kana, Bopomofo, Han: SQLite's tokenizer takes a whole run of them as one word.
# Hangul is written with spaces, but particles stick to its words, so that pairs find more there, too.
_UNSPACED_RANGES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3100-\u312f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\u1100-\u11ff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_FIRST_UNSPACED = "\u0e00"
UNSPACED = re.compile(f"[{_UNSPACED_RANGES}]+")
SPACED = re.compile(f"[^\\W_{_UNSPACED_RANGES}]+")
_PIECES = re.compile(f"{UNSPACED.pattern}|{SPACED.pattern}")
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


def unspaced_share(text: str) -> float:
    """Return the share of characters of `text` in scripts that write no spaces, 0 to 1."""
    return sum(len(run) for run in UNSPACED.findall(text)) / len(text) if text else 0.0


def pairs_of_characters(text: str) -> str:
    """Return overlapping pairs of the characters in unspaced runs, separated by spaces, for the index.

    A run of one character stands for itself. Empty for a text in a script with spaces.
    """
    return " ".join(pair for run in UNSPACED.findall(text) for pair in pairs_of(run))


def query_terms(text: str, small_words: Collection[str] = frozenset()) -> tuple[list[str], list[str]]:
    """Return (words, pairs) of a query, lower case, each once, in order.

    Stop words, `small_words` and what an apostrophe cuts off ("Vogt's") are left out unless nothing else is there.
    Neither holds anything that FTS5 takes for syntax.
    """
    words: dict[str, None] = {}
    pairs: dict[str, None] = {}
    for piece in pieces_of(_CUT_OFF.sub("", text.casefold())):
        if UNSPACED.match(piece):
            pairs.update(dict.fromkeys(pairs_of(piece)))
        else:
            words[piece] = None
    rare = [word for word in words if word not in STOP_WORDS and word not in small_words]
    return rare or ([] if pairs else list(words)), list(pairs)


def pieces_of(text: str) -> list[str]:
    """Return the words and unspaced runs of a text, in order, as they are written."""
    return text.translate(_ASCII_BETWEEN).split() if text.isascii() else _PIECES.findall(text)


def stems(text: str) -> set[str]:
    """Return the stems of the words of `text` and the pairs of its unspaced runs."""
    found: set[str] = set()
    for piece in set(pieces_of(text.casefold())):
        if piece[0] < _FIRST_UNSPACED or not UNSPACED.match(piece):
            found.add(stem(piece))
        else:
            found.update(pairs_of(piece))
    return found


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


# By the code of a language; English has its own (`stem`).
SNOWBALL_ALGORITHMS = {
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
    "sv": "swedish",
    "ru": "russian",
}


def snowball(algorithm: str, word: str) -> str:
    """Return the stem of a lower-case word by one of Snowball's algorithms ("german")."""
    with _STEMMING:  # a stemmer works in a buffer of its own
        stemmed: str = _stemmer(algorithm).stemWord(word)
    return stemmed


def is_unspaced(term: str) -> bool:
    """Whether a word or pair of characters is of a script that writes no spaces."""
    return term[:1] >= _FIRST_UNSPACED and UNSPACED.match(term) is not None


@lru_cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm, 0)  # what was stemmed is kept by those who ask


def _algorithm(letter: str) -> str | None:
    return next((name for last, name in _ALGORITHMS if letter <= last), None)


def pairs_of(run: str) -> list[str]:
    """Return the overlapping pairs of characters of an unspaced run; a single character stands for itself."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
