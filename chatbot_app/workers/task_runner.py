"""Short blocking work (SQL, files), one after the other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from chatbot_app.workers.lane import Lane, Otherwise, Then, Work


class TaskRunner(Lane):
    """A lane that runs from the beginning and does what is queued before it ends.

    Callbacks run in the thread that owns it; `failed` tells of tasks that were given no `otherwise`.
    """

    def __init__(self, parent: QObject | None = None, *, at_end: Callable[[], None] | None = None) -> None:
        """`at_end` runs in the thread when it ends: the place to close its database connection."""
        super().__init__("task_runner", parent, at_end=at_end)
        self.start()

    def run(self, work: Work, then: Then | None = None, otherwise: Otherwise | None = None) -> None:
        """Do `work` in the thread, then call `then(result)`, or `otherwise(notice)` where it failed."""
        self.do(work, then, otherwise)

    def shutdown(self, timeout_seconds: float = 3.0) -> bool:
        """Finish what is queued, end the thread and return whether it ended in time."""
        return self.finish(timeout_seconds)
