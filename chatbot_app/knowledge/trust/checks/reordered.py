"""A sentence of a source with its phrases in another order: "to Rome from Paris", "on Friday at ten and on Monday at nine".

Such a statement says the same where each joined part keeps its phrases, and each phrase with a preposition stands behind the words behind
which the source has it, or in front of all. What rules for changed places would say against it counts for nothing then.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from chatbot_app.knowledge.sentences.source_sentences import SourceSentence

_TOKEN = re.compile(r"[^\W_]+(?:['’.,:-][^\W_]+)*%?|[,;]")
_SIGN = re.compile(r"[^\w\s.,;'’]")
_OTHERWISE = re.compile(r"[?“”\"|()]|:\s")
_ARTICLES = frozenset(
    "the a an der die das den dem ein eine einen einem einer le la les l' un une el los las una".split()
)
_JOINS = frozenset(", ; and und et y e и а".split())
# Begin a part that they belong to.
_SUBORDINATORS = frozenset(
    """before after while whereas because if when unless although though than until since as bevor nachdem während weil wenn falls obwohl als wie
    bis avant après quand si parce lorsque que antes después cuando porque mientras прежде после когда если чтобы пока чем""".split()
)
# "Of" and its like belong to the word before.
_PREPOSITIONS = frozenset(
    """in on at by for from to into onto with without within under over through via against during per between near across along towards toward
    im am um für aus nach mit ohne unter über durch gegen vom zum zur auf bei vor zu an ab
    à au aux dans en pour par avec sans sous sur chez vers depuis
    por para con sin sobre desde hacia hasta entre
    в во на для из с со от к ко до через по под над без у""".split()
)
_FROM_OR_OF = frozenset(
    "von de del".split()
)  # "from" where a preposition for where to stands behind: "von Paris nach Rom"
_WHERE_TO = frozenset("nach zu bis à a hasta hacia".split())
_REACH = 4  # words behind
_FEWEST = 4  # words, below which there is no order to speak of
_MOST = 60
_MOST_PARTS = 6
_MOST_PHRASES = 8
_LONGEST_OPENING = 5  # words
_MOST_SHARED = 8  # words that are said once for all parts


class Reordered:
    """The sentences of some sources, by the words that they are made of."""

    def __init__(self, sentences: Sequence[SourceSentence]) -> None:
        self._sentences: dict[tuple[str, ...], list[SourceSentence]] = {}
        for sentence in sentences:
            if not sentence.is_row and (key := _key(sentence.text)):
                self._sentences.setdefault(key, []).append(sentence)

    def sentence(self, statement: str) -> SourceSentence | None:
        """Return the sentence that a statement says with its phrases in another order, None where none does."""
        for sentence in self._sentences.get(_key(statement), ()):
            if not _OTHERWISE.search(statement) and _same_parts(_tokens(statement), _tokens(sentence.text)):
                return sentence
        return None


def _tokens(text: str) -> list[str]:
    words = (match.group().casefold() for match in itertools.islice(_TOKEN.finditer(text), _MOST + 1))
    return [word for word in words if word not in _ARTICLES]


def _key(text: str) -> tuple[str, ...]:
    """Return all words and signs of a text in one order, without articles and what joins; nothing of a very short or long one."""
    words = sorted(word for word in _tokens(text) if word not in _JOINS)
    signs = "".join(sorted(_SIGN.findall(text)))  # "-5 °C", "B+"
    return (*words, signs) if _FEWEST <= len(words) < _MOST else ()


def _same_parts(said: Sequence[str], source: Sequence[str]) -> bool:
    mine, theirs = _parts(said), _parts(source)
    if not 0 < len(mine) == len(theirs) <= _MOST_PARTS:
        return False
    if len(mine) == 1:
        return _is_same(mine[0], theirs[0]) or _is_same(theirs[0], mine[0])
    return any(
        _are_same(_without(mine, *said_once), _without(theirs, *said_once))
        for said_once in _said_once(mine, theirs)
    )


def _are_same(mine: Sequence[tuple[str, ...]], theirs: Sequence[tuple[str, ...]]) -> bool:
    left = list(theirs)
    for part in mine:
        same = next((other for other in left if _is_same(part, other) or _is_same(other, part)), None)
        if same is None:
            return False
        left.remove(same)
    return True


def _said_once(
    mine: Sequence[tuple[str, ...]], theirs: Sequence[tuple[str, ...]]
) -> Iterator[tuple[int, int, str]]:
    """Yield what the first or the last part may have for all of them, in both texts: (words of a beginning, words of an end, a word in between).

    "The office opens", "of the city" (an end begins with a preposition), and "goes".
    """
    between = sorted(_between(mine[0]) & _between(theirs[0]))
    last = mine[-1]
    for begin in range(_common(mine[0], theirs[0]) + 1):
        for end in range(_common(last[::-1], theirs[-1][::-1]) + 1):
            if not end or last[len(last) - end] in _PREPOSITIONS:
                for word in ("", *between):
                    yield begin, end, word


def _between(part: Sequence[str]) -> set[str]:
    """Return the words inside a part that may be its verb."""
    pairs = itertools.pairwise(part[:-1])
    return {word for before, word in pairs if word.isalpha() and before not in _PREPOSITIONS}


def _without(parts: Sequence[tuple[str, ...]], begin: int, end: int, between: str) -> list[tuple[str, ...]]:
    first, last = parts[0][begin:], parts[-1]
    return [tuple(word for word in first if word != between), *parts[1:-1], last[: len(last) - end]]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words two parts begin with that are the same, not all of either."""
    most = min(len(one), len(other), _MOST_SHARED + 1) - 1
    return next((place for place in range(most) if one[place] != other[place]), max(0, most))


