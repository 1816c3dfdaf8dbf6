"""Counts down to the next try of a request, in words, once a second."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal, Slot

TICK_MS = 250  # the number changes when its second is over, not up to a second later


class RetryCountdown(QObject):
    """The wait of one answer; a new one takes the place of the last."""

    changed = Signal(str, str)  # id of the answer, what its status line says now

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._answer_id = ""
        self._why = ""
        self._until = 0.0
        self._said = ""
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self, answer_id: str, seconds: float, why: str) -> None:
        """Count down from `seconds`; `why` is the sentence that stands before the number."""
        self._answer_id, self._why, self._said = answer_id, why, ""
        self._until = self._clock() + seconds
        self._timer.start()
        self._tick()

    def stop(self, answer_id: str) -> None:
        """Say no more about an answer: something of it arrived, or it ended."""
        if answer_id == self._answer_id:
            self._timer.stop()
            self._answer_id = ""

    @Slot()
    def _tick(self) -> None:
        left = math.ceil(self._until - self._clock())
        if left <= 0:
            self._timer.stop()
            words = self.tr("Trying again now…")
        elif left == 1:
            words = self.tr("Trying again in 1 second.")
        else:
            words = self.tr("Trying again in %n seconds.", "", left)
        if words != self._said:
            self._said = words
            self.changed.emit(self._answer_id, f"{self._why} {words}")
