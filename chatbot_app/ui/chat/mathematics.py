"""LaTeX as pictures: drawn one formula at a time between events, and kept."""

from __future__ import annotations

import importlib
import re
import warnings
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

MAX_SOURCE = 1_200  # characters; longer formulas take a noticeable pause to draw and are shown as source
MAX_DEPTH = 24
MAX_KEPT = 2_000
MAX_SIDE = 8_000  # pixels
# Imported one per event: together they would stop the window for a quarter of a second.
_MODULES = ("latex2mathml.converter", "ziafont", "ziamath")


@dataclass(frozen=True, slots=True)
class Formula:
    """What to draw: LaTeX, display or inline style, size in pixels, colour, device pixels per pixel."""

    tex: str
    display: bool
    size: float
    colour: str
    ratio: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn formula: the image, its size in pixels, how far it hangs below the line of text.

    `image` is None when the LaTeX could not be read: its source is shown instead.
    """

    image: QImage | None
    width: float = 0.0
    height: float = 0.0
    depth: float = 0.0


class MathRenderer(QObject):
    """Draws formulas with ziamath between events and tells when one is ready."""

    picture_drawn = Signal(object)  # the Formula that `picture()` now answers

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: OrderedDict[Formula, Picture] = OrderedDict()
        self._queue: deque[Formula] = deque()
        self._queued: set[Formula] = set()
        self._to_import = list(_MODULES)
        self._timer = QTimer(self)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._draw_next)

    def picture(self, formula: Formula) -> Picture | None:
        """Return the picture, or None while it waits to be drawn."""
        if formula in self._pictures:
            self._pictures.move_to_end(formula)
            return self._pictures[formula]
        if not drawable(formula.tex):
            return Picture(None)
        if formula not in self._queued:
            self._queued.add(formula)
            self._queue.append(formula)
            self._timer.start()
        return None

    @property
    def is_idle(self) -> bool:
        """Whether every formula that was asked for is drawn."""
        return not self._queue

    @Slot()
    def _draw_next(self) -> None:
        if not self._queue:
            self._timer.stop()
            return
        if self._to_import:
            with warnings.catch_warnings():
                # ziamath finds its font with a function that Python has deprecated.
                warnings.simplefilter("ignore", DeprecationWarning)
                importlib.import_module(self._to_import.pop(0))
            return
        formula = self._queue.popleft()
        self._queued.discard(formula)
        self._pictures[formula] = draw(formula)
        while len(self._pictures) > MAX_KEPT:
            self._pictures.popitem(last=False)
        self.picture_drawn.emit(formula)


def drawable(tex: str) -> bool:
    """Whether the LaTeX is short and shallow enough to be drawn at once."""
    if not tex.strip() or len(tex) > MAX_SOURCE:
        return False
    depth = deepest = 0
    for character in tex:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    return deepest <= MAX_DEPTH and len(re.findall(r"\\left|\\begin", tex)) <= MAX_DEPTH


def draw(formula: Formula) -> Picture:
    """Draw the formula; a picture without image means that the LaTeX is wrong."""
    from ziamath.config import config
    from ziamath.zmath import Latex

    config.svg2 = False  # QtSvg knows paths, not SVG 2's symbols
    try:
        drawn: Any = Latex(formula.tex, size=formula.size, color=formula.colour, inline=not formula.display)
        svg = drawn.svg()
        # An unknown command comes through as a word that begins with a backslash.
        if "\\" in drawn.mathmlstr():
            return Picture(None)
    except Exception:  # noqa: BLE001 - latex2mathml and ziamath raise KeyError, IndexError, ParseError…
        return Picture(None)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    box = renderer.viewBoxF()
    width, height = box.width(), box.height()
    if not renderer.isValid() or not (0 < width < MAX_SIDE and 0 < height < MAX_SIDE):
        return Picture(None)
    image = QImage(
        max(1, round(width * formula.ratio)),
        max(1, round(height * formula.ratio)),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    image.setDevicePixelRatio(formula.ratio)
    return Picture(image, width, height, box.y() + height)
