"""Sentences, rows and lines to passages: measured in tokens of the embedding model, packed as well as they can be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

TokenStarts = Callable[[str], npt.NDArray[np.int64]]
"""Return the character offset at which each token of a text starts, ascending."""

PASSAGE_TOKENS = 256  # what the embedding model reads, special tokens and context included
SPECIAL_TOKENS = 2

# A paragraph of an encyclopaedia: long enough to answer whole questions, short enough to be about one thing.
# In characters, because a token of an English model is half as much text in German.
TARGET_CHARACTERS = 635
MAX_CHARACTERS = 1600  # a "word" of 100,000 characters is one token to WordPiece

TOKENISED_AT_ONCE = 100_000  # characters

# What a cut costs, in the same unit as the squared relative distance from the target length.
_CUT_IN_PARAGRAPH = 0.25
_CUT_BETWEEN_PARAGRAPHS = 0.0

LONGEST_SPELT_OUT = 960  # characters of a passage that is not cut by tokens: what 256 tokens of English are
_SAMPLE = 4000  # characters that tell the script
# Greek, Cyrillic, Armenian, Hebrew, Arabic, the scripts of India, Georgian, Ethiopic.
_SPELT_OUT = re.compile("[\u0370-\u0dff\u10a0-\u10ff\u1200-\u13ff]+")

_SOFT_BREAK = re.compile(r"[,;:–—、，；：]\s*|\s+")


@dataclass(frozen=True, slots=True)
class Unit:
    """What is never cut: a sentence, a row, a line. `closes` says that a paragraph ends with it."""

    start: int
    end: int
    tokens: int
    closes: bool


class Measurer:
    """Measures stretches of a text with the embedding model's tokenizer."""

    def __init__(self, token_starts: TokenStarts) -> None:
        self._token_starts = token_starts

    def count(self, text: str) -> int:
        """Return the number of tokens of a short text."""
        return len(self._token_starts(text))

    def units(self, text: str, spans: Sequence[tuple[int, int]], budget: int, *, closes: bool) -> list[Unit]:
        """Return `spans` (start, end) as units, those longer than a passage of `budget` tokens cut.

        `closes`: a paragraph ends with the last of them.
        """
        if not spans:
            return []
        if is_spelt_out(text[spans[0][0] : spans[-1][1]]):
            return _units_of_characters(text, spans, budget, closes)
        starts = self._starts_in_portions(text, spans[0][0], spans[-1][1])
        units: list[Unit] = []
        places = np.searchsorted(starts, np.array(spans)).tolist()
        for number, ((start, end), (low, high)) in enumerate(zip(spans, places, strict=True)):
            last = closes and number == len(spans) - 1
            if high - low <= budget and end - start <= MAX_CHARACTERS:
                units.append(Unit(start, end, high - low, last))
            else:
                units += _cut_long(text, start, end, starts[low:high], budget, last)
        return units

    def tokens_of(self, text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
        """Return the number of tokens of each of `spans` (start, end), ascending."""
        if not spans:
            return []
        starts = self._starts_in_portions(text, spans[0][0], spans[-1][1])
        places = np.searchsorted(starts, np.array(spans))
        return [int(count) for count in places[:, 1] - places[:, 0]]

    def _starts_in_portions(self, text: str, start: int, stop: int) -> npt.NDArray[np.int64]:
        """Return where the tokens of `text[start:stop]` start, as offsets into `text`.

        A tokenizer holds about 170 bytes a character while it works: a line of 50 MB at once would take 8 GB.
        """
        parts = []
        while stop - start > TOKENISED_AT_ONCE:
            space = text.rfind(" ", start, start + TOKENISED_AT_ONCE)
            end = space if space > start else start + TOKENISED_AT_ONCE
            parts.append(self._token_starts(text[start:end]) + start)
            start = end
        parts.append(self._token_starts(text[start:stop]) + start)
        return np.concatenate(parts) if len(parts) > 1 else parts[0]


def is_spelt_out(text: str) -> bool:
    """Whether most letters are of scripts, written with spaces, that the embedding model reads letter by letter.

    Its vectors say nothing of such a text, and 256 of its tokens are two sentences: where it is cut by tokens,
    words that belong together come apart.
    """
    sample = text[:_SAMPLE]
    spelt = sum(len(run) for run in _SPELT_OUT.findall(sample))
    # Most texts have none: their letters need not be counted.
    return spelt > 0 and 2 * spelt > sum(character.isalpha() for character in sample)


def _units_of_characters(
    text: str, spans: Sequence[tuple[int, int]], budget: int, closes: bool
) -> list[Unit]:
    """Return `spans` as units whose "tokens" are such that a passage of `budget` has the usual length."""
    share = budget / LONGEST_SPELT_OUT
    units: list[Unit] = []
    for number, (start, end) in enumerate(spans):
        last = closes and number == len(spans) - 1
        for begin in range(start, end, LONGEST_SPELT_OUT):
            stop = min(end, begin + LONGEST_SPELT_OUT)
            units.append(Unit(begin, stop, int((stop - begin) * share), last and stop == end))
    return units


def pack(units: Sequence[Unit], target: int, limit: int) -> list[tuple[int, int]]:
    """Return the slices of `units` that make the best passages: each within `limit` tokens and
    `MAX_CHARACTERS`, close to `target` characters, cut between paragraphs rather than inside one.

    The best of all ways to cut, by dynamic programming; linear in the units, for a passage holds few.
    """
    count = len(units)
    cost = [0.0] + [float("inf")] * count
    cut_before = [0] * (count + 1)
    for stop in range(1, count + 1):
        tokens = 0
        last = units[stop - 1]
        if stop == count:
            cut = 0.0
        else:
            cut = _CUT_BETWEEN_PARAGRAPHS if last.closes else _CUT_IN_PARAGRAPH
        for begin in range(stop - 1, -1, -1):
            tokens += units[begin].tokens
            length = last.end - units[begin].start
            too_long = tokens > limit or length > MAX_CHARACTERS
            if too_long and begin < stop - 1:
                break
            total = cost[begin] + ((length - target) / target) ** 2 + cut
            if total < cost[stop]:
                cost[stop], cut_before[stop] = total, begin
    slices = []
    stop = count
    while stop > 0:
        slices.append((cut_before[stop], stop))
        stop = cut_before[stop]
    return slices[::-1]


def _cut_long(
    text: str, start: int, end: int, starts: npt.NDArray[np.int64], budget: int, closes: bool
) -> list[Unit]:
    """Cut what is longer than a passage, at clauses and spaces where there are any."""
    units = []
    while start < end:
        low = int(np.searchsorted(starts, start))
        stop = min(end, start + MAX_CHARACTERS)
        if low + budget < len(starts):
            stop = min(stop, int(starts[low + budget]))
        stop = max(stop, start + 1)
        if stop < end:
            breaks = [found.end() for found in _SOFT_BREAK.finditer(text, start + (stop - start) // 2, stop)]
            stop = breaks[-1] if breaks else stop
        tokens = max(1, int(np.searchsorted(starts, stop)) - low)
        units.append(Unit(start, stop, tokens, closes and stop >= end))
        start = stop
    return units
