"""A line that opens and closes what stands below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from chatbot_app.ui.chat.chat_button import draw_chevron
from chatbot_app.ui.chat.look import Look


class FoldHeader(QAbstractButton):
    """Checked while it is open; `setText` says what there is."""

    def __init__(self, look: Look, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setCheckable(True)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(look.small_font())

    def say(self, words: str) -> None:
        """Show and announce these words."""
        self.setText(words)
        self.setAccessibleName(words)

    def wanted_width(self) -> int:
        """Return the width of the words with their arrow, in pixels."""
        return round(QFontMetricsF(self.font()).horizontalAdvance(self.text()) + self._look.em * 1.9)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = shown.text if self.underMouse() or self.hasFocus() else shown.muted
        centre = QPointF(look.em * 0.5, self.height() / 2)
        draw_chevron(painter, centre, look.em * 0.42, ink, down=self.isChecked())
        painter.setFont(self.font())
        painter.setPen(QColor(ink))
        area = QRectF(look.em * 1.2, 0, self.width() - look.em * 1.4, self.height())
        words = QFontMetricsF(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        if self.hasFocus():
            painter.setPen(QPen(QColor(shown.accent), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