def _parts(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what stands between joins, and from a word such as "before" on; an opening goes with what follows: "In May, they went"."""
    parts: list[list[str]] = [[]]
    for place, word in enumerate(tokens):
        if word in _SUBORDINATORS and parts[-1]:
            parts.append([])
        if word not in _JOINS:
            parts[-1].append(word)
        elif not (
            word == "," and place <= _LONGEST_OPENING and tokens[0] in _PREPOSITIONS and len(parts) == 1
        ):
            parts.append([])
    return [tuple(part) for part in parts if part]


def _is_same(said: tuple[str, ...], source: tuple[str, ...]) -> bool:
    """Whether a part is made of the phrases of another, each with a preposition behind the same words or in front of all."""
    if said == source:
        return True
    phrases = _phrases(source)
    if phrases[0][0] in _PREPOSITIONS or len(phrases) > _MOST_PHRASES:
        return False  # where its opening ends is not known
    plain, *marked = phrases
    for first in {plain, plain[::-1]} if len(plain) == 2 else (plain,):  # "fuhr die Gruppe"
        order = _order(said, [first, *marked])
        if order is not None:
            return _hosts(order, phrases) == _hosts(range(len(phrases)), phrases)
    return False


def _phrases(part: tuple[str, ...]) -> list[tuple[str, ...]]:
    starts = [place for place in range(1, len(part)) if _begins(part, place)]
    return [part[start:end] for start, end in itertools.pairwise([0, *starts, len(part)])]


def _begins(part: Sequence[str], place: int) -> bool:
    word = part[place]
    return word in _PREPOSITIONS or (
        word in _FROM_OR_OF | _WHERE_TO and not _WHERE_TO.isdisjoint(part[place : place + _REACH])
    )


def _order(said: tuple[str, ...], phrases: Sequence[tuple[str, ...]]) -> list[int] | None:
    """Return in which order some phrases make up all of a part; None where they do not."""
    order: list[int] = []
    start = 0
    while start < len(said):
        found = [
            number
            for number, phrase in enumerate(phrases)
            if number not in order and said[start : start + len(phrase)] == phrase
        ]
        if not found:
            return None
        order.append(max(found, key=lambda number: len(phrases[number])))
        start += len(phrases[order[-1]])
    return order if len(order) == len(phrases) else None


def _hosts(order: Sequence[int], phrases: Sequence[tuple[str, ...]]) -> dict[int, int]:
    """Return behind which phrase without a preposition each other stands; what opens the part might as well end it."""
    hosts: dict[int, int] = {}
    host = -1
    for number in order:
        if phrases[number][0] in _PREPOSITIONS | _FROM_OR_OF | _WHERE_TO and number:
            hosts[number] = host
        else:
            host = number
    return {number: host if one < 0 else one for number, one in hosts.items()}
