"""Looks at the watched folders every few seconds, in a thread of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from chatbot_app.core.messages import Notice
from chatbot_app.knowledge.importing.folder_looks import FolderLook
from chatbot_app.knowledge.importing.folder_watch import FolderWatch
from chatbot_app.workers.lane import Lane, in_words

INTERVAL_SECONDS = 4.0
_SHARE = 100  # a look that takes 50 ms (10,000 files) is repeated after 5 s: at most 1 % of one core


class FolderLane(QObject):
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
        self.interval_seconds = interval_seconds  # from the next look on
        self._watch: FolderWatch | None = None  # of the thread
        self._looks: dict[str, FolderLook] = {}
        self._told: Notice | None = None
        self._lane = Lane("watched folders", self, between=self._look)

    def start(self) -> None:
        """Look now, and from now on."""
        self._lane.start()

    def watch(self, paths: list[Path], collection_id: str) -> None:
        """Watch folders, look at once, and put new documents into the collection."""
        for path in paths:
            self._do(partial(self._add, path, collection_id))

    def stop_watching(self, path: str) -> None:
        """Leave a folder alone from now on; its documents stay."""
        self._do(partial(self._remove, path))

    def look_now(self) -> None:
        """Look without waiting for the time to come."""
        self._told = None
        self._lane.wake()

    def shutdown(self, timeout_seconds: float = 2.0) -> bool:
        """End after the folder that is read now; return whether the thread ended in time."""
        return self._lane.stop(timeout_seconds)

    def _do(self, task: Callable[[], None]) -> None:
        self._told = None  # what the person asked for is answered, also a second time
        self._lane.do(task, None, self._fail)

    def _fail(self, notice: Notice) -> None:
        self.failed.emit(notice)

    # --- in the thread -------------------------------------------------------------------------------

    def _watch_or_new(self) -> FolderWatch:
        if self._watch is None:
            self._watch = self._create_watch()
        return self._watch

    def _look(self) -> float:
        """Look once; return the seconds until the next look. What is wrong is told once."""
        started = time.monotonic()
        with in_words(self._tell_once, "a look at the watched folders failed"):
            self._look_at_all(self._watch_or_new())
        return max(self.interval_seconds, (time.monotonic() - started) * _SHARE)

    def _look_at_all(self, watch: FolderWatch) -> None:
        for update in watch.look(self._lane.is_stopping):
            self._looks[update.look.folder.path] = update.look
            if update.queued:
                self.queued.emit(list(update.queued))
            if update.withdrawn:
                self.withdrawn.emit(list(update.withdrawn))
            if update.moved:
                self.renamed.emit(list(update.moved))
            if update.removed:
                self.removed.emit(update.look.folder.path, list(update.removed))
        if not self._lane.is_stopping():
            self.looked.emit([self._looks[path] for path in sorted(self._looks)])

    def _add(self, path: Path, collection_id: str) -> None:
        inner = self._watch_or_new().add(path, collection_id)
        for folder in inner:
            self._looks.pop(folder, None)
        if inner:
            self.absorbed.emit(str(path), inner)

    def _remove(self, path: str) -> None:
        self._watch_or_new().remove(path)
        self._looks.pop(path, None)

    def _tell_once(self, notice: Notice) -> None:
        if not self._lane.is_stopping() and notice != self._told:
            self._told = notice
            self.failed.emit(notice)
