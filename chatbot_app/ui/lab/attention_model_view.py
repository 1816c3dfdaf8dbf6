"""The model view: every head of every layer as a small picture (Vig 2019); a click opens it in the head view."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from chatbot_app.lab.attention import FloatArray
from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.lab.attention_picture import (
    DIFFERENCE,
    AttentionPicture,
    head_ink,
    line_strength,
    sign_ink,
    strongest,
)
from chatbot_app.ui.theme import colors, em

_SMALLEST, _LARGEST = 2.0, 4.5  # lines of text: the side of a small picture
_LINES = 60  # of a small picture
_LEAST = 0.05
_A_TURN = 24  # small pictures that are drawn before the window is asked again


class AttentionModelView(QWidget):
    """A row for each layer, a column for each head. Arrow keys go through them, Enter or a click opens one."""

    head_opened = Signal(int, int)  # layer, head
    pointed = Signal(int, int)  # layer, head

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attention_model_view")
        self.setAccessibleName(self.tr("All layers and heads"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._picture: AttentionPicture | None = None
        self._side = 0
        self._at = (0, 0)
        self._small: dict[tuple[int, int], QPixmap] = {}
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.timeout.connect(self.update)

    @property
    def current(self) -> tuple[int, int]:
        """The layer and head that the keyboard stands at."""
        return self._at

    @property
    def drawn(self) -> int:
        """Of how many heads there is a small picture; they are drawn some at a time."""
        return len(self._small)

    def show_picture(self, picture: AttentionPicture | None, side: int = 0) -> None:
        """Draw all heads of a text, or the difference of two; None draws nothing."""
        is_other = picture is None or self._picture is None or picture.looks is not self._picture.looks
        if is_other or side != self._side:
            self._small.clear()
        self._picture, self._side = picture, side
        if picture is not None:
            self._at = (picture.layer, max(0, picture.head))
        self.setMinimumSize(self.minimumSizeHint())
        self.update()

    # --- where things are ------------------------------------------------------------------------------

    def _cell(self) -> int:
        """Return the side of a small picture with its margin."""
        heads = self._picture.heads if self._picture is not None else 1
        room = (self.width() - self._margin()) // heads
        return max(em(self, _SMALLEST), min(em(self, _LARGEST), room))

    def _margin(self) -> int:
        return self.fontMetrics().horizontalAdvance("000") + em(self, 0.5)

    def _top(self) -> int:
        return em(self, 1.4)

    def area_of(self, layer: int, head: int) -> QRect:
        """Return where a head is drawn."""
        cell = self._cell()
        return QRect(self._margin() + head * cell, self._top() + layer * cell, cell, cell)

    def _head_at(self, position: QPoint) -> tuple[int, int] | None:
        picture, cell = self._picture, self._cell()
        layer, head = (position.y() - self._top()) // cell, (position.x() - self._margin()) // cell
        if picture is None or not (0 <= layer < picture.layers and 0 <= head < picture.heads):
            return None
        return layer, head

    # --- Qt ------------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        if self._picture is None:
            return QSize(0, 0)
        return QSize(
            self._margin() + self._picture.heads * em(self, _SMALLEST),
            self._top() + self._picture.layers * self._cell() + 2,
        )

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        picture, shown = self._picture, colors(self)
        if picture is None:
            return
        painter = QPainter(self)
        painter.setPen(QColor(shown.muted))
        middle = Qt.AlignmentFlag.AlignCenter
        for head in range(picture.heads):
            place = self.area_of(0, head)
            painter.drawText(QRect(place.left(), 0, place.width(), self._top()), middle, str(head))
        made = 0
        for layer in range(picture.layers):
            row = QRect(0, self.area_of(layer, 0).top(), self.width(), self._cell())
            if not row.intersects(event.rect()):
                continue
            painter.setPen(QColor(shown.muted))
            painter.drawText(QRect(0, row.top(), self._margin(), row.height()), middle, str(layer))
            for head in range(picture.heads):
                place = self.area_of(layer, head).adjusted(2, 2, -2, -2)
                small = self._small.get((layer, head))
                is_current = small is not None and small.deviceIndependentSize().toSize() == place.size()
                if not is_current and made < _A_TURN:
                    small = self._small[layer, head] = self._drawn(layer, head, place.size())
                    made += 1
                if small is not None:
                    painter.drawPixmap(place, small)
                if (layer, head) == self._at:
                    painter.setPen(QPen(QColor(shown.accent), 2 if self.hasFocus() else 1))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRect(place.adjusted(0, 0, -1, -1))
        if made == _A_TURN:
            self._more.start(0)

    def _drawn(self, layer: int, head: int, size: QSize) -> QPixmap:
        assert self._picture is not None
        shown, ratio = colors(self), self.devicePixelRatioF()
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(shown.surface))
        weights: FloatArray = self._picture.weights(self._side, layer, head)[None]
        count = max(weights.shape[1:])
        if not count:
            return pixmap
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = size.width() * 0.12
        row = size.height() / (count + 1)
        for _, start, end in np.transpose(strongest(weights, _LEAST, _LINES)).tolist():
            weight = float(weights[0, start, end])
            ink = sign_ink(shown, weight) if self._side == DIFFERENCE else head_ink(shown, head)
            ink.setAlphaF(line_strength(weight, self._side == DIFFERENCE))
            painter.setPen(QPen(ink, 1))
            painter.drawLine(
                QPointF(inset, (start + 1) * row), QPointF(size.width() - inset, (end + 1) * row)
            )
        painter.end()
        return pixmap

    def _go_to(self, layer: int, head: int) -> None:
        self._at = layer, head
        self.pointed.emit(layer, head)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._head_at(event.position().toPoint())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(*found)
            self.head_opened.emit(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        picture, key = self._picture, Qt.Key(event.key())
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        if picture is None or (
            key not in steps and key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        ):
            super().keyPressEvent(event)
        elif key in steps:
            layer, head = (at + step for at, step in zip(self._at, steps[key], strict=True))
            self._go_to(max(0, min(picture.layers - 1, layer)), max(0, min(picture.heads - 1, head)))
        else:
            self.head_opened.emit(*self._at)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._head_at(event.pos())
            words = (
                self.tr("Layer {layer}, head {head}").format(layer=found[0], head=found[1]) if found else ""
            )
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_small"):
            self._small.clear()
            self.setMinimumSize(self.minimumSizeHint())
            self.update()
