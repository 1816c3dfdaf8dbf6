"""Two things that changed places in a sentence that is the same otherwise: "online sales passed sales in shops".

Word by word, of texts that write no spaces character by character (Ratcliff and Obershelp's matching, as in `replaced`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from chatbot_app.knowledge.trust.contradictions.exchanged import MUTUAL_VERBS
from chatbot_app.knowledge.words.language import is_small
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.words import STOP_WORDS, UNSPACED, stem

_PIECE = re.compile(rf"{UNSPACED.pattern}|[^\W_]+|[^\w\s]")
_MOST_PIECES = 120  # of either text
_MOST_REPLACED = 4  # pieces
_LEAST_SAME = 0.6  # of a statement's pieces
_FEWEST_SAME = 3
_LEAST_SAME_CHARACTERS = 0.7
_SHORTEST_WORD = 2  # characters
_FEWEST_AROUND = 4
# Stand in verbs and particles that say the same in other characters: 位于 and 设在.
_GRAMMAR = frozenset(
    "的了在是为于和与及由被把将从到向对有不没未无也都已曾并而则其该这那个们约近共达至设成出进行使用开始结束来去得能可会应需要"
)
# Between two that are alike nothing changes places: "A and B", "A is as … as B".
_ALIKE = MUTUAL_VERBS | frozenset(
    """as with same equal equals like both between together near beside next opposite alongside adjacent
    wie gleich neben gegenüber comme igual""".split()
)
_ARTICLES = frozenset("the a an".split())
_MANY = frozenset("many numerous several various multiple".split())  # one for the other
_BOTH = frozenset("and or und oder et ou y o и или 和 与 及 或 、 ,".split())


def swapped(said: str, source: str) -> tuple[str, str] | None:
    """Return (what a statement has first, what a sentence has in that place), None where no two changed places."""
    mine, theirs = _pieces(said), _pieces(source)
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    same = sum(end - start for kind, start, end, _, _ in blocks if kind == "equal")
    if (pair := _at_ends(mine, theirs)) is not None:
        return pair
    if same < _FEWEST_SAME or same < _LEAST_SAME * len(mine):
        return None
    # With another word between them they may be said the other way round: "lighter than" for "heavier than".
    for one, between, other in zip(blocks, blocks[1:], blocks[2:], strict=False):
        if (one[0], between[0], other[0]) != ("replace", "equal", "replace"):
            continue
        first, second = mine[one[1] : one[2]], mine[other[1] : other[2]]
        if (
            (first, second) == (theirs[other[3] : other[4]], theirs[one[3] : one[4]])
            and max(len(first), len(second)) <= _MOST_REPLACED
            and not _are_joined(mine, one[1], between[1], between[2], other[2])
            and not _may_change_places(first, second, mine[between[1] : between[2]])
        ):
            return _written(mine, one[1], one[2]), _written(mine, other[1], other[2])
    return None


def _at_ends(mine: list[str], theirs: list[str]) -> tuple[str, str] | None:
    """Return two that changed places around the same words in texts that have nothing else apart: "the dog bit the man"."""
    apart = [place for place, (one, other) in enumerate(zip(mine, theirs, strict=False)) if one != other]
    if not apart or len(mine) != len(theirs):
        return None
    start, end = apart[0], apart[-1] + 1
    for first, last in itertools.product(range(1, _MOST_REPLACED + 1), repeat=2):
        one, between, other = (
            mine[start : start + first],
            mine[start + first : end - last],
            mine[end - last : end],
        )
        if (
            between
            and theirs[start:end] == [*other, *between, *one]
            and _is_small(one[0]) is _is_small(other[0])  # "in the forest lives the elf"
            and not _are_joined(mine, start, start + first, end - last, end)
            and not _may_change_places(one, other, between)
        ):
            return _written(mine, start, start + first), _written(mine, end - last, end)
    return None


def _are_joined(pieces: list[str], start: int, stop: int, begin: int, end: int) -> bool:
    """Whether what stands from `start` to `stop` and from `begin` to `end` is joined by "and", with the same words around each.

    "boils at 100 °C and freezes at 0 °C", "lamp A and lamp B"; not "40 cm wide and 30 cm deep".
    """
    between = pieces[stop:begin]
    same = len(between) - 1
    is_before = between[0] in _BOTH and pieces[max(0, start - same) : start] == between[1:]
    return is_before or (between[-1] in _BOTH and pieces[end : end + same] == between[:-1])


def _may_change_places(first: Sequence[str], second: Sequence[str], between: Sequence[str]) -> bool:
    """Whether two say the same, or the same in either order: "A and B", "A is as old as B", "many … numerous"."""
    if (
        all(map(_is_small, first))
        or _MANY.issuperset((*first, *second))
        or (between[0] in _BOTH and between[-1] in _BOTH)  # also of more than two
        or not _ALIKE.isdisjoint(between)
    ):
        return True
    return len(first) == len(second) == 1 and stem(second[0]) in related_to(stem(first[0]))


def _is_small(word: str) -> bool:
    return word in STOP_WORDS or is_small(word)


def _pieces(text: str) -> list[str]:
    pieces = itertools.islice(_PIECE.finditer(text), _MOST_PIECES)
    found: list[str] = []
    for match in pieces:
        word = match.group().casefold()
        if word not in _ARTICLES:  # alike, they would be what two sides have in common
            found += list(word) if UNSPACED.match(word) else [word]
    return found[:_MOST_PIECES]


def _written(pieces: list[str], start: int, end: int) -> str:
    """Return pieces as they are written; of a text without spaces with the character before, which mostly belongs to them."""
    if UNSPACED.match(pieces[start]):
        return "".join(pieces[max(0, start - 1) : end])
    return " ".join(pieces[start:end])


def replaced_characters(said: str, source: str) -> tuple[str, str] | None:
    """Return (characters of a statement, those that a sentence has in that place) of Chinese that is the same around them.

    Two words of it that say the same have mostly a character in common, and so these have none; what has to do with grammar alone
    counts for nothing.
    """
    mine, theirs = _pieces(said), _pieces(source)
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    same = sum(end - start for kind, start, end, _, _ in blocks if kind == "equal")
    if same < _LEAST_SAME_CHARACTERS * len(mine):
        return None
    for place, (kind, start, end, their_start, their_end) in enumerate(blocks):
        one, other = mine[start:end], theirs[their_start:their_end]
        if kind != "replace" or not all(
            _SHORTEST_WORD <= len(word) <= _MOST_REPLACED for word in (one, other)
        ):
            continue
        beside = [blocks[at] for at in (place - 1, place + 1) if 0 <= at < len(blocks)]
        around = [block[2] - block[1] if block[0] == "equal" else 0 for block in beside]
        if (
            len(around) == 2
            and min(around) >= 1
            and sum(around) >= _FEWEST_AROUND
            and _are_words(one, other, mine, theirs)
        ):
            return "".join(one), "".join(other)
    return None


def _are_words(one: list[str], other: list[str], mine: list[str], theirs: list[str]) -> bool:
    return (
        all("\u4e00" <= piece <= "\u9fff" and piece not in _GRAMMAR for piece in one + other)
        and set(one).isdisjoint(other)
        and not set(one) <= set(theirs)
        and not set(other) <= set(mine)
    )
