"""Words that say the opposite of each other: what rose and what fell, the north and the south, the first and the last.

English antonyms are WordNet's (`antonyms`), the rest is in the table of `opposite_groups`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.knowledge.search.words import STOP_WORDS, stem
from chatbot_app.knowledge.trust.words.antonyms import antonyms, is_denying
from chatbot_app.knowledge.trust.words.opposite_groups import OppositeGroup, Opposition, Told, opposite_groups

SAME_CLAUSE = 3  # content words, from which two clauses speak of the same however their words stand
NEAR = 2  # content words on each side, one of which the two texts must share

_TOKEN = re.compile(r"[^\W_]+(?:[-‑][^\W\d_]+)*|[.;:!?]")
# A buyer's purchase is a seller's sale: the opposite only where both are said of the same.
_RECIPROCAL = frozenset(
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
_COMPARED = re.compile(r"\b(?:than|als)\b", re.IGNORECASE)
_COMPARATIVE = re.compile(r"\w{2,}er|worse|less", re.IGNORECASE)
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
class _Word:
    text: str
    stem: str
    near: frozenset[str]  # stems of the content words beside it, inside the clause
    before: frozenset[str]  # those that stand before it, small words where none does
    behind: frozenset[str]
    clause: frozenset[str]  # all of its clause


def opposed(
    said: str,
    source: str,
    said_denials: Sequence[Set[str]] = (),
    source_denials: Sequence[Set[str]] = (),
    contraries: Callable[[str], Set[str]] | None = None,
    fewest: int = 1,
) -> Iterator[tuple[str, str]]:
    """Yield (word of `said`, word of `source`) that say the opposite about the same.

    The two stand beside a word that both texts have, neither text has both, and neither is denied in one text alone
    (see `negation.denied`): “did not rise” and “fell” are no contradiction. `contraries` gives the opposites of a stem,
    those of `opposites_of` where it is not given; `fewest` is how many words beside them both texts must have.
    """
    mine, theirs = _words(said), _words(source)
    # Which of two it is tells `comparisons`.
    are_compared = _COMPARED.search(said) and _COMPARED.search(source)
    my_stems, their_stems = {word.stem for word in mine}, {word.stem for word in theirs}
    for word in mine:
        if word.stem in their_stems or (are_compared and _COMPARATIVE.fullmatch(word.text)):
            continue
        against = (contraries or opposites_of)(word.stem)
        for other in theirs:
            if (
                (other.stem in against or is_denying(word.text, other.text))
                and other.stem not in my_stems
                # Where the source has both sides, one word beside them does not say which is meant.
                and (
                    len(word.near & other.near)
                    >= max(fewest, 1 + bool(their_stems & opposites_of(other.stem)))
                    or (
                        contraries is not None
                        and len(word.clause & other.clause) >= SAME_CLAUSE
                        and not their_stems & opposites_of(other.stem)
                    )
                )
                and (word.stem not in _RECIPROCAL or word.before & other.before)
                and (word.stem not in _converse() or word.behind & other.behind)
                and _is_denied(word.stem, said_denials) is _is_denied(other.stem, source_denials)
            ):
                yield word.text, other.text
    for group in _unspaced():
        for mine_side, their_side in itertools.permutations(group.sides, 2):
            my_word = next((word for word in mine_side if word in said), None)
            their_word = next((word for word in their_side if word in source), None)
            if my_word and their_word and not _any(mine_side, source) and not _any(their_side, said):
                yield my_word, their_word


def is_reciprocal(word: str) -> bool:
    """Whether the opposite of a lower-case verb says the same of the two sides exchanged."""
    return stem(word) in _RECIPROCAL


def way_of(text: str) -> int:
    """Return 1 where a text says that something rose, -1 that it fell, 0 where it says neither, or both."""
    found = {word.stem for word in _words(text)}
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
def _converse() -> frozenset[str]:
    """Two things have two orders: these are the opposite only where what stands behind the word is the same."""
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
def _unspaced() -> tuple[OppositeGroup, ...]:
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


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    for clause in _clauses(text):
        content = [form for _, form in clause if form]
        whole = frozenset(content)
        count = 0  # of the content words before the place
        small: list[str] = []  # the words before it: of "he bought" and "she sold" they tell who
        for word, form in clause:
            before = content[max(0, count - NEAR) : count]
            count += bool(form)
            after = content[count : count + NEAR]
            stemmed = form or _form(word.casefold())
            found.append(
                _Word(
                    word,
                    stemmed,
                    frozenset(before + after),
                    frozenset(before or small[-NEAR:]),
                    frozenset(after),
                    whole,
                )
            )
            small.append(word.casefold())
    return found


def _clauses(text: str) -> list[list[tuple[str, str]]]:
    """Return the (word, stem) of each clause; "" for the stem of a stop word."""
    clauses: list[list[tuple[str, str]]] = [[]]
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
        clauses[-1].append((word, "" if plain in STOP_WORDS else direction or _form(plain)))
    return clauses


def _form(word: str) -> str:
    return word if word in _unstemmed() else stem(word)


def _compass(word: str) -> str:
    found = _COMPASS_FORM.match(word)
    return "".join(part for part in found.groups() if part) if found else ""


def _any(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)


def _is_denied(stemmed: str, denials: Sequence[Set[str]]) -> bool:
    return any(stemmed in scope for scope in denials)
