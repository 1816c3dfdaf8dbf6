"""Where the sentences of an answer's Markdown stand in what is drawn of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+")
# In the source and never drawn: addresses of links and images, tags, the edges of entities.
_UNSEEN = re.compile(r"\]\([^)\n]{0,2000}\)|<[^<>\n]{1,300}>|&[#\w]{1,12};")
_CLOSING = frozenset(".,;:!?…。！？、，；：)]}”’»\"'％%°")


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """Characters `start` to `end` of drawn text `text`; `statement` says which sentence stands there."""

    statement: int
    text: int
    start: int
    end: int


def drawn_places(
    source: str, statements: Sequence[tuple[int, int, int]], texts: Sequence[str]
) -> list[DrawnPlace]:
    """Return where statements stand in the drawn `texts` of a block, in order.

    `source` is the Markdown of the block; each statement is (number, start, end), a range of the source. Both sides
    are compared word by word from their start, so that marks, bullets and formulas that stand on one side only
    do not matter. A statement of which no word is drawn has no place.
    """
    if not statements:
        return []
    written = [(match[0], match.start(), match.end()) for match in _WORD.finditer(_masked(source))]
    drawn = [
        (match[0], number, match.start(), match.end())
        for number, text in enumerate(texts)
        for match in _WORD.finditer(text)
    ]
    pairs = _aligned([word for word, *_ in written], [word for word, *_ in drawn])
    places: list[DrawnPlace] = []
    starts = [written[mine][1] for mine, _ in pairs]
    for number, start, end in statements:
        found: dict[int, tuple[int, int]] = {}
        position = bisect_left(starts, start)
        while position < len(pairs) and starts[position] < end:
            _, text, first, last = drawn[pairs[position][1]]
            known = found.get(text)
            found[text] = (min(first, known[0]), max(last, known[1])) if known else (first, last)
            position += 1
        places += [
            DrawnPlace(number, text, first, _closed(texts[text], last))
            for text, (first, last) in sorted(found.items())
        ]
    return places


def _masked(source: str) -> str:
    """Return the source with what is never drawn as spaces; every other character stays at its place."""
    return _UNSEEN.sub(lambda match: " " * len(match[0]), source)


def _aligned(written: Sequence[str], drawn: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of equal words in order: where both sides differ, the nearer of the two next matches is taken."""
    in_written, in_drawn = _positions(written), _positions(drawn)
    pairs: list[tuple[int, int]] = []
    mine = theirs = 0
    while mine < len(written) and theirs < len(drawn):
        if written[mine] == drawn[theirs]:
            pairs.append((mine, theirs))
            mine += 1
            theirs += 1
            continue
        more_written = _skip(in_written, drawn[theirs], mine)
        more_drawn = _skip(in_drawn, written[mine], theirs)
        if more_written is None and more_drawn is None:
            mine += 1
            theirs += 1
        elif more_drawn is None or (more_written is not None and more_written <= more_drawn):
            mine += more_written or 1
        else:
            theirs += more_drawn
    return pairs


def _positions(words: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for position, word in enumerate(words):
        found[word].append(position)
    return found


def _skip(positions: dict[str, list[int]], wanted: str, start: int) -> int | None:
    """Return how many words stand before the next place of a word, None where there is none."""
    places = positions.get(wanted, [])
    at = bisect_left(places, start)
    return places[at] - start if at < len(places) else None


def _closed(text: str, end: int) -> int:
    """Return where a sentence ends that its last word ends in: with the marks that close it."""
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    return end
