"""Fonts, sizes and colours of a conversation, taken once for all blocks that are drawn together."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.palettes import Colors
from chatbot_app.ui.theme import colors

LINE_HEIGHT = 142  # per cent; long answers read better with air between the lines
TEXT_WIDTH = 46  # em; about 90 characters, the upper end of what reads well
SIDE = 1.6  # em beside the text, at least
_HEADING_FACTORS = (1.5, 1.28, 1.14, 1.05, 1.0, 0.95)


@dataclass(frozen=True)
class Look:
    """What blocks are drawn with; `em` and `line` are pixels of the text font, `ratio` pixels per point."""

    colors: Colors
    font: QFont
    code_font: QFont
    em: float
    line: float
    ratio: float

    def heading_font(self, level: int) -> QFont:
        """Return the font of a heading, level 1 to 6."""
        return sized(self.font, _HEADING_FACTORS[min(max(level, 1), 6) - 1], QFont.Weight.DemiBold)

    def small_font(self) -> QFont:
        """Return the font of quiet lines."""
        return sized(self.font, 0.88)

    def px(self, factor: float) -> int:
        """Return `factor` em in whole pixels."""
        return max(1, round(self.em * factor))


def sized(font: QFont, factor: float, weight: QFont.Weight | None = None) -> QFont:
    """Return a copy of `font`, `factor` times as large."""
    copy = QFont(font)
    if font.pointSizeF() > 0:
        copy.setPointSizeF(font.pointSizeF() * factor)
    else:
        copy.setPixelSize(max(1, round(font.pixelSize() * factor)))
    if weight is not None:
        copy.setWeight(weight)
    return copy


def look_of(widget: QWidget) -> Look:
    """Return the look for `widget`: its palette, its font."""
    font = sized(widget.font(), 1.06)
    code = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    size = QFontMetricsF(font)
    if font.pointSizeF() > 0:
        code.setPointSizeF(font.pointSizeF() * 0.92)
    else:
        code.setPixelSize(max(1, round(font.pixelSize() * 0.92)))
    code.setStyleHint(QFont.StyleHint.Monospace)
    em = size.height() * 0.82
    return Look(colors(widget), font, code, em, size.height(), widget.devicePixelRatioF())
