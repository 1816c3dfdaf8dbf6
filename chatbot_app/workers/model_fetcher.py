"""Fetches the built-in model's files in a thread, while the window shows how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal

from chatbot_app.core.messages import Notice
from chatbot_app.llm.model_files import DownloadProgressed, FetchEvent
from chatbot_app.workers.lane import Lane


class ModelFetcher(QObject):
    """One download at a time; what has arrived stays on disk when it is stopped."""

    progressed = Signal(str, int, int)  # file name, bytes received, bytes in all (0: unknown)
    fetched = Signal()
    failed = Signal(object)  # Notice

    def __init__(self, fetch: Callable[[], Iterator[FetchEvent]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._lane: Lane | None = None  # most launches fetch nothing
        self._is_fetching = False

    def start(self) -> None:
        """Begin; does nothing while a download is under way."""
        if self._is_fetching:
            return
        self._is_fetching = True
        if self._lane is None:
            self._lane = Lane("model_fetcher", self)
            self._lane.start()
        self._lane.do(self._fetch_all, self._end, self._fail)

    def shutdown(self, timeout_seconds: float = 2.0) -> bool:
        """Stop after the piece that is arriving; return whether it ended in time."""
        return self._lane is None or self._lane.stop(timeout_seconds)

    def _end(self, _: None) -> None:
        self._is_fetching = False
        self.fetched.emit()

    def _fail(self, notice: Notice) -> None:
        self._is_fetching = False
        self.failed.emit(notice)

    # --- in the thread -----------------------------------------------------------------------------------

    def _fetch_all(self) -> None:
        assert self._lane is not None
        for event in self._fetch():
            if self._lane.is_stopping():
                return
            if isinstance(event, DownloadProgressed):
                self.progressed.emit(event.name, event.received, event.total)
