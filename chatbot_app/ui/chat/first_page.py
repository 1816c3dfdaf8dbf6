"""What stands in the place of an empty conversation: suggestions, or the welcome of the first launch."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.card_page import CardPage
from chatbot_app.ui.chat.empty_state import EmptyState
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.transcript_actions import TranscriptActions


class FirstPage:
    """Fills `place` while there is nothing else to see there."""

    def __init__(self, look: Look, actions: TranscriptActions, place: QWidget) -> None:
        self._look = look
        self._actions = actions
        self._place = place
        self._is_welcome = False
        self._offers: Sequence[tuple[str, str]] = ()
        self._is_shown = True
        self._page: CardPage = EmptyState(look, actions, place)

    def show_welcome(self, *, is_wanted: bool) -> None:
        """Be the welcome, or the suggestions."""
        if is_wanted != self._is_welcome:
            self._is_welcome = is_wanted
            self.make_anew(self._look)

    def offer_servers(self, offers: Sequence[tuple[str, str]]) -> None:
        """Offer servers of this computer in the welcome: a sentence and the models of each."""
        self._offers = tuple(offers)
        if self._is_welcome:
            from chatbot_app.ui.chat.welcome import Welcome

            assert isinstance(self._page, Welcome)
            self._page.offer_servers(self._offers)

    def make_anew(self, look: Look) -> None:
        """Draw with other fonts or colours."""
        self._look = look
        self._page.blockSignals(True)
        self._page.hide()
        self._page.deleteLater()
        if self._is_welcome:
            from chatbot_app.ui.chat.welcome import Welcome

            self._page = welcome = Welcome(look, self._actions, self._place)
            welcome.offer_servers(self._offers)
        else:
            self._page = EmptyState(look, self._actions, self._place)
        self.fill()
        self.show(self._is_shown)

    def show(self, is_shown: bool) -> None:
        """Be seen, or not."""
        self._is_shown = is_shown
        self._page.setVisible(is_shown)

    def fill(self) -> None:
        """Be as large as the place is."""
        self._page.setGeometry(self._place.rect())
