"""A line that opens and closes what stands below it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.chat_button import draw_chevron
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.painted_button import PaintedButton


class FoldHeader(PaintedButton):
    """Checked while it is open; `setText` says what there is."""

    def __init__(self, look: Look, name: str, parent: QWidget) -> None:
        super().__init__(look, name, parent)
        self.setCheckable(True)
        self.setFont(look.small_font())

    def say(self, words: str) -> None:
        """Show and announce these words."""
        self.setText(words)
        self.setAccessibleName(words)

    def wanted_width(self) -> int:
        """Return the width of the words with their arrow, in pixels."""
        return round(QFontMetricsF(self.font()).horizontalAdvance(self.text()) + self._look.em * 1.9)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = self.smooth_painter()
        ink = shown.text if self.underMouse() or self.hasFocus() else shown.muted
        centre = QPointF(look.em * 0.5, self.height() / 2)
        draw_chevron(painter, centre, look.em * 0.42, ink, down=self.isChecked())
        painter.setFont(self.font())
        painter.setPen(QColor(ink))
        area = QRectF(look.em * 1.2, 0, self.width() - look.em * 1.4, self.height())
        words = QFontMetricsF(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        self.draw_focus(painter)
