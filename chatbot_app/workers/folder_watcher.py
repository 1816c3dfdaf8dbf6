"""Looks at the watched folders every few seconds, in a thread of its own."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Notice
from chatbot_app.knowledge.importing.folder_looks import FolderLook
from chatbot_app.knowledge.importing.folder_watch import FolderWatch

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 4.0
_SHARE = 100  # a look that takes 50 ms (10,000 files) is repeated after 5 s: at most 1 % of one core


class FolderWatcher(QObject):
    """Signals arrive in the thread of the owner: connect them to bound slots of QObjects."""

    looked = Signal(list)  # list[FolderLook], of all watched folders, where anything about them is new
    # Paths travel as objects: a signal for texts, or for lists of them, drops what is no valid text in a name.
    queued = Signal(object)  # list[str]: files that were put into the queue of imports
    removed = Signal(object, list)  # folder, list[Document] that moved to the trash
    withdrawn = Signal(object)  # list[str]: files that are gone, documents or not
    renamed = Signal(object)  # list[str]: new paths of files; their documents followed
    absorbed = Signal(object, object)  # folder, list[str]: watched folders inside, now part of it
    failed = Signal(object)  # Notice

    def __init__(
        self,
        create_watch: Callable[[], FolderWatch],
        parent: QObject | None = None,
        *,
        interval_seconds: float = INTERVAL_SECONDS,
    ) -> None:
        """`create_watch` is called in the thread."""
        super().__init__(parent)
        self._create_watch = create_watch
        self._interval = interval_seconds
        self._tasks: queue.SimpleQueue[Callable[[FolderWatch], None]] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._looks: dict[str, FolderLook] = {}
        self._told: Notice | None = None
        # Not a QThread: one that hangs in a look at a dead network drive would abort the process at its end.
        self._thread = threading.Thread(target=self._run, name="folder_watcher", daemon=True)

    def start(self) -> None:
        """Look now, and from now on."""
        self._thread.start()

    def watch(self, paths: list[Path], collection_id: str) -> None:
        """Watch folders, look at once, and put new documents into the collection."""
        for path in paths:
            self._do(lambda watch, path=path: self._add(watch, path, collection_id))  # type: ignore[misc]

    def stop_watching(self, path: str) -> None:
        """Leave a folder alone from now on; its documents stay."""
        self._do(lambda watch: self._remove(watch, path))

    def look_now(self) -> None:
        """Look without waiting for the time to come."""
        self._do(lambda _watch: None)

    def shutdown(self, timeout_seconds: float = 2.0) -> bool:
        """End after the folder that is read now; return whether the thread ended in time."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _do(self, task: Callable[[FolderWatch], None]) -> None:
        self._told = None  # what the person asked for is answered, also a second time
        self._tasks.put(task)
        self._wake.set()

    # --- in the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        watch = self._create_watch()
        while not self._stop.is_set():
            self._wake.clear()
            started = time.monotonic()
            self._guarded(lambda: self._round(watch))
            took = time.monotonic() - started
            self._wake.wait(max(self._interval, took * _SHARE))

    def _round(self, watch: FolderWatch) -> None:
        while not self._stop.is_set():
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                break
            self._guarded(lambda task=task: task(watch))  # type: ignore[misc]
        for update in watch.look(self._stop.is_set):
            self._looks[update.look.folder.path] = update.look
            if update.queued:
                self.queued.emit(list(update.queued))
            if update.withdrawn:
                self.withdrawn.emit(list(update.withdrawn))
            if update.moved:
                self.renamed.emit(list(update.moved))
            if update.removed:
                self.removed.emit(update.look.folder.path, list(update.removed))
        if not self._stop.is_set():
            self.looked.emit([self._looks[path] for path in sorted(self._looks)])

    def _add(self, watch: FolderWatch, path: Path, collection_id: str) -> None:
        inner = watch.add(path, collection_id)
        for folder in inner:
            self._looks.pop(folder, None)
        if inner:
            self.absorbed.emit(str(path), inner)

    def _remove(self, watch: FolderWatch, path: str) -> None:
        watch.remove(path)
        self._looks.pop(path, None)

    def _guarded(self, task: Callable[[], None]) -> None:
        """Run a task; what is wrong is told once, and the next look tries again."""
        try:
            task()
        except AppError as error:
            notice = error.notice()
        except Exception as error:
            logger.exception("a look at the watched folders failed")
            notice = AppError(detail=str(error) or type(error).__name__).notice()
        else:
            return
        if not self._stop.is_set() and notice != self._told:
            self._told = notice
            self.failed.emit(notice)
