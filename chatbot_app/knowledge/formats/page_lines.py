"""The lines of a page of a PDF, to find beside or below which one something stands, however many there are of both."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from chatbot_app.knowledge.tables.pdfium_calls import TextPage

_WORD = re.compile(r"\S+")
_BAND = 32  # points
_FARTHEST = 1e6  # points: what a stranger puts elsewhere stands there
_MOST_BANDS = 64  # a line that stands over more is looked at for each


class Line(NamedTuple):
    """Where a line begins and ends in the text, and where it stands, in points."""

    start: int
    end: int
    left: float
    bottom: float
    right: float
    top: float


class PageLines:
    """The lines of a page and of its text, which has a character for each of PDFium's."""

    def __init__(self, page: TextPage, text: str) -> None:
        self._page = page
        self._text = text
        self._lines = list(_lines(page, text))
        self._by_bottom = sorted(self._lines, key=lambda line: line.bottom)
        self._bottoms = [line.bottom for line in self._by_bottom]
        self._tallest = max((line.top - line.bottom for line in self._lines), default=0.0)
        self._bands: dict[int, list[int]] = {}
        self._tall: list[int] = []
        self._words: dict[Line, _Words] = {}
        for number, line in enumerate(self._lines):
            bands = _bands(line.bottom, line.top)
            if len(bands) > _MOST_BANDS:
                self._tall.append(number)
            else:
                for band in bands:
                    self._bands.setdefault(band, []).append(number)

    def within(self, bottom: float, top: float) -> Sequence[Line]:
        """Return, in the order of the text, at least the lines that have some height in common with this."""
        bands = _bands(bottom, top)
        if len(bands) > _MOST_BANDS:
            return self._lines
        found = {number for band in bands for number in self._bands.get(band, ())}
        return [self._lines[number] for number in sorted(found.union(self._tall))]

    def above(self, bottom: float, gap: float) -> Iterator[Line]:
        """Yield the lines that begin at this height or higher, lowest first, up to `gap` times the height of the tallest."""
        for line in self._by_bottom[bisect_left(self._bottoms, bottom) :]:
            if line.bottom - bottom > gap * self._tallest:
                return
            yield line

    def index(self, line: Line, left: float, gap: float) -> int:
        """Return where the first word begins that is right of `left` and so far from the word before it, in points."""
        words = self._words.get(line)
        if words is None:
            words = self._words[line] = _Words.of(self._page, self._text, line)
        for number in range(bisect_left(words.reached, left), len(words.starts)):
            before = words.rights[number - 1] if number else line.left
            if words.lefts[number] >= left and words.lefts[number] - before >= gap:
                return words.starts[number]
        return line.end


class _Words(NamedTuple):
    starts: list[int]
    lefts: list[float]
    rights: list[float]
    reached: list[float]  # how far right a word begins, up to each

    @classmethod
    def of(cls, page: TextPage, text: str, line: Line) -> _Words:
        starts, lefts, rights = list[int](), list[float](), list[float]()
        for word in _WORD.finditer(text, line.start, line.end):
            box, end = page.box(word.start()), page.box(word.end() - 1)
            if box is not None and end is not None:
                starts.append(word.start())
                lefts.append(box[0])
                rights.append(end[2])
        return cls(starts, lefts, rights, list(accumulate(lefts, max)))


def _bands(bottom: float, top: float) -> range:
    low, high = (max(-_FARTHEST, min(_FARTHEST, edge)) for edge in (bottom, top))
    return range(int(low // _BAND), int(high // _BAND) + 1)


def _lines(page: TextPage, text: str) -> Iterator[Line]:
    start = 0
    for line in text.split("\n"):
        begin, start = start, start + len(line) + 1
        content = line.rstrip()
        if content.strip():
            first, last = begin + len(content) - len(content.lstrip()), begin + len(content) - 1
            one, other = page.box(first), page.box(last)
            if one is not None and other is not None:
                bottom, top = min(one[3], other[3]), max(one[1], other[1])
                yield Line(first, last + 1, min(one[0], other[0]), bottom, max(one[2], other[2]), top)
