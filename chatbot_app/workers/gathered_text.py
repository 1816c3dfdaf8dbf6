"""Pieces of text that arrive close together, as one event."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from chatbot_app.chat.events import ReasoningAppended, TextAppended, TurnEvent

# A server may send a hundred tokens a millisecond; the window wants some twenty-five pictures a second.
FLUSH_SECONDS = 0.04


class GatheredText:
    """Joins pieces of text that arrive close together into one event, keeping the order of events."""

    def __init__(self, emit: Callable[[TurnEvent], None]) -> None:
        self._emit = emit
        self._kind: type[TextAppended] | type[ReasoningAppended] = TextAppended
        self._pieces: list[str] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, event: TurnEvent) -> None:
        """Take an event: text waits for more of its kind, at most FLUSH_SECONDS; all else goes on at once, behind what waits."""
        if not isinstance(event, TextAppended | ReasoningAppended):
            self.flush()
            self._emit(event)
            return
        if type(event) is not self._kind:
            self.flush()
            self._kind = type(event)
        self._pieces.append(event.text)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Emit what has gathered."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._pieces:
            text = "".join(self._pieces)
            self._pieces.clear()
            self._emit(self._kind(text))
