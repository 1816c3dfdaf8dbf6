"""Imports in the background: a thread that iterates the runner, and signals of what it tells."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from chatbot_app.core.documents import ALL_DOCUMENTS
from chatbot_app.knowledge.embedder import lower_priority
from chatbot_app.knowledge.importing.events import (
    FieldsRead,
    FileProgress,
    ImportFailed,
    PermissionNeeded,
    Told,
)
from chatbot_app.knowledge.importing.runner import ImportRunner

TOLD_EVERY_MS = 100  # the window hears of any number of files ten times a second at most
_PARSER_SECONDS = 0.5  # that a file under way is given at the end, before its reader is ended


class ImportWorker(QThread):
    """Imports in the background. Everything is told as signals in the owner's thread, ten times a second at most."""

    files_changed = Signal(list)  # list[FileProgress], at most one for a file
    progress_changed = Signal(object)  # ImportProgress
    failed = Signal(object)  # Notice: where nothing could be kept, the import waits until it is resumed
    permission_needed = Signal(str, str, str)  # address, host in a private network, collection id
    fields_read = Signal()  # of documents that an older version had imported
    _changed = Signal()

    def __init__(self, runner: ImportRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_worker")
        self.runner = runner  # texts and addresses are given to it directly
        self._lock = threading.Lock()
        self._waits = False  # whether there is anything that the window was not told yet
        self._files: dict[str, FileProgress] = {}  # of that, the latest of each file
        self._others: list[Told] = []
        self._telling = QTimer(self, singleShot=True, interval=TOLD_EVERY_MS)
        self._telling.timeout.connect(self._tell)
        self._changed.connect(self._telling.start)  # queued into the thread of the owner

    @property
    def is_working(self) -> bool:
        """Whether files are read or their vectors made."""
        return self.runner.is_working

    def import_paths(
        self, paths: Sequence[Path], collection_id: str = ALL_DOCUMENTS, *, again: bool = False
    ) -> None:
        """Import files and whole folders; `again` reads files anew whose bytes are known."""
        self.runner.add(paths, collection_id, again=again)

    @Slot(object)
    def import_queued(self, paths: Sequence[str]) -> None:
        """Begin with files that somebody else has put into the queue."""
        self.runner.take_up(paths)

    @Slot(object)
    def withdraw(self, paths: Sequence[str]) -> None:
        """Say of files that wait no more that they are gone."""
        self.runner.withdraw(paths)

    @Slot(list)
    def make_vectors(self, document_ids: Sequence[str]) -> None:
        """Make the vectors of documents that are so large that they have none until a person asks for them."""
        self.runner.make_vectors(document_ids)

    @Slot()
    def settle(self) -> None:
        """Finish in the background what was begun with large documents: they were deleted or brought back."""
        self.runner.wake()

    @Slot(bool)
    def set_paused(self, paused: bool) -> None:
        """Wait after the file, or the portion of vectors, that is under way; or go on."""
        self.runner.set_paused(paused)
        self._telling.start()

    @Slot()
    def cancel(self) -> None:
        """Drop the files that wait; what is imported stays."""
        self.runner.cancel()

    def shutdown(self, timeout_seconds: float = 3.0) -> bool:
        """End the thread and its child process; return whether it ended in time."""
        self._telling.stop()
        self.runner.stop()
        if self.wait(int(_PARSER_SECONDS * 1000)):
            return True
        self.runner.kill_parser()
        return self.wait(int((timeout_seconds - _PARSER_SECONDS) * 1000))

    def run(self) -> None:
        """Carry on what the last run left, then do what comes, in the thread."""
        lower_priority()
        for told in self.runner.run():
            with self._lock:
                if isinstance(told, FileProgress):
                    self._files[told.path] = told  # at the place where the file was first told of
                else:
                    self._others.append(told)
                waits, self._waits = self._waits, True
            if not waits:
                self._changed.emit()

    @Slot()
    def _tell(self) -> None:
        with self._lock:
            files, self._files = list(self._files.values()), {}
            others, self._others, self._waits = self._others, [], False
        if files:
            self.files_changed.emit(files)
        self.progress_changed.emit(self.runner.progress)
        if any(isinstance(told, FieldsRead) for told in others):
            self.fields_read.emit()
        for told in others:
            if isinstance(told, ImportFailed):
                self.failed.emit(told.error.notice())
            elif isinstance(told, PermissionNeeded):
                self.permission_needed.emit(told.address, told.host, told.collection_id)
