"""Plain text in lines of a width, painted without a widget of its own."""

from __future__ import annotations

import math
import unicodedata

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextLayout, QTextOption


def is_rtl(text: str) -> bool:
    """Whether the first letter of a text belongs to a script that is written from the right."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


class WrappedText:
    """Lays a text out once for a width; its first letter decides its direction."""

    def __init__(self, text: str, font: QFont, *, most_lines: int = 1_000, leading: float = 1.25) -> None:
        self.text = text
        self._font = font
        self._most_lines = most_lines
        self._leading = leading
        self._width = -1
        self._layout: QTextLayout | None = None
        self._height = 0
        self.is_cut = False
        self.is_rtl = is_rtl(text)

    def height_for(self, width: int) -> int:
        """Return the height at a width, in pixels."""
        if width != self._width or self._layout is None:
            self._width = width
            self._layout, shown, self.is_cut = self._lay_out(self.text, width)
            if self.is_cut:
                # Room for the sign that there is more.
                shortened = self.text[: max(shown - 2, 1)].rstrip() + " …"
                self._layout, _, _ = self._lay_out(shortened, width)
        return self._height

    def _lay_out(self, text: str, width: int) -> tuple[QTextLayout, int, bool]:
        layout = QTextLayout(text.replace("\n", "\u2028"), self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if self.is_rtl:
            option.setTextDirection(Qt.LayoutDirection.RightToLeft)
            option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        layout.setTextOption(option)
        layout.beginLayout()
        y, count, shown = 0.0, 0, 0
        is_cut = False
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            if count >= self._most_lines:
                is_cut = True
                break
            line.setLineWidth(max(width, 1))
            line.setPosition(QPointF(0, y))
            y += line.height() * self._leading
            shown = line.textStart() + line.textLength()
            count += 1
        layout.endLayout()
        self._height = math.ceil(y)
        return layout, shown, is_cut

    def paint(self, painter: QPainter, x: float, y: float, colour: str) -> None:
        """Draw the text with its left top at a place."""
        if self._layout is not None:
            painter.setPen(QColor(colour))
            self._layout.draw(painter, QPointF(x, y))
