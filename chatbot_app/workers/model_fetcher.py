"""Fetches the built-in model's files in a thread, while the window shows how far it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QThread, Signal

from chatbot_app.core.errors import AppError
from chatbot_app.llm.model_files import DownloadProgressed, FetchEvent

logger = logging.getLogger(__name__)


class ModelFetcher(QThread):
    """One download at a time; what has arrived stays on disk when it is stopped."""

    progressed = Signal(str, int, int)  # file name, bytes received, bytes in all (0: unknown)
    fetched = Signal()
    failed = Signal(object)  # Notice

    def __init__(self, fetch: Callable[[], Iterator[FetchEvent]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("model_fetcher")
        self._fetch = fetch
        self._stop = threading.Event()

    def run(self) -> None:
        self._stop.clear()
        try:
            for event in self._fetch():
                if self._stop.is_set():
                    return
                if isinstance(event, DownloadProgressed):
                    self.progressed.emit(event.name, event.received, event.total)
        except AppError as error:
            self.failed.emit(error.notice())
        except Exception as error:
            logger.exception("fetching the model failed")
            self.failed.emit(AppError(detail=str(error)).notice())
        else:
            self.fetched.emit()

    def shutdown(self, timeout_seconds: float = 2.0) -> bool:
        """Stop after the piece that is arriving; return whether it ended in time."""
        self._stop.set()
        return self.wait(int(timeout_seconds * 1000))
