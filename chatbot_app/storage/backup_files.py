"""Copies of the database as single, verified files."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from chatbot_app.storage.connections import connect, database_uri
from chatbot_app.storage.examination import check_integrity
from chatbot_app.storage.locks import FolderLock
from chatbot_app.storage.value_check import check_values

_STEP_PAGES = 1_024  # 4 MB a step: the interpreter's lock is given back in between
_NAME = re.compile(r"chatbot-(?P<number>\d{6})-(?P<stamp>\d{8}T\d{6}Z)-(?P<reason>[a-z-]+)\.sqlite3")


# Also what SQLite puts beside such a file.
_PARTIAL = re.compile(r"chatbot-\d{6}-\d{8}T\d{6}Z-[a-z-]+\.partial(-journal|-wal|-shm)?")
STEPS_BETWEEN_LOOKS = 10_000  # of the virtual machine: about a millisecond
_WAITING_SECONDS = 60.0  # for the backup of another process


class BackupReason(StrEnum):
    """Why a backup was made; each kind is rotated for itself, so that none pushes out another."""

    MANUAL = "manual"
    DAILY = "daily"
    BEFORE_MIGRATION = "before-migration"
    BEFORE_RESTORE = "before-restore"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file; `created_at` is ISO 8601 in UTC, `number` orders backups whatever the clock says."""

    path: Path
    number: int
    created_at: str
    reason: BackupReason
    conversations: int
    messages: int
    size_bytes: int

    def describe(self) -> str:
        """Return what it holds, as half a sentence."""
        moment = datetime.fromisoformat(self.created_at)
        return (
            f"the backup of {moment:%Y-%m-%d %H:%M} UTC "
            f"with {_count(self.conversations, 'conversation')} and {_count(self.messages, 'message')}"
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class DamagedCopy(sqlite3.DatabaseError):
    """A copy failed its check, which means that what was copied is damaged as well."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(f"the copy is damaged: {problems[0]}")
        self.problems = problems


class BackupStopped(Exception):
    """The program ends before the copy is complete."""


def write_backup(
    source: Path,
    folder: Path,
    reason: BackupReason,
    now: datetime,
    should_stop: Callable[[], bool] = lambda: False,
) -> Backup:
    """Copy the database `source` into `folder`, check the copy and only then give it its name.

    Writers of `source` are not held up: the copy is one snapshot of the log. What a killed process left of its
    copy goes first. Raises BackupStopped as soon as `should_stop` says so, OSError or sqlite3.Error, leaving no
    file behind.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = writing_lock(folder)
    if not lock.acquire(timeout_seconds=_WAITING_SECONDS):
        raise BlockingIOError(errno.EAGAIN, "another process is writing a backup")
    try:
        _remove_partial_files(folder)
        return _write(source, folder, reason, now, should_stop)
    finally:
        lock.release()


def writing_lock(folder: Path) -> FolderLock:
    """Return the lock of whoever writes into the folder of backups."""
    return FolderLock(folder.with_name("backups.lock"))


def remove_partial_files(folder: Path) -> None:
    """Remove what killed processes left of the copies that they were writing; a living one keeps its own.

    Raises OSError.
    """
    if not folder.is_dir() or not any(_PARTIAL.fullmatch(path.name) for path in folder.iterdir()):
        return
    lock = writing_lock(folder)
    if lock.acquire():
        try:
            _remove_partial_files(folder)
        finally:
            lock.release()


def _remove_partial_files(folder: Path) -> None:
    for path in folder.iterdir():
        if _PARTIAL.fullmatch(path.name) and (path.is_file() or path.is_symlink()):
            path.unlink(missing_ok=True)


def _write(
    source: Path, folder: Path, reason: BackupReason, now: datetime, should_stop: Callable[[], bool]
) -> Backup:
    number = 1 + max((number for number, _path in _numbered(folder)), default=0)
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    final = folder / f"chatbot-{number:06}-{stamp}-{reason.value}.sqlite3"
    partial = partial_of(final)
    try:
        partial.touch(mode=0o600)
        copy_database(source, partial, should_stop)
        problems = verify(partial, should_stop)
        if should_stop():
            raise BackupStopped
        if problems:
            raise DamagedCopy(tuple(problems))
        partial.replace(final)
    finally:
        for leftover in folder.glob(partial.name + "*"):
            leftover.unlink()
    described = read_backup(final)
    if described is None:
        raise sqlite3.DatabaseError("the copy cannot be read back")
    return described


def partial_of(backup: Path) -> Path:
    """Return the file in which a backup is made before it gets its name."""
    return backup.with_suffix(".partial")


def backup_paths(folder: Path) -> list[Path]:
    """Return the files that are named as backups, newest first; they are not opened."""
    return [path for _number, path in sorted(_numbered(folder), reverse=True)]


def copy_database(source: Path, target: Path, should_stop: Callable[[], bool] = lambda: False) -> None:
    """Make `target` an exact copy of `source` by SQLite's backup API. Raises BackupStopped or sqlite3.Error."""

    def go_on(_status: int, _remaining: int, _total: int) -> None:
        if should_stop():
            raise BackupStopped

    with (
        closing(connect(database_uri(source, "mode=rw"))) as reader,
        closing(connect(database_uri(target, "mode=rwc"))) as writer,
    ):
        # Inside one read transaction no writer can make the copy start over.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reader.backup(writer, pages=_STEP_PAGES, progress=go_on)
        reader.execute("COMMIT")
        # One file, without a log beside it, that opens from a read-only medium too.
        writer.execute("PRAGMA journal_mode = DELETE")


def verify(path: Path, should_stop: Callable[[], bool] = lambda: False) -> list[str]:
    """Return what is wrong with a backup; empty means that it is sound. Raises OSError where it is gone.

    What `should_stop` ends is not sound as far as anybody knows.
    """
    path.stat()
    try:
        with closing(connect(database_uri(path, "mode=ro&immutable=1"))) as connection:
            connection.set_progress_handler(lambda: int(should_stop()), STEPS_BETWEEN_LOOKS)
            return check_integrity(connection)
    except sqlite3.Error as exc:
        return [str(exc)]


def read_backup(path: Path) -> Backup | None:
    """Return what a backup file holds, without checking it; None where it is no backup of ours."""
    named = _NAME.fullmatch(path.name)
    if named is None or named["reason"] not in set(BackupReason):
        return None
    try:
        with closing(connect(database_uri(path, "mode=ro&immutable=1"))) as connection:
            conversations, messages = connection.execute(
                "SELECT (SELECT count(*) FROM conversations WHERE deleted_at IS NULL),"
                " (SELECT count(*) FROM messages)"
            ).fetchone()
        size = path.stat().st_size
    except (sqlite3.Error, OSError):
        return None
    moment = datetime.strptime(named["stamp"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return Backup(
        path,
        int(named["number"]),
        moment.isoformat(),
        BackupReason(named["reason"]),
        conversations,
        messages,
        size,
    )


def list_backups(folder: Path) -> list[Backup]:
    """Return the readable backups of a folder, newest first; they are not checked."""
    found = (read_backup(path) for path in backup_paths(folder))
    return [backup for backup in found if backup is not None]


def newest_good(folder: Path) -> Backup | None:
    """Return the newest backup that passes SQLite's full check and whose values can all be read.

    Where there is none of these, the newest whose file is sound: most of it can be read.
    """
    sound: Backup | None = None
    for path in backup_paths(folder):
        backup = read_backup(path)
        if backup is None or verify(path):
            continue
        if not damaged_values(path):
            return backup
        sound = sound or backup
    return sound


def damaged_values(path: Path) -> list[str]:
    """Return which values of a sound backup cannot be read; empty means none. Raises sqlite3.Error."""
    with closing(connect(database_uri(path, "mode=ro&immutable=1"))) as connection:
        return check_values(connection)


def rotate(folder: Path, reason: BackupReason, keep: int) -> None:
    """Remove all but the newest `keep` backups of one kind. Raises OSError or sqlite3.Error.

    Where the newest holds damaged values, the newest one that holds none stays as well: it may be needed.
    """
    of_kind = [path for path in backup_paths(folder) if path.name.endswith(f"Z-{reason.value}.sqlite3")]
    surplus = of_kind[keep:]
    if surplus and damaged_values(of_kind[0]):
        spared = next((path for path in of_kind if not verify(path) and not damaged_values(path)), None)
        surplus = [path for path in surplus if path != spared]
    for path in surplus:
        path.unlink()


def _numbered(folder: Path) -> list[tuple[int, Path]]:
    if not folder.is_dir():
        return []
    matches = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir())
    return [(int(named["number"]), path) for named, path in matches if named is not None]
