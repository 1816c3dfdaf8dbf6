"""The straight lines that are drawn on a page of a PDF: what may rule a table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from chatbot_app.knowledge.tables.pdfium_calls import DrawnPaths, Point

_THIN = 3.0  # points: how thick a line may be; programs draw lines as flat rectangles, too
_THICKEST = 4.0  # with what PDFium adds to the bounds of what is drawn with a pen
_SHORTEST = 6.0  # points
_STRAIGHT = 0.5  # points
_MOST_OBJECTS = 20_000  # of a page: more is a drawing or a map
_MOST_SEGMENTS = 40_000
_MOST_RULINGS = 8000


class Ruling(NamedTuple):
    """A line across or down a page: `at` is its y or x, `begin` to `end` how far it goes, in points; y grows upwards."""

    is_across: bool
    at: float
    begin: float
    end: float


def rulings_of(page: Any) -> list[Ruling]:
    """Return the lines across and down a page of pypdfium2's; none where there are too many to be a table's."""
    drawn = DrawnPaths(page)
    paths = drawn.paths(_MOST_OBJECTS)
    found: list[Ruling] = []
    thick: list[int] = []
    for path, (left, low, right, high) in zip(paths, drawn.bounds(paths), strict=True):
        if high - low <= _THICKEST:
            if right - left >= _SHORTEST:
                found.append(Ruling(True, (low + high) / 2, left, right))
        elif right - left <= _THICKEST:
            if high - low >= _SHORTEST:
                found.append(Ruling(False, (left + right) / 2, low, high))
        else:
            thick.append(path)
    if sum(drawn.segments(thick)) > _MOST_SEGMENTS:
        return []
    for points in drawn.outlines(thick):
        found += _of_outline(points)
    return found if len(found) <= _MOST_RULINGS else []


def _of_outline(points: list[Point]) -> Iterator[Ruling]:
    """Yield the lines of an outline: itself where it is as thin as one, else its straight sides, of a field of colour as well."""
    xs, ys = zip(*points, strict=True)
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    if high - low <= _THIN < _SHORTEST <= right - left:
        yield Ruling(True, (low + high) / 2, left, right)
    elif right - left <= _THIN < _SHORTEST <= high - low:
        yield Ruling(False, (left + right) / 2, low, high)
    else:
        for (x, y), (to_x, to_y) in pairwise(points):
            if abs(y - to_y) < _STRAIGHT and abs(x - to_x) >= _SHORTEST:
                yield Ruling(True, y, min(x, to_x), max(x, to_x))
            elif abs(x - to_x) < _STRAIGHT and abs(y - to_y) >= _SHORTEST:
                yield Ruling(False, x, min(y, to_y), max(y, to_y))
