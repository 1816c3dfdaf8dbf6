"""Where the words of a PDF page stand, as PDFium knows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter
from typing import NamedTuple

from chatbot_app.knowledge.tables.pdfium_calls import Box, Point, TextPage

_WORD = re.compile(r"\S+")
_BASE, _HEIGHT, _LEFT, _FIRST = attrgetter("base"), attrgetter("height"), attrgetter("left"), itemgetter(0)
_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
_FIGURES = re.compile(
    r"\d[\d.,]*[)%]?[ \t]+[($€£¥+−–-]*\d|[\d)%][ \t]*$|[ \t][—–][ \t]*$", re.MULTILINE
)  # as in rows
_OF_FIGURES = re.compile(r"[\d)%—–]")  # none is without one: a quick look
_NEAR_LINES = 2
_WORDS_OF_PROSE = 8
_SAME_LINE = 0.35  # of the height: baselines that differ by less are one line, a raised note included
# Characters between words of one printed line in the order of the file. Cells of a row are near to each other;
# the columns of a two-column page are apart by half of its text.
_NEIGHBOURS = 1200
_JUMP = 5.0  # times the height: a line that stands so far above the one before it in the file begins a column
_RAISED = 0.7
_MIDDLE = 0.3  # of the height above the line that letters stand on
_SMALLER = 0.85
_NEAR_MARK = 3  # characters: one that the file has elsewhere is no part of the line there
_LONGEST_MARK = 4  # characters


class Word(NamedTuple):
    """Characters `start` to `end` of a page's text, upright, in points; `base` grows upwards."""

    start: int
    end: int
    left: float
    right: float
    base: float
    height: float
    text: str


def words_of(page: TextPage, text: str, rotation: int = 0) -> list[Word]:
    """Return the words of a page whose PDFium text is `text`, in the order of the file.

    `rotation` is that of the page in degrees, clockwise: a table on its side is read as it is seen. A line of prose
    far from any figures is one word: where it begins and ends is all that is asked of it, and asking costs time.
    """
    make = tuple.__new__
    words: list[Word] = []
    for start, end, (x, y), (left, top, right, bottom) in _placed(page, _spans(text)):
        if not rotation:
            begin, stop, base, height = x, right, y, top - bottom
        elif rotation == 90:
            begin, stop, base, height = y, top, -x, right - left
        elif rotation == 270:
            begin, stop, base, height = -y, -bottom, x, right - left
        else:
            begin, stop, base, height = -x, -left, -y, top - bottom
        # Without the call of a function that Word(…) is: there are ten thousand words in a report.
        values = (
            start,
            end,
            begin,
            stop if stop > begin else begin,
            base,
            abs(height) or 1.0,
            text[start:end],
        )
        words.append(make(Word, values))
    return words


class PlacedWords:
    """Each word of an upright page, those of prose as well, in the order of the file.

    `middles` are the points (x, y) by which it is told in which cell each of them stands.
    """

    def __init__(self, page: TextPage, text: str) -> None:
        self._text = text
        self._places = [
            (start, end, x, right if right > x else x, y, abs(top - bottom) or 1.0)
            for start, end, (x, y), (_left, top, right, bottom) in _placed(
                page, [found.span() for found in _WORD.finditer(text)]
            )
        ]
        self.middles = [
            ((left + right) / 2, base + _MIDDLE * height)
            for _s, _e, left, right, base, height in self._places
        ]

    def word(self, number: int) -> Word:
        """Return the word of this number."""
        place = self._places[number]
        return Word(*place, self._text[place[0] : place[1]])

    def within(self, left: float, right: float, low: float, high: float) -> list[int]:
        """Return the numbers of the words whose middles stand in a box, in points; its right and upper side are outside."""
        return [number for number, (x, y) in enumerate(self.middles) if left <= x < right and low <= y < high]


def _placed(page: TextPage, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, Point, Box]]:
    """Yield (start, end, origin of the first character, box of the last one) of each span, where PDFium says it."""
    origins = page.origins([start for start, _end in spans])
    boxes = page.boxes([end - 1 for _start, end in spans])
    for (start, end), origin, box in zip(spans, origins, boxes, strict=True):
        if origin is not None and box is not None:
            yield start, end, origin, box


def _spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the words of a text, or of whole lines of prose."""
    lines = [found.span() for found in _LINE.finditer(text)]
    has_figures = [_has_figures(text, start, end) for start, end in lines]
    spans: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(lines):
        near = True in has_figures[max(0, number - _NEAR_LINES) : number + _NEAR_LINES + 1]
        if not near and _is_prose(text[start:end]):
            spans.append((start, end))
        else:
            spans += [found.span() for found in _WORD.finditer(text, start, end)]
    return spans


def _has_figures(text: str, start: int, end: int) -> bool:
    first = _OF_FIGURES.search(text, start, end)
    return first is not None and _FIGURES.search(text, max(start, first.start() - 1), end) is not None


def _is_prose(line: str) -> bool:
    words = line.split()
    return len(words) >= _WORDS_OF_PROSE and 2 * sum(word[0].islower() for word in words) >= len(words)


def printed_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Return the words of each printed line from left to right; the lines of a column of text from the top.

    Columns come in the order of the file.
    """
    rows: list[list[Word]] = []
    tallest_base, tallest = float("inf"), 0.0  # of the last row: they say where it stands
    for word in sorted(words, key=_BASE, reverse=True):
        height = word.height
        below = tallest_base - word.base
        is_same = below < _SAME_LINE * (tallest if tallest > height else height)
        if not is_same and rows:
            is_mark = tallest < _SMALLER * height and below < _RAISED * height
            is_same = is_mark and _are_marks(rows[-1])
        if rows and is_same:
            rows[-1].append(word)
            if height > tallest:
                tallest_base, tallest = word.base, height
        else:
            rows.append([word])
            tallest_base, tallest = word.base, height
    lines = [part for row in rows for part in _near_in_file(row)]
    lines.sort(key=_FIRST)
    strips: list[list[tuple[float, list[Word]]]] = []
    before = float("-inf")
    for _start, line in lines:
        base = line[0].base if len(line) == 1 else max(line, key=_HEIGHT).base
        if not strips or base - before > _JUMP * line[0].height:
            strips.append([])
        strips[-1].append((base, line))
        before = base
    return [line for strip in strips for _base, line in sorted(strip, key=_FIRST, reverse=True)]


def _are_marks(row: Sequence[Word]) -> bool:
    """Whether a row holds nothing but what may be raised beside a word: "Level 1 ¹"."""
    return all(len(mark.text) <= _LONGEST_MARK for mark in row)


def _near_in_file(row: list[Word]) -> Iterator[tuple[int, list[Word]]]:
    """Yield the words of a row that the file has near to each other, and where the first of them begins there.

    Marks may be drawn at the end of a page.
    """
    if len(row) == 1:
        yield row[0].start, row
        return
    ordered = sorted(row)
    heights = [word.height for word in row]
    tallest = max(heights)
    if ordered[-1].start - ordered[0].start < _NEIGHBOURS and min(heights) >= _SMALLER * tallest:
        yield ordered[0].start, sorted(ordered, key=_LEFT)
        return
    part = [ordered[0]]
    for word in ordered[1:]:
        is_mark = min(word.height, part[-1].height) < _SMALLER * tallest
        if word.start - part[-1].end > (_NEAR_MARK if is_mark else _NEIGHBOURS):
            yield part[0].start, sorted(part, key=_LEFT)
            part = []
        part.append(word)
    yield part[0].start, sorted(part, key=_LEFT)
