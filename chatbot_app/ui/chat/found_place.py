"""Goes to what a search found in a message, though the message is still being read and measured."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QScrollArea

from chatbot_app.ui.chat.transcript_messages import TranscriptMessages
from chatbot_app.ui.chat.transcript_placement import TranscriptPlacement

_NO_WORDS = re.compile("(?!)")
STEP_MS = 40
STEPS_MOST = 200  # after that a place is not looked for any more


class FoundPlace(QObject):
    """Looks again and again until the place is found and nothing above it changes its height any more."""

    def __init__(
        self,
        area: QScrollArea,
        messages: TranscriptMessages,
        placement: TranscriptPlacement,
        is_settled: Callable[[], bool],
    ) -> None:
        """`is_settled` says whether everything that arrived has been drawn in `area`."""
        super().__init__(area)
        self._is_settled = is_settled
        self._area = area
        self._messages = messages
        self._placement = placement
        self._message_id = ""
        self._words = re.compile("")
        self._place, self._left = -1, 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._look)

    def show(self, message_id: str, words: re.Pattern[str]) -> None:
        """Mark words in a message and bring the first of them into sight."""
        self._message_id, self._words = message_id, words
        self._place, self._left = -1, STEPS_MOST
        self._messages.mark_found(message_id, words)
        self._look()

    def mark_all(self, message_ids: Iterable[str], words: re.Pattern[str] | None) -> None:
        """Mark words in those messages that are shown, and go nowhere; None takes the marks away."""
        if words is None:
            self.give_up()
        for message_id in message_ids:
            self._messages.mark_found(message_id, words or _NO_WORDS)

    @Slot()
    def give_up(self) -> None:
        """Somebody scrolls: they know better."""
        self._left = 0

    @Slot()
    def _look(self) -> None:
        view = self._messages.view_of(self._message_id)
        self._left -= 1
        if view is None or self._left < 0:
            return
        top = view.body.mark_found(self._words)
        if top is not None:
            place = view.y() + view.body.y() + top
            if place == self._place and self._is_settled():
                return
            self._place = place
            # A third of the way down, so that what stands before it is seen as well.
            self._area.verticalScrollBar().setValue(place - self._area.viewport().height() // 3)
            self._placement.place()
        elif view.body.is_fed:
            return
        self._timer.start()
