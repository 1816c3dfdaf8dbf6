"""Backups of the store: made, rotated, listed and restored."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from chatbot_app.core.errors import DiskFull, StoreDamaged, StoreError
from chatbot_app.storage import backup_files
from chatbot_app.storage.backup_files import Backup, BackupReason, BackupStopped
from chatbot_app.storage.connections import connect, database_uri
from chatbot_app.storage.database import Database, StoreMode
from chatbot_app.storage.sqlite_errors import translate, translate_os_error

_KEPT = {BackupReason.DAILY: 5, BackupReason.BEFORE_MIGRATION: 3, BackupReason.BEFORE_RESTORE: 3}


class BackupStore:
    """The backups of one data folder. Methods raise DiskFull or StoreError, leaving no half file."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._ending = threading.Event()

    def interrupt(self) -> None:
        """End a daily backup that is under way, for the program ends: the next run makes it."""
        self._ending.set()

    def create(self, reason: BackupReason = BackupReason.MANUAL) -> Backup:
        """Copy the store into a checked file; the chat goes on meanwhile. Old ones of the kind go.

        A person's own (`MANUAL`) are never removed, and none is while a damaged file waits to be replaced.
        """
        paths = self._database.paths
        with self._translated():
            should_stop = self._ending.is_set if reason is BackupReason.DAILY else lambda: False
            backup = backup_files.write_backup(
                paths.database, paths.backups, reason, self._now(), should_stop
            )
            if reason in _KEPT and not self._damaged_files():
                backup_files.rotate(paths.backups, reason, _KEPT[reason])
        return backup

    def create_if_due(self, every: timedelta = timedelta(days=1)) -> Backup | None:
        """Make the daily backup if the last is older than `every` (or from the future) and there is a history."""
        daily = [backup for backup in self.list() if backup.reason is BackupReason.DAILY]
        if daily and abs(self._now() - datetime.fromisoformat(daily[0].created_at)) < every:
            return None
        with self._database.read() as connection:
            if connection.execute("SELECT 1 FROM messages LIMIT 1").fetchone() is None:
                return None
        try:
            return self.create(BackupReason.DAILY)
        except BackupStopped:
            return None

    def list(self) -> list[Backup]:
        """Return all backups, newest first, unchecked."""
        return backup_files.list_backups(self._database.paths.backups)

    def newest_good(self) -> Backup | None:
        """Return the newest backup that passes SQLite's full check."""
        return backup_files.newest_good(self._database.paths.backups)

    def restore(self, path: Path) -> Backup | None:
        """Put a backup in the place of the present store, and return the backup made of that before.

        Nothing else may be writing: stop answers and imports first. None is returned where the present
        store was empty. Raises StoreDamaged where the backup is damaged; the present store is as it was then.
        """
        with self._translated():
            problems = backup_files.verify(path)
            if problems or not _is_a_store(path):
                raise StoreDamaged(kept_as=path.name, offer="Choose another backup.")
        with self._database.read() as connection:
            empty = connection.execute("SELECT 1 FROM conversations LIMIT 1").fetchone() is None
        before = None if empty else self.create(BackupReason.BEFORE_RESTORE)
        with self._translated():
            _replace_contents(path, self._database.paths.database)
        # An older backup has an older schema.
        if self._database.reopen() is StoreMode.READ_ONLY and self._database.notice is not None:
            raise self._database.notice
        return before

    def _damaged_files(self) -> bool:
        database = self._database.paths.database
        return any(database.parent.glob(f"{database.stem}.damaged-*{database.suffix}"))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as exc:
            raise translate(exc, self._database.paths.database) from exc
        except OSError as exc:
            error = translate_os_error(exc, self._database.paths.backups)
            raise (
                error if isinstance(error, DiskFull) else StoreError(detail=f"{exc.strerror or exc}.")
            ) from exc


def _is_a_store(path: Path) -> bool:
    with closing(connect(database_uri(path, "mode=ro&immutable=1"))) as connection:
        tables = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master")}
    return {"conversations", "messages", "_sqlite_migrations"} <= tables


def _replace_contents(source: Path, target: Path) -> None:
    """Write `source` over `target` in one transaction: killed in the middle, `target` is as it was."""
    with (
        closing(connect(database_uri(source, "mode=ro&immutable=1"))) as reader,
        closing(connect(database_uri(target, "mode=rw"))) as writer,
    ):
        reader.backup(writer)
