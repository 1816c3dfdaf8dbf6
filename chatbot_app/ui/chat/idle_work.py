"""Work that can wait, done in slices short enough that nobody notices."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Slot
from shiboken6 import isValid

SLICE_SECONDS = 0.006
PAUSE_MS = 12
GIVEN_MOST = 3


class IdleWork(QObject):
    """Runs iterators a few milliseconds at a time, the first come first; each step should be short."""

    def __init__(
        self, parent: QObject | None = None, *, gives_way: Callable[[], bool] = lambda: False
    ) -> None:
        """`gives_way` says that this turn of the event loop has done enough already; a few in a row are believed."""
        super().__init__(parent)
        self._gives_way = gives_way
        self._given = 0
        self._jobs: deque[tuple[Iterator[None], QObject]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._work)

    def add(self, job: Iterator[None], owner: QObject) -> None:
        """Run `job` to its end, in slices, or until its owner is deleted."""
        self._jobs.append((job, owner))
        self._timer.start()

    def clear(self) -> None:
        """Forget everything that has not been done."""
        self._jobs.clear()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is left to do."""
        return not self._jobs

    def run_until_idle(self, done: Callable[[], bool] = lambda: False) -> None:
        """Finish the work now, for printing and tests."""
        while self._jobs and not done():
            self._step()

    @Slot()
    def _work(self) -> None:
        if self._given < GIVEN_MOST and self._gives_way():
            self._given += 1
            return
        self._given = 0
        end = perf_counter() + SLICE_SECONDS
        while self._jobs and perf_counter() < end:
            self._step()
        if not self._jobs:
            self._timer.stop()

    def _step(self) -> None:
        entry = self._jobs[0]
        job, owner = entry
        if not isValid(owner):
            self._jobs.popleft()
            return
        try:
            next(job)
        except StopIteration:
            # The step may have added or cleared jobs.
            if self._jobs and self._jobs[0] is entry:
                self._jobs.popleft()
