"""Words that say the opposite of each other: what rose and what fell, the north and the south, the first and the last.

English antonyms are WordNet's (`antonyms`), the rest is in the table of `opposite_groups`.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.knowledge.words.antonyms import antonyms
from chatbot_app.knowledge.words.opposite_groups import OppositeGroup, Opposition, Told, opposite_groups
from chatbot_app.knowledge.words.words import STOP_WORDS, stem

_TOKEN = re.compile(r"[^\W_]+(?:[-‑][^\W\d_]+)*|[.;:!?]")
# A buyer's purchase is a seller's sale: the opposite only where both are said of the same.
RECIPROCAL = frozenset(
    map(
        stem,
        """buy bought purchase acquire sell sold lend lent borrow win won lose lost give receive
        kaufen kauft kaufte gekauft verkaufen verkauft verkaufte mieten mietet mietete gemietet vermieten vermietet vermietete
        lieh geliehen verlieh verliehen""".split(),
    )
)
_UNSPACED = ("zh",)
_COMPASS_FORM = re.compile(r"^(north|south)?-?(east|west)?(?:ern|ward|wards|erly|ernmost|bound)?$")
# Pairs of WordNet that stand beside each other without a contradiction, or mostly mean something else.
_NO_OPPOSITES = frozenset(
    "here there come go man woman men women day night more less same new old one any ever right left"
    " give take get have make do well good bad young part whole near far still even odd lead follow precede victory defeat"
    " begin start end finish complete stand lie".split()
)
# “Up” and “down” say so before a number alone.
_BY_A_NUMBER = re.compile(r"\b(?:(up)|down)\b(?=\s+(?:by\s+)?(?:about\s+|nearly\s+)?[$€£]?\d)", re.IGNORECASE)
# "Once a week" is weekly.
_HOW_OFTEN = {
    word: often
    for often, words in {
        "hourly": "hour stunde",
        "daily": "day tag",
        "weekly": "week woche",
        "monthly": "month monat",
        "quarterly": "quarter quartal",
        "yearly": "year jahr",
    }.items()
    for word in words.split()
}
_EVERY = re.compile(
    rf"\b(?:once an?|every|each|per|pro|je|jede[nrs]?|einmal (?:im|in der|pro))\s+({'|'.join(_HOW_OFTEN)})\b",
    re.IGNORECASE,
)


# What gets better may go down: blood pressure, costs.
_BETTER = frozenset(map(stem, "improve improved strengthen strengthened advance".split()))
_MAY_BE_BETTER = frozenset(
    map(stem, "lower lowered reduce reduced cut ease lessen decrease decreased fall fell fallen".split())
)


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word of a text, the stem by which its opposites are found, and whether it is a stop word."""

    text: str
    stem: str
    is_small: bool


def is_reciprocal(word: str) -> bool:
    """Whether the opposite of a lower-case verb says the same of the two sides exchanged."""
    return stem(word) in RECIPROCAL


def way_of(text: str) -> int:
    """Return 1 where a text says that something rose, -1 that it fell, 0 where it says neither, or both."""
    found = {word.stem for clause in clauses_of(text) for word in clause}
    ups, downs = _trends()
    return bool(found & ups) - bool(found & downs)


def words_of_way(way: int) -> frozenset[str]:
    """Return the stems of the words that say that something rose (1) or fell (-1)."""
    ups, downs = _trends()
    return ups if way > 0 else downs if way < 0 else frozenset()


@lru_cache(maxsize=1)
def _trends() -> tuple[frozenset[str], frozenset[str]]:
    groups = _spaced(Opposition.TREND)
    ups, downs = (frozenset(stem(word) for group in groups for word in group.sides[way]) for way in (0, 1))
    return ups, downs


@lru_cache(maxsize=1)
def converse() -> frozenset[str]:
    """Return the stems of “before”, “after” and the like: the opposite only where what stands behind the word is the same."""
    return frozenset(stem(word) for group in _spaced(Opposition.CONVERSE) for word in group.words)


@lru_cache(maxsize=1)
def _unstemmed() -> frozenset[str]:
    """Words that are kept as they are: "monthly" is not "month"."""
    kept = _spaced(Opposition.FREQUENCY, Opposition.DIRECTION)
    return frozenset(word for group in kept for word in group.words)


def _spaced(*wanted: Opposition) -> list[OppositeGroup]:
    """Return the groups of languages that write spaces, of some kinds or of all."""
    groups = [group for group in opposite_groups(Told.CLAUSE) if group.languages != _UNSPACED]
    return [group for group in groups if not wanted or group.opposition in wanted]


@lru_cache(maxsize=1)
def unspaced_opposites() -> tuple[OppositeGroup, ...]:
    """Return the groups of Chinese, whose words are looked for as they are written."""
    return tuple(group for group in opposite_groups(Told.CLAUSE) if group.languages == _UNSPACED)


def opposites_of(stemmed: str) -> frozenset[str]:
    """Return the stems of the words that say the opposite of the word with a stem."""
    return _pairs().get(stemmed, frozenset())


@lru_cache(maxsize=1)
def _pairs() -> dict[str, frozenset[str]]:
    pairs: dict[str, set[str]] = {}

    def add(one: str, other: str) -> None:
        if one != other:
            pairs.setdefault(one, set()).add(other)
            pairs.setdefault(other, set()).add(one)

    for one, others in antonyms().items():
        for other in others:
            add(one, other)
    for word in _NO_OPPOSITES:
        for other in pairs.pop(stem(word), ()):
            pairs[other].discard(stem(word))
    sides = [_trends()]
    sides += [
        (frozenset(map(_form, one)), frozenset(map(_form, other)))
        for group in _spaced()
        for one, other in itertools.combinations(group.sides, 2)
    ]
    for mine, theirs in sides:
        for one, other in itertools.product(mine, theirs):
            add(one, other)
    for better, worse in ((_BETTER, _MAY_BE_BETTER), (_MAY_BE_BETTER, _BETTER)):
        for word in better:
            pairs.get(word, set()).difference_update(worse)
    return {word: frozenset(others) for word, others in pairs.items()}


def clauses_of(text: str) -> list[list[ReadWord]]:
    """Return the words of each clause; "weekly" is what "every week" is, and "up 5 %" an increase."""
    clauses: list[list[ReadWord]] = [[]]
    moves = {match.start(1): _HOW_OFTEN[match[1].casefold()] for match in _EVERY.finditer(text)}
    moves |= {match.start(): "increase" if match[1] else "decrease" for match in _BY_A_NUMBER.finditer(text)}
    for match in _TOKEN.finditer(text):
        word = match.group()
        if not word[0].isalnum():
            clauses.append([])
            continue
        plain = moves.get(match.start(), word.casefold().replace("‑", "-"))
        direction = _compass(plain)
        if direction and word[0].isupper():
            direction = word  # "North Carolina" is a name, and no stem has a capital
        is_small = plain in STOP_WORDS
        stemmed = _form(word.casefold()) if is_small else direction or _form(plain)
        clauses[-1].append(ReadWord(word, stemmed, is_small))
    return clauses


def _form(word: str) -> str:
    return word if word in _unstemmed() else stem(word)


def _compass(word: str) -> str:
    found = _COMPASS_FORM.match(word)
    return "".join(part for part in found.groups() if part) if found else ""
