"""Fields whose value the wheel changes only where they have the focus: whoever scrolls past them changes nothing unseen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSlider, QSpinBox, QWidget

from chatbot_app.ui.theme import em


def passes_wheel(field: QWidget, event: QWheelEvent) -> bool:
    """Leave the wheel to what is around a field without the focus; return whether that was done."""
    if field.hasFocus():
        return False
    event.ignore()
    return True


def indent(field: QAbstractSpinBox) -> None:
    """Put room before what stands in a field: Qt leaves none, whatever the style sheet says."""
    field.lineEdit().setTextMargins(em(field, 0.3), 0, 0, 0)


class CalmSpinBox(QSpinBox):
    """A whole number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Qt's own takes the focus from the wheel as well
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Let the number begin where the words of other fields begin."""
        indent(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not passes_wheel(self, event):
            super().wheelEvent(event)


class CalmDoubleSpinBox(QDoubleSpinBox):
    """A number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Let the number begin where the words of other fields begin."""
        indent(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not passes_wheel(self, event):
            super().wheelEvent(event)


class CalmSlider(QSlider):
    """A number between two ends."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not passes_wheel(self, event):
            super().wheelEvent(event)
