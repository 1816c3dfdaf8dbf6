"""The button below what is too long to be shown at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look


class ShowAllOffer:
    """Offers the rest of what `area` shows, and calls `show` for it; the button is made where it is needed: rarely."""

    def __init__(self, look: Look, area: QWidget, show: Callable[[], None]) -> None:
        self._look = look
        self._area = area
        self._show = show
        self._button: ShowAllButton | None = None

    @property
    def is_offered(self) -> bool:
        """Whether the rest is offered now."""
        return self._button is not None and not self._button.isHidden()

    def offer(self, words: str) -> int:
        """Offer the rest in these words, or nothing for ""; return the height of the footer that this takes, in pixels."""
        if words and self._button is None:
            self._button = ShowAllButton(self._look, self._area)
            self._button.clicked.connect(self._show)
        return self._button.offer(words) if self._button is not None else 0

    def place(self, x: int, y: int) -> int:
        """Stand at a place, as wide as the words; return where the button ends, in pixels."""
        if self._button is None:
            return y
        self._button.place(x, y)
        return y + self._button.height()


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
