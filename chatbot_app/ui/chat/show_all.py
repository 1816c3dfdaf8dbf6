"""The button below what is too long to be shown at once."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look


class ShowAllButton(ChatButton):
    """Offers the rest, and takes no room while there is none."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, "", " ", "show_all_button", parent, caption=" ")
        self.hide()

    def offer(self, words: str) -> int:
        """Show these words, or nothing for ""; return the height of the footer that this takes, in pixels."""
        self.setVisible(bool(words))
        if not words:
            return 0
        self.set_words(words)
        self.set_caption(words)
        return self._look.px(2.4)

    def place(self, x: int, y: int) -> None:
        """Stand at a place, as wide as the words."""
        hint = self.sizeHint()
        self.setGeometry(x, y, hint.width(), hint.height())
