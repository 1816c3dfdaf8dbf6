"""How large a page is shown, and the keys that change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from statistics import median

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from chatbot_app.knowledge.places.pdf_pages import PageBox

_LINE_POINTS = (5.0, 40.0)  # of a line of text; outside of it a box is no line
_SMALLEST_ROW = 0.5  # of the reading size
_ONE_LINE = 1.8  # of its highest letter; two lines are higher
_LETTER_GAP = 0.7  # of a line's height: what stands closer are letters or words of one piece
_CELL_GAP = 1.5  # lines; words of a sentence stand closer


class Zoom(Enum):
    """What the size of the page follows."""

    READING = "reading"  # the passage is as large as the text of the window, a row of a table smaller
    WIDTH = "width"
    PAGE = "page"
    FREE = "free"  # the person chose it


@dataclass(frozen=True, slots=True)
class PartWanted:
    """A part of the page that should be drawn as fine as if the whole page were `pixels_across` wide."""

    number: int
    pixels_across: float
    place: PageBox


def reading_scale(
    boxes: Sequence[PageBox], size: tuple[float, float], letters: float, room: float
) -> float | None:
    """Return pixels a point at which marked lines are `letters` pixels high, None where there are none.

    `size` is that of the page in points, `room` how many pixels across are seen. A row of a table is smaller, as far as it is
    legible then: it is read with its figures in sight.
    """
    across, down = size
    boxes = _without_letters(boxes, across / down)
    lines = [min((box.bottom - box.top) * down, (box.right - box.left) * across) for box in boxes]
    lines = [line for line in lines if _LINE_POINTS[0] <= line <= _LINE_POINTS[1]]
    if not lines:
        return None
    row = _row_width(boxes, median(lines) / across) * across
    # PDFium's boxes reach from the letters' tops to their tails, without the room between lines.
    if not row:
        return letters / median(lines)
    reading = letters / max((box.bottom - box.top) * down for box in boxes)
    return min(reading, max(reading * _SMALLEST_ROW, room / row))


def _without_letters(boxes: Sequence[PageBox], shape: float) -> list[PageBox]:
    """Return the boxes with those as one that touch on a line: PDFium marks some pages letter by letter.

    `shape` is the page's width by its height. Boxes are in the order of the text.
    """
    joined: list[PageBox] = []
    for box in boxes:
        if joined and _touch(joined[-1], box, shape):
            last = joined[-1]
            right = max(last.right, box.right)
            joined[-1] = PageBox(last.left, min(last.top, box.top), right, max(last.bottom, box.bottom))
        else:
            joined.append(box)
    return joined


def _touch(box: PageBox, after: PageBox, shape: float) -> bool:
    """Whether a box goes on in the one after it, on the same line."""
    near = _LETTER_GAP * (box.bottom - box.top)
    is_beside = after.top < box.bottom and after.bottom > box.top
    return is_beside and -near < (after.left - box.right) * shape < near


def _row_width(boxes: Sequence[PageBox], line: float) -> float:
    """Return how wide a row of a table is, 0 where the boxes are none: cells on one line with wide gaps between them.

    `line` is the height of a line; all are shares of the page's width.
    """
    cells = sorted(boxes, key=lambda box: box.left)
    if len(cells) < 2:
        return 0.0
    # Of pages that PDFium marks letter by letter a comma is lower than its figure.
    high = max(box.bottom for box in cells) - min(box.top for box in cells)
    if high > _ONE_LINE * max(box.bottom - box.top for box in cells):
        return 0.0
    gaps = [after.left - before.right for before, after in pairwise(cells)]
    return cells[-1].right - cells[0].left if max(gaps) > _CELL_GAP * line else 0.0


def zoom_key(event: QKeyEvent) -> str:
    """Return "+", "-" or "0" for the keys that zoom, "" for any other."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return ""
    return {
        Qt.Key.Key_Plus: "+",
        Qt.Key.Key_Equal: "+",  # where + needs Shift
        Qt.Key.Key_Minus: "-",
        Qt.Key.Key_0: "0",
    }.get(Qt.Key(event.key()), "")
