"""Another look of a conversation: the palette, the font or the screen changed, and everything is drawn anew."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QScrollArea

from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.look import look_of
from chatbot_app.ui.chat.reading_ahead import ReadingAhead
from chatbot_app.ui.chat.transcript_messages import TranscriptMessages
from chatbot_app.ui.chat.transcript_placement import TranscriptPlacement
from chatbot_app.ui.icons import RETINT_EVENTS


class TranscriptRestyle(QObject):
    """Gives the messages of `area` its look, once for the several events of a change; who reads stays where they are."""

    look_changed = Signal()  # the messages have it: what else is drawn with it follows, and is placed

    def __init__(
        self,
        area: QScrollArea,
        messages: TranscriptMessages,
        placement: TranscriptPlacement,
        reading_ahead: ReadingAhead,
        drawing: Drawing,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._messages = messages
        self._placement = placement
        self._reading_ahead = reading_ahead
        self._drawing = drawing
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._restyle)

    @property
    def is_waiting(self) -> bool:
        """Whether everything is about to be drawn anew."""
        return self._timer.isActive()

    def prepare(self) -> None:
        """Another style sheet comes: what is on the screen stays there until something is drawn in it."""
        self._area.viewport().setUpdatesEnabled(False)
        self._timer.start()

    def heard(self, event: QEvent) -> None:
        """Follow a change that Qt tells the area of, where it changes the look."""
        if event.type() in RETINT_EVENTS and look_of(self._area) != self._drawing.look:
            self._timer.start()

    @Slot()
    def _restyle(self) -> None:
        self._area.viewport().setUpdatesEnabled(True)
        self._drawing.look = look_of(self._area)
        reading = self._placement.reading()
        self._messages.make_anew()
        self.look_changed.emit()
        self._placement.return_to(reading)
        self._reading_ahead.begin()
