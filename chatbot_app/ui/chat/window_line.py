"""The thin line in a conversation above which the model sees nothing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.look import Look


class WindowLine(QWidget):
    """Drawn between two messages; it takes neither the mouse nor the focus."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._words = self.tr("The model no longer sees what is above")
        self.setObjectName("window_line")
        self.setAccessibleName(self._words)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_look(self, look: Look) -> None:
        """Draw with other fonts and colours."""
        self._look = look
        self.update()

    def height_for(self, width: int) -> int:
        """Return the height, in pixels; the same for any width."""
        return self._look.px(1.5)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.setFont(look.small_font())
        metrics = QFontMetricsF(painter.font())
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, self.width() - look.em * 2)
        half = metrics.horizontalAdvance(words) / 2 + look.em * 0.8
        middle, y = self.width() / 2, self.height() // 2
        painter.setPen(QPen(QColor(look.colors.outline), 1))
        painter.drawLine(0, y, round(middle - half), y)
        painter.drawLine(round(middle + half), y, self.width(), y)
        painter.setPen(QColor(look.colors.muted))
        box = QRectF(middle - half, 0, 2 * half, self.height())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
