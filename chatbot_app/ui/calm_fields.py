"""Fields whose value the wheel changes only where they have the focus: whoever scrolls past them changes nothing unseen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSlider, QSpinBox, QWidget


def passes_wheel(field: QWidget, event: QWheelEvent) -> bool:
    """Leave the wheel to what is around a field without the focus; return whether that was done."""
    if field.hasFocus():
        return False
    event.ignore()
    return True


class CalmSpinBox(QSpinBox):
    """A whole number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Qt's own takes the focus from the wheel as well

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not passes_wheel(self, event):
            super().wheelEvent(event)


class CalmDoubleSpinBox(QDoubleSpinBox):
    """A number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not passes_wheel(self, event):
            super().wheelEvent(event)


class CalmSlider(QSlider):
    """A number between two ends."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not passes_wheel(self, event):
            super().wheelEvent(event)
