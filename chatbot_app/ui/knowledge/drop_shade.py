"""What lies over the panel while files are held above it, and the invitation of an empty library."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.icons import icon
from chatbot_app.ui.knowledge.document_delegate import scaled
from chatbot_app.ui.palettes import Colors
from chatbot_app.ui.theme import colors, em


def draw_invitation(widget: QWidget, painter: QPainter, shown: Colors, title: str, text: str) -> None:
    """Draw a dashed frame with a picture, a line and a paragraph in the middle."""
    line = em(widget)
    area = QRectF(widget.rect()).adjusted(2, 2, -2, -2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(shown.outline), 1, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(area, line * 0.6, line * 0.6)
    side = round(line * 2.2)
    inside = widget.rect().adjusted(line, 0, -line, 0)
    wrap = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    painter.setFont(scaled(widget.font(), 0.95))
    tall = painter.fontMetrics().boundingRect(inside, wrap, text).height() if text else 0
    top = max(round(area.top()) + line // 2, (widget.height() - side - round(line * 2.2) - tall) // 2)
    place = QRect((widget.width() - side) // 2, top, side, side)
    icon("inbox", shown.accent).paint(painter, place)
    painter.setPen(QColor(shown.text))
    painter.setFont(scaled(widget.font(), 1.05, bold=True))
    painter.drawText(
        QRect(inside.left(), place.bottom() + line // 2, inside.width(), round(line * 1.4)), wrap, title
    )
    painter.setPen(QColor(shown.muted))
    painter.setFont(scaled(widget.font(), 0.95))
    below = place.bottom() + line // 2 + round(line * 1.6)
    painter.drawText(QRect(inside.left(), below, inside.width(), widget.height() - below), wrap, text)


class Invitation(QWidget):
    """Fills an empty list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("knowledge_empty")
        self._title = ""
        self._text = ""

    def set_words(self, title: str, text: str) -> None:
        """Say something else."""
        self._title, self._text = title, text
        self.setAccessibleName(f"{title} {text}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_invitation(self, QPainter(self), colors(self), self._title, self._text)


class DropShade(QWidget):
    """Covers the panel while files are held above it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drop_shade")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = colors(self)
        painter = QPainter(self)
        ground = QColor(shown.info_background)
        ground.setAlphaF(0.95)
        painter.fillRect(self.rect(), ground)
        draw_invitation(self, painter, shown, self.tr("Drop to add"), "")
