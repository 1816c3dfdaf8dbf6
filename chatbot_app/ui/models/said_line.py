"""A sentence below a list: what became of what the person asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.theme import set_look


class SaidLine(QLabel):
    """Hidden while there is nothing to say."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()

    def say(self, words: str, look: str = "muted") -> None:
        """Show a sentence, "" none."""
        self.setText(visible_text(words))
        self.setAccessibleName(visible_text(words))
        set_look(self, look)
        self.setVisible(bool(words))
