"""Data sets are counted and written in the background; a count is given up for the next one."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, Signal

from chatbot_app.chat.services import Services
from chatbot_app.chat.training_data.writing import Report, Wish, write_training_data
from chatbot_app.core.messages import Notice
from chatbot_app.workers.lane import Lane

_TOLD_EVERY_SECONDS = 0.1


class TrainingDataWorker(QObject):
    """Its thread starts with the first wish; signals reach the owner's thread. Nothing is heard of what was stopped."""

    progressed = Signal(int, int)  # conversations done, of how many
    done = Signal(object)  # Report; of a count its `files` are empty
    failed = Signal(object)  # Notice

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._lane: Lane | None = None
        self._stop = threading.Event()

    def begin(self, wish: Wish) -> None:
        """Count or write; what is under way ends, and leaves no file."""
        self.stop()
        self._stop = stop = threading.Event()
        if self._lane is None:
            self._lane = Lane("training data", self)
            self._lane.start()

        def tell(report: object) -> None:
            if not stop.is_set():
                self.done.emit(report)

        def complain(notice: Notice) -> None:
            if not stop.is_set():
                self.failed.emit(notice)

        self._lane.do(lambda: self._make(wish, stop), tell, complain)

    def stop(self) -> None:
        """Give up what is under way."""
        self._stop.set()

    def shutdown(self, timeout_seconds: float = 3.0) -> bool:
        """End the thread; return whether it ended in time."""
        self.stop()
        return self._lane is None or self._lane.stop(timeout_seconds)

    def _make(self, wish: Wish, stop: threading.Event) -> Report:
        report, told = Report(), 0.0
        for report in write_training_data(self._services.conversations, wish, stop.is_set):
            now = time.monotonic()
            if now - told >= _TOLD_EVERY_SECONDS and not stop.is_set():
                told = now
                self.progressed.emit(report.conversations, report.total)
        return report
