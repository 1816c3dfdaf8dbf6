"""Buttons and words of dialogs: named for tests and screen readers, never read as rich text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget


def dialog_button(parent: QWidget, name: str, words: str) -> QPushButton:
    """Return a button that Return does not press: it belongs to what has the keyboard."""
    button = QPushButton(words, parent)
    button.setObjectName(name)
    button.setAccessibleName(words.removesuffix("…"))
    button.setAutoDefault(False)
    return button


def plain_label(parent: QWidget, name: str, words: str = "", *, shrinks: bool = False) -> QLabel:
    """Return a label that breaks its lines; one that `shrinks` asks for no width of its own."""
    label = QLabel(words, parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if shrinks:
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
