"""Ctrl+C in the terminal and the end of a session close the window as its own Quit does."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot


class StopSignals(QObject):
    """Turns SIGINT and SIGTERM into a Qt signal between `install` and `remove`."""

    stop_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._earlier: dict[int, Any] = {}  # handlers, as `signal.signal` returns and takes them
        self._pipe: tuple[int, int] | None = None
        self._notifier: QSocketNotifier | None = None

    def install(self) -> None:
        """Take over both; only in the main thread."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self._earlier[number] = signal.signal(number, self._take)
        if sys.platform == "win32":
            return  # there only sockets wake an event loop: it hears with the next timer, within some seconds
        # Python runs a handler when it runs next; an idle event loop runs none until this wakes it.
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._pipe[0], QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)

    def remove(self) -> None:
        """Give both back."""
        for number, handler in self._earlier.items():
            signal.signal(number, handler)
        self._earlier.clear()
        if self._pipe is not None and self._notifier is not None:
            self._notifier.setEnabled(False)
            signal.set_wakeup_fd(-1)
            for end in self._pipe:
                os.close(end)
            self._pipe = None

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_wanted.emit()

    @Slot()
    def _drain(self) -> None:
        if self._pipe is not None:
            os.read(self._pipe[0], 512)
