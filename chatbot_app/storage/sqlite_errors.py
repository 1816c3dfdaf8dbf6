"""What SQLite says, as errors that a person can act on."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

from chatbot_app.core.errors import (
    DataFolderUnusable,
    DiskFull,
    StoreDamaged,
    StoreError,
    StoreReadOnly,
    StoreUnreadable,
)

SQLITE_VERSION = sqlite3.sqlite_version
SqliteError = sqlite3.Error  # for whoever tells of errors and opens no store

# A write of one page, its frame header and a new wal-index take less; below it nothing can be saved.
DISK_FULL_BELOW_BYTES = 64 * 1024

_DISK_FULL_ERRNOS = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def primary_code(exc: sqlite3.Error) -> int:
    """Return SQLite's primary result code of `exc`, 0 where it carries none."""
    return int(getattr(exc, "sqlite_errorcode", 0) or 0) & 0xFF


def means_damage(exc: sqlite3.Error) -> bool:
    """Whether `exc` says that the file itself is broken."""
    return primary_code(exc) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def disk_is_full(folder: Path) -> bool:
    """Whether the disk of `folder` has no room for another transaction."""
    try:
        return shutil.disk_usage(folder).free < DISK_FULL_BELOW_BYTES
    except OSError:
        return False


def translate(exc: sqlite3.Error, database: Path, *, reading: bool = False) -> StoreError:
    """Return the error of the one tree that `exc`, met at the file `database`, stands for.

    `reading` says that nothing was to be written.
    """
    code = primary_code(exc)
    folder = database.parent
    failed = StoreUnreadable if reading else StoreError
    if code == sqlite3.SQLITE_FULL:
        return DiskFull()
    # A full disk shows itself as an I/O error where the wal-index cannot grow.
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and disk_is_full(folder):
        return DiskFull()
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StoreReadOnly(path=str(folder))
    if means_damage(exc):
        return StoreDamaged(
            kept_as=database.name, offer="Restart the program: it checks the file and offers a backup."
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return DataFolderUnusable(path=str(folder), detail=str(exc))
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return failed(detail="another process is writing to it.")
    return failed(detail=f"{exc}.")


def translate_os_error(exc: OSError, folder: Path) -> StoreError:
    """Return the error that a failed file operation in the data folder stands for."""
    if exc.errno in _DISK_FULL_ERRNOS:
        return DiskFull()
    if exc.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return StoreReadOnly(path=str(folder))
    return DataFolderUnusable(path=str(folder), detail=exc.strerror or str(exc))
