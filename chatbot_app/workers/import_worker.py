"""Imports in the background: the window's side of `import_thread.py`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from chatbot_app.core.documents import ALL_DOCUMENTS
from chatbot_app.workers.import_thread import ImportParts, ImportThread

TOLD_EVERY_MS = 100  # the window hears of any number of files ten times a second at most
SWITCH_SECONDS = 0.0002
_PARSER_SECONDS = 0.5  # that a file under way is given at the end, before its reader is ended


class ImportWorker(QObject):
    """Imports in the background. Everything is told as signals in the owner's thread, ten times a second at most.

    What waits survives the end of the program.
    """

    files_changed = Signal(list)  # list[FileProgress], at most one for a file
    progress_changed = Signal(object)  # ImportProgress
    failed = Signal(object)  # Notice: the import waits until it is resumed
    permission_needed = Signal(str, str, str)  # address, host in a private network, collection id

    def __init__(self, parts: ImportParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ImportThread(parts, self)
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(TOLD_EVERY_MS)
        self._telling.timeout.connect(self._tell)
        # Bound slots of this QObject: Qt queues them into its own thread.
        self._thread.changes_waiting.connect(self._wait_to_tell)
        self._thread.failed.connect(self._fail)
        self._thread.permission_needed.connect(self._ask)

    @property
    def is_working(self) -> bool:
        """Whether files are read or their vectors made."""
        return self._thread.is_working

    def start(self) -> None:
        """Begin, with what the last run left."""
        # What the parser sends becomes values by Python's own work: a window that paints gives the interpreter's
        # lock back at every call of Qt, and waits for it up to this long each time. Python's own 5 ms add up.
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread.start()

    def import_paths(
        self, paths: Sequence[Path], collection_id: str = ALL_DOCUMENTS, *, again: bool = False
    ) -> None:
        """Import files and whole folders; `again` reads files anew whose bytes are known."""
        wanted = list(paths)
        self._thread.do(lambda: self._thread.add(wanted, collection_id, again))

    @Slot(object)
    def import_queued(self, paths: Sequence[str]) -> None:
        """Begin with files that somebody else has put into the queue."""
        wanted = list(paths)
        self._thread.do(lambda: self._thread.take_up(wanted))

    @Slot(object)
    def withdraw(self, paths: Sequence[str]) -> None:
        """Say of files that wait no more that they are gone."""
        gone = list(paths)
        self._thread.do(lambda: self._thread.withdraw(gone))

    def import_text(self, title: str, text: str, collection_id: str = ALL_DOCUMENTS) -> None:
        """Import a pasted text."""
        self._thread.do(lambda: self._thread.add_text(title, text, collection_id))

    def import_address(
        self, address: str, collection_id: str = ALL_DOCUMENTS, allowed_hosts: frozenset[str] = frozenset()
    ) -> None:
        """Import a web page; hosts of private networks only where the person has allowed them."""
        self._thread.do(lambda: self._thread.add_address(address, collection_id, allowed_hosts))

    @Slot(list)
    def make_vectors(self, document_ids: Sequence[str]) -> None:
        """Make the vectors of documents that are so large that they have none until a person asks for them."""
        wanted = list(document_ids)
        self._thread.do(lambda: self._thread.make_vectors(wanted))

    @Slot()
    def settle(self) -> None:
        """Finish in the background what was begun with large documents: they were deleted or brought back."""
        self._thread.wake()

    @Slot(bool)
    def set_paused(self, paused: bool) -> None:
        """Wait after the file, or the portion of vectors, that is under way; or go on."""
        self._thread.set_paused(paused)

    @Slot()
    def cancel(self) -> None:
        """Drop the files that wait; what is imported stays."""
        self._thread.cancel()

    def shutdown(self, timeout_seconds: float = 3.0) -> bool:
        """End the thread and its child process; return whether it ended in time."""
        self._telling.stop()
        self._thread.stop()
        first = min(_PARSER_SECONDS, timeout_seconds)
        if self._thread.wait(int(first * 1000)):
            return True
        self._thread.kill_parser()
        return self._thread.wait(int((timeout_seconds - first) * 1000))

    @Slot()
    def _wait_to_tell(self) -> None:
        if not self._telling.isActive():
            self._telling.start()

    @Slot()
    def _tell(self) -> None:
        files, progress = self._thread.take()
        if files:
            self.files_changed.emit(files)
        self.progress_changed.emit(progress)

    @Slot(object)
    def _fail(self, notice: object) -> None:
        self.failed.emit(notice)

    @Slot(str, str, str)
    def _ask(self, address: str, host: str, collection_id: str) -> None:
        self.permission_needed.emit(address, host, collection_id)
