"""Cyclic garbage is collected in the GUI thread between events, the long collections while nothing moves."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_EVERY_MS = 500
YOUNG = 5_000  # new objects worth a look; Python's own 700 is reached some hundred times a second in a stream
YOUNG_BEFORE_MIDDLE = 10  # as Python does by itself
FULL_EVERY_SECONDS = 60.0
LIBRARY_MODULES = 50  # so many new modules are a library that was loaded late, not a page of settings


class QuietCollector(QObject):
    """Takes over from Python's own collector until `stop`.

    Measured in a conversation of 2,000 messages: a full collection took 121 ms, at any moment of a stream.
    Python runs it in whichever thread allocates, where it may also delete a QObject of another thread.
    """

    def __init__(
        self,
        is_busy: Callable[[], bool],
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_busy` says whether something is moving in the window, so that a long pause would be seen."""
        super().__init__(parent)
        self._is_busy = is_busy
        self._clock = clock
        self._young = 0  # collections of the youngest since the last of the middle
        self._was_busy = False
        self._full_due = clock() + FULL_EVERY_SECONDS
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        gc.disable()
        self._freeze()
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect what is worth it now."""
        if len(sys.modules) - self._modules >= LIBRARY_MODULES:
            self._freeze()
        if self._is_busy():
            self._was_busy = True
        elif self._was_busy or (self._clock() >= self._full_due and gc.get_count()[2]):
            # What an answer left behind goes as soon as it has ended.
            self._was_busy = False
            self._full_due = self._clock() + FULL_EVERY_SECONDS
            gc.collect()
            return
        if gc.get_count()[0] >= YOUNG:
            self._young += 1
            # The middle generation of a long answer took 65 ms: it waits for the full collection after it.
            middle = self._young >= YOUNG_BEFORE_MIDDLE and not self._was_busy
            gc.collect(1 if middle else 0)
            self._young %= YOUNG_BEFORE_MIDDLE

    def _freeze(self) -> None:
        # Modules and widgets stay until the end: looking through them again and again frees nothing. The libraries
        # of an import, loaded at its start, made its full collections take 90 ms. An incremental collector (cpython
        # #108362) would end this.
        self._modules = len(sys.modules)
        gc.freeze()

    def stop(self) -> None:
        """Leave the work to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
