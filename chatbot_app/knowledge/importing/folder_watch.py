"""Keeps the library true to the watched folders: one look at a time, without Qt and without a clock of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from chatbot_app.core.documents import ALL_DOCUMENTS, Document, DocumentState
from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.formats.refusals import DocumentRefused
from chatbot_app.knowledge.formats.registry import title_of
from chatbot_app.knowledge.importing.folder_changes import FolderChanges, LastLook, compare_folder
from chatbot_app.knowledge.importing.folder_looks import FolderLook, FolderProblem
from chatbot_app.knowledge.importing.folders import FolderScan, scan_folder
from chatbot_app.knowledge.importing.sources import read_source
from chatbot_app.storage.documents import DocumentStore
from chatbot_app.storage.import_jobs import ImportQueue
from chatbot_app.storage.watched_folders import FileState, WatchedFolder, WatchedFolderStore


class FolderNotWatchable(AppError):
    """What should be watched is no folder that can be read."""

    summary_template = "“{path}” cannot be watched: {detail}."
    next_step_template = "Choose a folder that you may read."


@dataclass(frozen=True, slots=True)
class FolderUpdate:
    """What a look changed: `queued` paths wait for the import; `removed` documents are in the trash."""

    look: FolderLook
    queued: tuple[str, ...] = ()
    removed: tuple[Document, ...] = ()
    withdrawn: tuple[str, ...] = ()  # files that are gone, whether or not they had become documents
    moved: tuple[str, ...] = ()  # new paths of files that were renamed
    is_changed: bool = False


@dataclass
class _Memory:
    known: dict[str, FileState]
    last: LastLook = field(default_factory=LastLook)


class FolderWatch:
    """Looks at the watched folders. Use from one thread. Methods raise StoreError."""

    def __init__(
        self,
        watched: WatchedFolderStore,
        documents: DocumentStore,
        jobs: ImportQueue,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._watched = watched
        self._documents = documents
        self._jobs = jobs
        self._now = now
        self._memory: dict[str, _Memory] = {}

    def add(self, path: Path, collection_id: str) -> list[str]:
        """Watch a folder; return watched folders inside it, which become part of it.

        Raises FolderNotWatchable, FolderWatchedAlready.
        """
        root = os.path.normpath(path.absolute())  # not resolved: documents are known by the person's path
        try:
            with os.scandir(root):
                pass
        except (OSError, ValueError) as exc:
            raise FolderNotWatchable(path=path, detail=getattr(exc, "strerror", None) or str(exc)) from exc
        inner = self._watched.add(root, collection_id)
        for folder in inner:
            self._memory.pop(folder, None)
        return inner

    def remove(self, path: str) -> None:
        """Stop watching a folder; its documents stay."""
        self._watched.remove(path)
        self._memory.pop(path, None)

    def folders(self) -> list[WatchedFolder]:
        """Return the watched folders."""
        return self._watched.folders()

    def look(self, is_stopped: Callable[[], bool] = lambda: False) -> Iterator[FolderUpdate]:
        """Look at each folder once, and queue, rename and remove what is certain."""
        for folder in self._watched.folders():
            scan = scan_folder(folder.path, is_stopped)
            if scan is None or is_stopped():
                return
            yield self._update(folder, scan)

    def _update(self, folder: WatchedFolder, scan: FolderScan) -> FolderUpdate:
        memory = self._memory.get(folder.path)
        # Another count is another store: a backup was restored meanwhile.
        if memory is None or self._watched.count_files(folder.path) != len(memory.known):
            memory = self._memory[folder.path] = _Memory(self._watched.files(folder.path))
        moment = self._now()
        changes = compare_folder(scan, memory.known, memory.last, moment.timestamp())
        if not scan.problem:
            memory.last = LastLook(scan.files, changes.missing)
        queued, removed = self._apply(folder, scan, changes) if _has_work(changes) else ((), ())
        memory.known = self._known_after(folder, scan, changes, memory.known)
        problem, detail = _problem(scan, changes)
        look = FolderLook(
            folder,
            moment,
            len(memory.known),
            len(changes.waiting & scan.files.keys()),
            len(changes.out_of_reach),
            problem,
            detail,
        )
        return FolderUpdate(
            look,
            queued,
            removed,
            (*changes.vanished, *changes.moved),
            tuple(changes.moved.values()),
            _has_work(changes),
        )

    def _apply(
        self, folder: WatchedFolder, scan: FolderScan, changes: FolderChanges
    ) -> tuple[tuple[str, ...], tuple[Document, ...]]:
        """Do what the comparison says. Killed in between, the next start finds the same changes again."""
        to_import = [
            *(path for path, state in changes.new.items() if not self._is_current(folder, path, state)),
            *changes.changed,
        ]
        for old, new in changes.moved.items():
            if not self._follow(old, new):
                to_import.append(new)
        for path in changes.changed:
            for document in self._documents.at_path(path):
                self._keep_twin(document, path)
        removed = []
        for path in changes.vanished:
            for document in self._documents.at_path(path):
                if not self._keep_twin(document, path):
                    self._documents.delete(document.id)
                    removed.append(document)
        self._jobs.withdraw([*changes.vanished, *changes.moved])
        self._jobs.add(to_import, folder.collection_id)
        return tuple(to_import), tuple(removed)

    def _is_current(self, folder: WatchedFolder, path: str, state: FileState) -> bool:
        """Whether a file was imported as it is, before its folder was watched: nothing to read again."""
        for document in self._documents.at_path(path):
            is_later = document.imported_at.timestamp() > state.modified_ns / 1e9
            is_whole = document.state in (DocumentState.SEARCHABLE, DocumentState.READY)
            if is_later and is_whole and document.size == state.size:
                if folder.collection_id != ALL_DOCUMENTS:
                    self._documents.add_to_collection(folder.collection_id, [document.id])
                return True
        return False

    def _known_after(
        self, folder: WatchedFolder, scan: FolderScan, changes: FolderChanges, known: dict[str, FileState]
    ) -> dict[str, FileState]:
        taken_in = {**changes.new, **changes.changed}
        taken_in |= {path: scan.files[path] for path in changes.moved.values()}
        # A drive may come back under another number.
        taken_in |= {
            path: found
            for path, state in known.items()
            if (found := scan.files.get(path)) is not None
            and found.signature == state.signature
            and found.device != state.device
        }
        gone = {*changes.vanished, *changes.moved}
        if gone:
            self._watched.forget(gone)
        if taken_in:
            self._watched.keep(folder.path, taken_in)
        if not gone and not taken_in:
            return known
        return {path: state for path, state in {**known, **taken_in}.items() if path not in gone}

    def _follow(self, old: str, new: str) -> bool:
        """Give the document of a renamed file its new path; return whether nothing is left to import."""
        digest = _digest(new)
        documents = self._documents.at_path(old)
        matching = [document for document in documents if document.sha256 == digest]
        for document in documents:
            if document in matching:
                self._documents.relocate(document.id, new, title_of(Path(old)), title_of(Path(new)))
            elif not self._keep_twin(document, old):
                self._documents.delete(document.id)
        # What the person removed by hand does not come back because its file got another name.
        was_removed = any(entry.sha256 == digest for entry in self._documents.removed_from(old))
        return bool(matching) or (not documents and was_removed)

    def _keep_twin(self, document: Document, gone: str) -> bool:
        """Give a document whose file is gone the path of a copy with the same bytes; False without one."""
        copies = [*self._watched.files_of_size(document.size), *self._jobs.paths_of(document.id)]
        for copy in dict.fromkeys(copies):
            if copy != gone and _digest(copy) == document.sha256:
                self._documents.relocate(document.id, copy, title_of(Path(gone)), title_of(Path(copy)))
                return True
        return False


def _has_work(changes: FolderChanges) -> bool:
    return bool(changes.new or changes.changed or changes.moved or changes.vanished)


def _problem(scan: FolderScan, changes: FolderChanges) -> tuple[FolderProblem, str]:
    if scan.problem:
        return FolderProblem.UNREADABLE, scan.problem
    if scan.unread:
        return FolderProblem.PARTLY, scan.unread[0]
    if changes.out_of_reach:
        return FolderProblem.PARTLY, ""
    return FolderProblem.NONE, ""


def _digest(path: str) -> str:
    try:
        return read_source(Path(path)).sha256
    except DocumentRefused:
        return ""  # it is gone, or cannot be read: no copy of anything
