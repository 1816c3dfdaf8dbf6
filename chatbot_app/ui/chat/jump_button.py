"""The round button that leads back to the end of the conversation."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.painted_button import PaintedButton
from chatbot_app.ui.icons import icon


class JumpButton(PaintedButton):
    """A round button with an arrow down."""

    def __init__(self, look: Look, words: str, parent: QWidget) -> None:
        super().__init__(look, "jump_to_latest_button", parent)
        self.setToolTip(words)
        self.setAccessibleName(words)

    def set_look(self, look: Look) -> None:
        """Draw with other colours."""
        self._look = look
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self._look.colors
        painter = self.smooth_painter()
        painter.setBrush(QColor(shown.raised if self.is_hot else shown.surface))
        painter.setPen(QPen(QColor(shown.accent if self.hasFocus() else shown.outline), 1.2))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        side = self._look.px(1.15)
        corner = QPoint((self.width() - side) // 2, (self.height() - side) // 2)
        icon("chevron-down", shown.text).paint(painter, corner.x(), corner.y(), side, side)
