"""Where the words of a PDF page stand, as PDFium knows it."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

_WORD = re.compile(r"\S+")
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

    `rotation` is that of the page in degrees, clockwise: a table on its side is read as it is seen.
    """
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    origin, loose_box = raw.FPDFText_GetCharOrigin, raw.FPDFText_GetLooseCharBox
    handle = text_page.raw
    words: list[Word] = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        if not origin(handle, start, x, y):
            continue
        first = x.value, y.value
        if not loose_box(handle, end - 1, box):
            continue
        if rotation == 90:
            left, right, base, height = first[1], box.top, -first[0], box.right - box.left
        elif rotation == 270:
            left, right, base, height = -first[1], -box.bottom, first[0], box.right - box.left
        elif rotation == 180:
            left, right, base, height = -first[0], -box.left, -first[1], box.top - box.bottom
        else:
            left, right, base, height = first[0], box.right, first[1], box.top - box.bottom
        words.append(Word(start, end, left, max(left, right), base, abs(height) or 1.0, found.group()))
    return words


def printed_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Return the words of each printed line from left to right; the lines of a column of text from the top.

    Columns come in the order of the file.
    """
    rows: list[list[Word]] = []
    tallest = Word(0, 0, 0.0, 0.0, float("inf"), 0.0, "")  # of the last row: it says where the row stands
    for word in sorted(words, key=lambda word: -word.base):
        below = tallest.base - word.base
        is_mark = tallest.height < _SMALLER * word.height and below < _RAISED * word.height
        if rows and (
            below < _SAME_LINE * max(tallest.height, word.height) or (is_mark and _are_marks(rows[-1]))
        ):
            rows[-1].append(word)
            if word.height > tallest.height:
                tallest = word
        else:
            rows.append([word])
            tallest = word
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
