"""Draws what has arrived, at most some 25 times a second, and lets the line below an answer count on."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Slot

from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.transcript_messages import TranscriptMessages
from chatbot_app.ui.chat.transcript_placement import TranscriptPlacement

FLUSH_MS = 40  # between two pictures
TICK_MS = 160  # of the time and the dots below an answer
FED_AT_MOST = 2_000  # characters at once


class TextFlush(QObject):
    """The one clock of streaming. Text that comes after a pause is drawn at once: it has been gathered before."""

    def __init__(
        self,
        messages: TranscriptMessages,
        placement: TranscriptPlacement,
        drawing: Drawing,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._messages = messages
        self._placement = placement
        self._drawing = drawing
        self._flushed = 0.0  # when it was done last, seconds
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)
        self._ticking = QTimer(self)
        self._ticking.setInterval(TICK_MS)
        self._ticking.timeout.connect(self._tick)
        messages.streaming_shown.connect(self.soon)

    @Slot()
    def soon(self) -> None:
        """Something is to be drawn."""
        if not self._timer.isActive():
            waited = round((perf_counter() - self._flushed) * 1_000)
            self._timer.start(max(FLUSH_MS - waited, 0))

    def stop(self) -> None:
        """Nothing is to be drawn any more."""
        self._timer.stop()
        self._ticking.stop()

    @Slot()
    def flush(self) -> None:
        """Draw what arrived since the last time, as much of it as a step allows; a faster stream waits its turn."""
        self._timer.stop()
        self._flushed = perf_counter()
        self._placement.begin_step()
        is_behind = is_streaming = False
        for view in self._messages.growing():
            while not view.body.is_fed and self._drawing.step.has_room:
                view.body.feed(at_most=FED_AT_MOST)
                view.invalidate()
            is_behind |= not view.body.is_fed
            is_streaming |= view.is_streaming
        self._placement.place()
        if is_behind:
            self._timer.start(FLUSH_MS)
        if not is_streaming:
            self._ticking.stop()
        elif not self._ticking.isActive():
            self._ticking.start()

    @Slot()
    def _tick(self) -> None:
        is_streaming = False
        for view in self._messages.growing():
            view.content.arriving.tick()
            is_streaming |= view.is_streaming
        if not is_streaming:
            self._ticking.stop()
