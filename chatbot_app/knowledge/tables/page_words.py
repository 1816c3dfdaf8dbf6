"""Where the words of a PDF page stand, as PDFium knows it."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

_WORD = re.compile(r"\S+")
_BASE = attrgetter("base")
_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
_FIGURES = re.compile(
    r"\d[\d.,]*[)%]?[ \t]+[($€£¥+−–-]*\d|[\d)%][ \t]*$|[ \t][—–][ \t]*$", re.MULTILINE
)  # as in rows
_NEAR_LINES = 2
_WORDS_OF_PROSE = 8
_SAME_LINE = 0.35  # of the height: baselines that differ by less are one line, a raised note included
# Characters between words of one printed line in the order of the file. Cells of a row are near to each other;
# the columns of a two-column page are apart by half of its text.
_NEIGHBOURS = 1200
_JUMP = 5.0  # times the height: a line that stands so far above the one before it in the file begins a column
_RAISED = 0.7
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


def words_of(text_page: Any, text: str, rotation: int = 0) -> list[Word]:
    """Return the words of a page whose PDFium text is `text`, in the order of the file.

    `rotation` is that of the page in degrees, clockwise: a table on its side is read as it is seen. A line of prose
    far from any figures is one word: where it begins and ends is all that is asked of it, and asking costs time.
    """
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    origin, loose_box = raw.FPDFText_GetCharOrigin, raw.FPDFText_GetLooseCharBox
    handle = text_page.raw
    words: list[Word] = []
    for start, end in _spans(text):
        if not origin(handle, start, x, y) or not loose_box(handle, end - 1, box):
            continue
        if not rotation:
            left, right, base, height = x.value, box.right, y.value, box.top - box.bottom
        elif rotation == 90:
            left, right, base, height = y.value, box.top, -x.value, box.right - box.left
        elif rotation == 270:
            left, right, base, height = -y.value, -box.bottom, x.value, box.right - box.left
        else:
            left, right, base, height = -x.value, -box.left, -y.value, box.top - box.bottom
        words.append(
            Word(start, end, left, right if right > left else left, base, abs(height) or 1.0, text[start:end])
        )
    return words


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the words of a text, or of whole lines of prose."""
    lines = [found.span() for found in _LINE.finditer(text)]
    has_figures = [_FIGURES.search(text, start, end) is not None for start, end in lines]
    for number, (start, end) in enumerate(lines):
        near = has_figures[max(0, number - _NEAR_LINES) : number + _NEAR_LINES + 1]
        if not any(near) and _is_prose(text[start:end]):
            yield start, end
        else:
            for found in _WORD.finditer(text, start, end):
                yield found.span()


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
    lines.sort(key=lambda line: min(word.start for word in line))
    strips: list[list[list[Word]]] = []
    base = float("-inf")
    for line in lines:
        if not strips or _base(line) - base > _JUMP * line[0].height:
            strips.append([])
        strips[-1].append(line)
        base = _base(line)
    return [line for strip in strips for line in sorted(strip, key=lambda line: -_base(line))]


def _left(word: Word) -> float:
    return word.left


def _base(line: Sequence[Word]) -> float:
    return max(line, key=lambda word: word.height).base


def _are_marks(row: Sequence[Word]) -> bool:
    """Whether a row holds nothing but what may be raised beside a word: "Level 1 ¹"."""
    return all(len(mark.text) <= _LONGEST_MARK for mark in row)


def _near_in_file(row: Sequence[Word]) -> Iterable[list[Word]]:
    """Yield the words of a row that the file has near to each other: marks may be drawn at the end of a page."""
    if len(row) == 1:
        yield list(row)
        return
    ordered = sorted(row)
    heights = [word.height for word in row]
    tallest = max(heights)
    if ordered[-1].start - ordered[0].start < _NEIGHBOURS and min(heights) >= _SMALLER * tallest:
        ordered.sort(key=_left)
        yield ordered
        return
    part = [ordered[0]]
    for word in ordered[1:]:
        is_mark = min(word.height, part[-1].height) < _SMALLER * tallest
        if word.start - part[-1].end > (_NEAR_MARK if is_mark else _NEIGHBOURS):
            yield sorted(part, key=_left)
            part = []
        part.append(word)
    yield sorted(part, key=_left)
