"""Which colour is which head; a click on one leaves it alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from chatbot_app.ui.lab.attention_picture import head_ink
from chatbot_app.ui.theme import colors, em

_CELL, _ROW = 2.6, 1.3  # lines of text


class HeadLegend(QWidget):
    """A square and a number for each head. The keyboard chooses heads in the field of the page."""

    head_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attention_legend")
        self.setAccessibleName(self.tr("Colours of the heads"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._heads = 0

    def show_heads(self, count: int) -> None:
        """Show the colours of so many heads; none hides it."""
        self._heads = count
        self.setVisible(count > 0)
        self.updateGeometry()
        self.update()

    def place_of(self, head: int) -> QRect:
        """Return where a head is shown."""
        width, row = em(self, _CELL), em(self, _ROW)
        line, column = divmod(head, self._in_a_row(self.width()))
        return QRect(column * width, line * row, width, row)

    def _in_a_row(self, width: int) -> int:
        return max(1, width // em(self, _CELL))

    def _head_at(self, place: QPoint) -> int | None:
        return next((head for head in range(self._heads) if self.place_of(head).contains(place)), None)

    # --- Qt ------------------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return -(-self._heads // self._in_a_row(width)) * em(self, _ROW)

    def sizeHint(self) -> QSize:
        return QSize(em(self, 10), self.heightForWidth(max(self.width(), em(self, 10))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, shown = QPainter(self), colors(self)
        side = em(self, 0.7)
        for head in range(self._heads):
            place = self.place_of(head)
            square = QRect(place.left(), place.center().y() - side // 2, side, side)
            painter.fillRect(square, head_ink(shown, head))
            painter.setPen(QColor(shown.muted))
            words = place.adjusted(side + em(self, 0.25), 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, str(head))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        head = self._head_at(event.position().toPoint())
        if head is not None and event.button() == Qt.MouseButton.LeftButton:
            self.head_chosen.emit(head)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            head = self._head_at(event.pos())
            words = self.tr("Show head {head} alone").format(head=head) if head is not None else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)
