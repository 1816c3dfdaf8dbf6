"""What Enter does in a text of more than one line: the same in the composer and in the editor of a message."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BREAKING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier


def is_enter(event: QKeyEvent) -> bool:
    """Whether Enter is pressed, on the keyboard or its numeric pad, with whatever modifiers."""
    return event.key() in _ENTER


def breaks_line(event: QKeyEvent) -> bool:
    """Whether an Enter breaks the line; any other one sends."""
    return bool(event.modifiers() & _BREAKING)


def enter_words(*, sends: bool = True) -> str:
    """Return the sentence that says so, for a text that is sent or one that is saved."""
    if sends:
        return QCoreApplication.translate("EnterKey", "Enter sends, Shift+Enter breaks the line.")
    return QCoreApplication.translate("EnterKey", "Enter saves, Shift+Enter breaks the line.")
