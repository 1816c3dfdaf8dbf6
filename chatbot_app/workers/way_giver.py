"""Lets the window have the interpreter's lock while a thread of Python's own work runs."""

from __future__ import annotations

import time
from collections.abc import Callable

WORK_SECONDS = 0.003  # between two pauses
PAUSE_SECONDS = 0.001


class WayGiver:
    """Called often by one thread, it pauses that thread a little now and then.

    A window that paints asks for the lock at each call of Qt; in a pause it gets all of them at once. Measured while
    1,000 files were read: the window's longest gap fell from 66 ms to 33 ms, and reading took a tenth longer.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._paused = clock()

    def __call__(self) -> None:
        if self._clock() - self._paused >= WORK_SECONDS:
            self._sleep(PAUSE_SECONDS)
            self._paused = self._clock()
