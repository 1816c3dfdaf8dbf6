"""How far something is, as a line."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatbot_app.ui.theme import colors, em


class ThinBar(QWidget):
    """A share of a whole, as a line."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def share(self) -> float:
        """What is drawn, 0 to 1."""
        return self._share

    def set_share(self, share: float) -> None:
        """Draw another share, 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(em(self, 4), 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = colors(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        painter.setBrush(QColor(shown.border))
        painter.drawRoundedRect(area, 2, 2)
        area.setWidth(area.width() * self._share)
        painter.setBrush(QColor(shown.accent))
        painter.drawRoundedRect(area, 2, 2)
