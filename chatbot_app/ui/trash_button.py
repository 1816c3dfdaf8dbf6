"""The way into the trash, which says how much is in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QPushButton, QWidget

from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.theme import colors, set_look


class TrashButton(QPushButton):
    """Of conversations."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("trash_button")
        set_look(self, "fold")
        self.set_count(0)
        self._tint()

    def set_count(self, count: int) -> None:
        """Say how many conversations are in the trash."""
        self.setText(self.tr("Trash ({n})").format(n=count) if count else self.tr("Trash"))
        said = {0: self.tr("Trash, empty"), 1: self.tr("Trash, 1 conversation")}
        many = self.tr("Trash, {n} conversations").format(n=count)
        self.setAccessibleName(said.get(count, many))

    def _tint(self) -> None:
        self.setIcon(icon("trash", colors(self).muted))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS:
            self._tint()
