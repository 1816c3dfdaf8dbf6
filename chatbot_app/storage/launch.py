"""The launch of the store: lock, look for damage, back up, migrate, or open for reading only."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from chatbot_app.core.errors import (
    AlreadyRunning,
    DataFolderUnusable,
    DiskFull,
    StoreDamaged,
    StoreError,
    StoreNotOurs,
    StoreReadOnly,
    StoreTooNew,
)
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.backup_files import (
    Backup,
    BackupReason,
    DamagedCopy,
    newest_good,
    remove_partial_files,
    rotate,
    write_backup,
)
from chatbot_app.storage.connections import database_uri
from chatbot_app.storage.examination import Examination, examine, set_aside, suspicion_file
from chatbot_app.storage.locks import FolderLock
from chatbot_app.storage.migrations import Migration, applied_migrations, apply_migrations, migration_names
from chatbot_app.storage.opening import Connector, Source, read_only_source
from chatbot_app.storage.ownership import is_a_plain_file, is_of_another_program
from chatbot_app.storage.sqlite_errors import disk_is_full, primary_code, translate, translate_os_error

logger = logging.getLogger(__name__)

EXAMINATION_SECONDS = 0.05  # what the launch may spend on looking for damage; 20 MB are read in that time
_OPENING_SECONDS = 20.0  # how long another process may take to migrate before we give up
_MIGRATION_BACKUPS = 3

_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}


class Access(StrEnum):
    """What a process wants of the data folder."""

    OWNER = "owner"  # the window: the only one, held by a lock
    GUEST = "guest"  # a command that writes a little, also while a window is open
    READER = "reader"  # a command that only reads


class StoreMode(StrEnum):
    """What the store allows."""

    READ_WRITE = "read-write"
    READ_ONLY = "read-only"


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that was set aside at launch, and the backup that can take its place."""

    kept_as: Path
    problems: tuple[str, ...]
    backup: Backup | None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a launch came to: where connections go, and what the person must be told.

    `connection` is the first connection of a store that can be written; the caller owns it.
    """

    source: Source
    mode: StoreMode
    notice: StoreError | None = None
    damage: Damage | None = None
    connection: sqlite3.Connection | None = None


class Launch:
    """Opens the file of one data folder, once."""

    def __init__(
        self,
        paths: DataPaths,
        access: Access,
        *,
        owner_lock: FolderLock,
        connector: Connector,
        now: Callable[[], datetime],
        migrations: Sequence[Migration],
    ) -> None:
        self._paths = paths
        self._access = access
        self._owner_lock = owner_lock
        self._connector = connector
        self._now = now
        self._migrations = migrations
        self._notice: StoreError | None = None
        self._damage: Damage | None = None

    def open(self) -> Opened:
        """Open for writing where that is possible, else for reading.

        Raises AlreadyRunning, DataFolderUnusable, DiskFull, StoreReadOnly, StoreDamaged or StoreError. For an
        owner, `owner_lock` is held afterwards.
        """
        if self._access is Access.READER:
            return self._open_reader()
        try:
            self._paths.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            raise DataFolderUnusable(path=str(self._paths.root), detail=f"{exc.strerror}.") from exc
        opening_lock = FolderLock(self._paths.lock.with_name("opening.lock"))
        with ExitStack() as held:
            held.callback(opening_lock.release)
            try:
                if self._access is Access.OWNER and not self._owner_lock.acquire():
                    raise AlreadyRunning()
                if not opening_lock.acquire(timeout_seconds=_OPENING_SECONDS):
                    raise AlreadyRunning()
            except OSError as exc:
                return self._open_read_only(translate_os_error(exc, self._paths.root))
            opened = self._open_writable()
            if self._access is Access.OWNER and opened.mode is StoreMode.READ_WRITE:
                self._tidy()
            return opened

    def _tidy(self) -> None:
        """Remove what a killed backup left: it may hold what was purged since."""
        try:
            remove_partial_files(self._paths.backups)
        except OSError as exc:
            logger.warning("the rest of a killed backup cannot be removed: %s", exc)

    def _open_writable(self) -> Opened:
        try:
            self._keep_strangers_out()
            examination = self._examine()
            if examination.problems:
                self._handle_damage(examination.problems)
                examination = Examination()
            if set(examination.applied) - set(migration_names(self._migrations)):
                return self._open_read_only(StoreTooNew())
            if disk_is_full(self._paths.root):
                return self._open_read_only(DiskFull())
            try:
                return self._open_file()
            except DamagedCopy as exc:
                # The backup before a migration reads every page, and found what the quick look had not.
                self._handle_damage(exc.problems)
                return self._open_file()
        except OSError as exc:
            return self._open_read_only(translate_os_error(exc, self._paths.root))
        except sqlite3.Error as exc:
            error = translate(exc, self._paths.database)
            if primary_code(exc) not in _UNWRITABLE:
                raise error from exc
            return self._open_read_only(error)

    def _keep_strangers_out(self) -> None:
        """Set a database of another program aside before anything is written; only an owner moves files.

        Raises DataFolderUnusable.
        """
        path = self._paths.database
        if not is_a_plain_file(path):
            raise DataFolderUnusable(path=str(self._paths.root), detail=f"{path.name} in it is no file.")
        if not is_of_another_program(path):
            return
        if self._access is not Access.OWNER:
            raise DataFolderUnusable(
                path=str(self._paths.root), detail=f"{path.name} in it belongs to another program."
            )
        kept_as = set_aside(path, "other-program")
        self._notice = StoreNotOurs(name=path.name, kept_as=kept_as.name)

    def _open_file(self) -> Opened:
        path = self._paths.database
        if not path.exists():
            path.touch(mode=0o600)
        source = Source(database_uri(path, "mode=rw"))
        connection = self._connector(source.uri)
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        return Opened(source, StoreMode.READ_WRITE, self._notice, self._damage, connection)

    def _open_read_only(self, reason: StoreError) -> Opened:
        """Open what is there for reading; where nothing is there, `reason` is the end of it."""
        path = self._paths.database
        if not path.exists() or path.stat().st_size == 0:
            raise reason
        if not is_a_plain_file(path) or is_of_another_program(path):
            raise reason
        try:
            source = read_only_source(path, self._connector)
        except sqlite3.Error as exc:
            raise translate(exc, path) from exc
        return Opened(source, StoreMode.READ_ONLY, reason)

    def _open_reader(self) -> Opened:
        path = self._paths.database
        if not path.exists() or path.stat().st_size == 0:
            raise DataFolderUnusable(path=str(self._paths.root), detail="it holds no history yet.")
        self._keep_strangers_out()
        opened = self._open_read_only(StoreReadOnly(path=str(self._paths.root)))
        return Opened(opened.source, opened.mode)

    def _examine(self) -> Examination:
        path = self._paths.database
        if not path.exists():
            return Examination()
        if path.stat().st_size == 0 and newest_good(self._paths.backups) is not None:
            return Examination(problems=("the file is empty, although there are backups",))
        budget = None if suspicion_file(path).exists() else EXAMINATION_SECONDS
        try:
            return examine(path, budget_seconds=budget)
        except sqlite3.OperationalError:
            # A log or journal of a killed process that only a writer may roll back.
            with closing(self._connector(database_uri(path, "mode=rw"))) as connection:
                applied_migrations(connection)
            return examine(path, budget_seconds=budget)

    def _handle_damage(self, problems: tuple[str, ...]) -> None:
        path = self._paths.database
        if self._access is not Access.OWNER:
            offer = "Open the window: it keeps the file and offers a backup."
            raise StoreDamaged(kept_as=path.name, offer=offer)
        backup = newest_good(self._paths.backups)
        kept_as = set_aside(path)
        suspicion_file(path).unlink(missing_ok=True)
        self._damage = Damage(kept_as, problems, backup)
        offer = "There is no backup yet; nothing was deleted."
        if backup is not None:
            offer = f"Restore {backup.describe()}, or go on without."
        self._notice = StoreDamaged(kept_as=kept_as.name, offer=offer)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        applied = applied_migrations(connection)
        pending = [name for name in migration_names(self._migrations) if name not in applied]
        if not pending:
            return
        # A window of an older version may be open: its file is not changed under it by a guest.
        owner_lock = self._owner_lock if self._owner_lock.held else FolderLock(self._paths.lock)
        if not owner_lock.acquire():
            raise AlreadyRunning()
        try:
            self._back_up_and_migrate(connection, backup_first=bool(applied))
        finally:
            if owner_lock is not self._owner_lock:
                owner_lock.release()

    def _back_up_and_migrate(self, connection: sqlite3.Connection, *, backup_first: bool) -> None:
        if backup_first:
            write_backup(
                self._paths.database, self._paths.backups, BackupReason.BEFORE_MIGRATION, self._now()
            )
            rotate(self._paths.backups, BackupReason.BEFORE_MIGRATION, _MIGRATION_BACKUPS)
        apply_migrations(connection, self._migrations)
