"""Messages are split into blocks before anybody scrolls to them."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject
from shiboken6 import isValid

from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.safe_document import warm_up
from chatbot_app.ui.chat.transcript_messages import TranscriptMessages
from chatbot_app.ui.chat.transcript_placement import TranscriptPlacement

_OVER = object()  # of a job without more steps


class ReadingAhead:
    """Reads the messages near the end of a conversation, the newest first, when nothing else is to be done."""

    def __init__(
        self,
        messages: TranscriptMessages,
        placement: TranscriptPlacement,
        drawing: Drawing,
        owner: QObject,
    ) -> None:
        """Nothing is read any more when `owner` is deleted."""
        self._messages = messages
        self._placement = placement
        self._drawing = drawing
        self._owner = owner

    def begin(self) -> None:
        """Read them in idle time."""
        self._drawing.idle.add(self.steps(), self._owner)

    def steps(self) -> Iterator[None]:
        """Split the messages that there are now into blocks, yielding after each step."""
        yield from warm_up(self._drawing.look)
        for view in reversed(self._messages.views()):
            if not isValid(view):
                continue  # scrolled away meanwhile
            reading = view.body.feed_all()
            while isValid(view) and next(reading, _OVER) is not _OVER:
                self._placement.later()
                yield  # meanwhile it may go: another theme makes everything anew
