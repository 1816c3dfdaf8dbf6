"""Runs short blocking work (SQL, files) in order on one thread, and brings results back to the caller's."""

from __future__ import annotations

import logging
import queue
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Notice

logger = logging.getLogger(__name__)

Work = Callable[[], Any]
Then = Callable[[Any], None]
Otherwise = Callable[[Notice], None]


class _TaskThread(QThread):
    finished_task = Signal(int, object)  # task number, result
    failed_task = Signal(int, object)  # task number, Notice

    def __init__(self, parent: QObject, at_end: Callable[[], None]) -> None:
        super().__init__(parent)
        self.tasks: queue.SimpleQueue[tuple[int, Work] | None] = queue.SimpleQueue()
        self._at_end = at_end
        self.setObjectName("task_runner")

    def run(self) -> None:
        while (task := self.tasks.get()) is not None:
            number, work = task
            try:
                result = work()
            except AppError as error:
                self.failed_task.emit(number, error.notice())
            except Exception as error:
                logger.exception("a background task failed")
                self.failed_task.emit(number, AppError(detail=str(error) or type(error).__name__).notice())
            else:
                self.finished_task.emit(number, result)
        self._at_end()


class TaskRunner(QObject):
    """One thread, one queue: tasks run in the order in which they were given.

    Callbacks run in the thread that owns the runner.
    """

    task_failed = Signal(object)  # Notice of a task that was given no `otherwise`

    def __init__(self, parent: QObject | None = None, *, at_end: Callable[[], None] = lambda: None) -> None:
        """`at_end` runs in the thread when it ends: the place to close its database connection."""
        super().__init__(parent)
        self._callbacks: dict[int, tuple[Then | None, Otherwise | None]] = {}
        self._last_number = 0
        self._afterwards: deque[tuple[int, Callable[[], None]]] = deque()  # by the task that they wait for
        self._thread = _TaskThread(self, at_end)
        # Bound methods of this QObject: Qt queues them into its own thread. A lambda would run in the worker's.
        self._thread.finished_task.connect(self._call_then)
        self._thread.failed_task.connect(self._call_otherwise)
        self._thread.start()

    def run(self, work: Work, then: Then | None = None, otherwise: Otherwise | None = None) -> None:
        """Do `work` in the thread, then call `then(result)`, or `otherwise(notice)` where it failed."""
        self._last_number += 1
        self._callbacks[self._last_number] = (then, otherwise)
        self._thread.tasks.put((self._last_number, work))

    def afterwards(self, then: Callable[[], None]) -> None:
        """Call `then` when everything that was given so far is done and called back for: now, where nothing waits."""
        if self._callbacks:
            self._afterwards.append((self._last_number, then))
        else:
            then()

    def shutdown(self, timeout_seconds: float = 3.0) -> bool:
        """Finish what is queued, end the thread and return whether it ended in time."""
        self._callbacks.clear()
        self._afterwards.clear()
        self._thread.tasks.put(None)
        return self._thread.wait(int(timeout_seconds * 1000))

    @Slot(int, object)
    def _call_then(self, number: int, result: object) -> None:
        then, _ = self._callbacks.pop(number, (None, None))
        try:
            if then is not None:
                then(result)
        finally:
            self._call_those_after(number)

    @Slot(int, object)
    def _call_otherwise(self, number: int, notice: Notice) -> None:
        _, otherwise = self._callbacks.pop(number, (None, None))
        try:
            if otherwise is not None:
                otherwise(notice)
            else:
                self.task_failed.emit(notice)
        finally:
            self._call_those_after(number)

    def _call_those_after(self, number: int) -> None:
        while self._afterwards and self._afterwards[0][0] <= number:
            _, then = self._afterwards.popleft()
            then()
