"""What all buttons of a conversation share that paint themselves: where the mouse and the keyboard are, and Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from chatbot_app.ui.chat.enter_key import is_enter
from chatbot_app.ui.chat.look import Look

_FOCUS = 1.5  # pixels: the line around what has the keyboard


class PaintedButton(QAbstractButton):
    """Painted by its subclass in a `Look`; Space and Enter press it."""

    def __init__(self, look: Look, object_name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName(object_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def is_hot(self) -> bool:
        """Whether a press would come from here: under the mouse, or pressed."""
        return self.isEnabled() and (self.underMouse() or self.isDown())

    def smooth_painter(self) -> QPainter:
        """Return a painter of the button with smooth edges."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter

    def ground(self) -> QRectF:
        """Return what a ground fills, with room for the line of the focus."""
        return QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)

    def draw_ground(self, painter: QPainter, fill: str = "") -> None:
        """Fill the ground with a colour; without one, only where the mouse is."""
        colour = fill or (self._look.colors.raised if self.is_hot else "")
        if colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(self.ground(), self._radius(), self._radius())

    def draw_focus(self, painter: QPainter) -> None:
        """Draw a line around the button where it has the keyboard."""
        if self.hasFocus():
            self.draw_outline(painter, self._look.colors.accent, _FOCUS)

    def draw_outline(self, painter: QPainter, colour: str, width: float) -> None:
        """Draw a line around the ground, so many pixels wide."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colour), width))
        painter.drawRoundedRect(self.ground(), self._radius(), self._radius())

    def _radius(self) -> float:
        return self._look.em * 0.45

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt's own buttons outside of dialogs are pressed by Space alone.
        if is_enter(event) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()
