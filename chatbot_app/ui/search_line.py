"""A line in which something is looked for, with its sign."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.theme import colors


class SearchLine(QLineEdit):
    """`words` stand in it while it is empty, and are announced."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setPlaceholderText(words)
        self.setClearButtonEnabled(True)
        self._sign = QAction(self)
        self._sign.setObjectName("search_icon")
        self.addAction(self._sign, QLineEdit.ActionPosition.LeadingPosition)
        self._tint()

    def _tint(self) -> None:
        self._sign.setIcon(icon("search", colors(self).muted))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_sign"):
            self._tint()
