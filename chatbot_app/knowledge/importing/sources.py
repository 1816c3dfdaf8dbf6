"""What a file is known by: its bytes, read once; a second time only where nothing else tells that it is the same."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from chatbot_app.core.documents import Document
from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.formats.reading import check_file
from chatbot_app.knowledge.formats.refusals import FileUnreadable
from chatbot_app.knowledge.formats.registry import title_of
from chatbot_app.knowledge.importing.events import ImportStopped
from chatbot_app.storage.documents import Source

_READ_AT_ONCE = 1024 * 1024
# Between two changes that leave the same time behind: FAT counts in steps of two seconds. (Git calls such a file "racy".)
_COARSEST_SECONDS = 2.5


def read_source(path: Path, is_stopped: Callable[[], bool] = lambda: False) -> Source:
    """Return what a file is known by. Raises DocumentRefused, and ImportStopped once `is_stopped` says so."""
    size = check_file(path)
    digest = hashlib.sha256()
    remaining = size
    try:
        with path.open("rb") as stream:
            # Not past the size it had: a growing file would never end.
            while remaining > 0 and (portion := stream.read(min(_READ_AT_ONCE, remaining))):
                digest.update(portion)
                if is_stopped():
                    raise ImportStopped
                remaining -= len(portion)
    except OSError as exc:
        raise FileUnreadable(name=path.name, detail=exc.strerror or str(exc)) from exc
    return Source(os.fspath(path.absolute()), title_of(path), size, digest.hexdigest())


class FileState(StrEnum):
    """What the file of a document is now beside what was imported."""

    AS_IMPORTED = ""
    CHANGED = "changed"
    GONE = "gone"  # or out of reach


def file_state(document: Document) -> FileState:
    """Return whether the file of a document still has the bytes that were imported; it is read where nothing else tells."""
    path = Path(document.path)
    try:
        status = path.stat()
    except (OSError, ValueError):
        return FileState.GONE
    if status.st_size != document.size:
        return FileState.CHANGED
    # A file that was neither written nor put there since its import is not read again.
    if max(status.st_mtime, status.st_ctime) < document.imported_at.timestamp():
        return FileState.AS_IMPORTED
    try:
        is_same = read_source(path).sha256 == document.sha256
    except (OSError, AppError, ValueError):
        is_same = False
    return FileState.AS_IMPORTED if is_same else FileState.CHANGED


@dataclass(frozen=True, slots=True)
class FileStamp:
    """By what the system tells one state of a file from the next. `is_old`: any later change has another time."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int
    is_old: bool = field(compare=False)


def stamp_of(path: Path, now: Callable[[], float] = time.time) -> FileStamp | None:
    """Return the stamp of a file as it is, None where it cannot be looked at."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    latest = max(status.st_mtime, status.st_ctime)
    return FileStamp(
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        latest < now() - _COARSEST_SECONDS,
    )


def is_unchanged(before: FileStamp | None, after: FileStamp | None) -> bool:
    """Whether a file has certainly not been written to between two stamps; else its bytes have to be compared."""
    return before is not None and before.is_old and before == after
