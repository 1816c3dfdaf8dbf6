"""Reads again and again what another process may have changed: SQLite tells nobody of what others commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from chatbot_app.core.messages import Notice
from chatbot_app.workers.task_runner import TaskRunner

POLL_EVERY_MS = 2000

_Read = TypeVar("_Read")


class Polling(QObject, Generic[_Read]):
    """Reads in the runner's thread, shows in this one; a read begins two seconds after the last one has ended."""

    def __init__(
        self,
        runner: TaskRunner,
        read: Callable[[], _Read],
        show: Callable[[_Read], None],
        parent: QObject | None = None,
    ) -> None:
        """`read` is to take microseconds where nothing has changed."""
        super().__init__(parent)
        self._runner = runner
        self._read = read
        self._show = show
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(POLL_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def look(self) -> None:
        """Read now, and from now on."""
        self._timer.stop()

        def show(found: _Read) -> None:
            self._timer.start()
            self._show(found)

        def wait(_: Notice) -> None:  # whoever lists says what is wrong
            self._timer.start()

        self._runner.run(self._read, show, wait)
