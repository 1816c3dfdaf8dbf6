"""The one SQLite file: opened, locked, migrated, and handed out one transaction at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from chatbot_app.core.errors import (
    AlreadyRunning,
    DataFolderUnusable,
    DiskFull,
    StoreDamaged,
    StoreError,
    StoreReadOnly,
    StoreTooNew,
)
from chatbot_app.core.paths import DataPaths
from chatbot_app.storage.backup_files import (
    Backup,
    BackupReason,
    DamagedCopy,
    newest_good,
    rotate,
    write_backup,
)
from chatbot_app.storage.connections import ThreadConnections, connect, database_uri
from chatbot_app.storage.examination import Examination, check_integrity, examine, set_aside
from chatbot_app.storage.locks import FolderLock
from chatbot_app.storage.migrations import (
    MIGRATIONS,
    Migration,
    applied_migrations,
    apply_migrations,
    migration_names,
)
from chatbot_app.storage.opening import Source, read_only_source
from chatbot_app.storage.sqlite_errors import (
    disk_is_full,
    means_damage,
    primary_code,
    translate,
    translate_os_error,
)

_EXAMINATION_SECONDS = 0.05  # what the launch may spend on looking for damage; 20 MB are read in that time
_OPENING_SECONDS = 20.0  # how long another process may take to migrate before we give up
_MIGRATION_BACKUPS = 3
_LOG_LIMIT_BYTES = 8 * 1024 * 1024

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


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class Database:
    """The store's file in one data folder, for all threads of a process.

    After opening, `mode` says whether it can be written; `notice` holds what the person must be told (the
    history is read-only, too new, or was damaged and set aside as `damage` says), else None.
    """

    def __init__(
        self,
        paths: DataPaths,
        *,
        access: Access = Access.OWNER,
        now: Callable[[], datetime] = utc_now,
        busy_timeout_seconds: float = 5.0,
        migrations: Sequence[Migration] = MIGRATIONS,
        connection_class: type[sqlite3.Connection] = sqlite3.Connection,
    ) -> None:
        """Open the file, making folder and file where they are missing.

        Raises AlreadyRunning (another owner holds the folder), DataFolderUnusable, DiskFull, or for a guest
        or reader StoreDamaged; StoreError for anything else that SQLite refuses.
        """
        self.paths = paths
        self.access = access
        self._now = now
        self._busy_timeout_seconds = busy_timeout_seconds
        self._migrations = migrations
        self._connection_class = connection_class
        self._write_lock = threading.RLock()
        self._joined = threading.local()
        self._owner_lock = FolderLock(paths.lock)
        self._source = Source("")
        self._connections = ThreadConnections(self._open_connection)
        self.mode = StoreMode.READ_ONLY
        self.notice: StoreError | None = None
        self.damage: Damage | None = None
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    # --- transactions --------------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Hold the process's only write transaction: committed at the end, undone by any exception.

        Inside another `write()` of the same thread it joins: an exception undoes the inner part, and the
        outer one decides about the rest. Raises StoreReadOnly, StoreTooNew, DiskFull or StoreError.
        """
        if self.mode is StoreMode.READ_ONLY:
            raise self._read_only_error()
        with self._write_lock, self._translated():
            connection = self._connections.current()
            if getattr(self._joined, "writing", False):
                with _savepoint(connection):
                    yield connection
                return
            if connection.in_transaction:
                raise RuntimeError("write() inside read() of the same thread")
            connection.execute("BEGIN IMMEDIATE")
            self._joined.writing = True
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise
            finally:
                self._joined.writing = False

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Hold one consistent view of the store; inside a transaction of the same thread it joins.

        Raises StoreError where the file cannot be read.
        """
        with self._translated():
            connection = self._connections.current()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise

    def integrity_check(self) -> list[str]:
        """Return everything that SQLite's full check finds wrong; empty means sound. Takes seconds a GB.

        A problem is remembered: the next launch examines the file to its end and sets it aside.
        """
        with self._translated():
            problems = check_integrity(self._connections.current())
        if problems:
            self._suspect()
        return problems

    def truncate_log(self) -> None:
        """Move everything from the log into the file, so that purged text is in neither."""
        with self._write_lock, self._translated():
            self._connections.current().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self) -> None:
        """Close the connections of all threads and give the folder back. May be called twice."""
        self._connections.close()
        self._source.release()
        self._owner_lock.release()

    def reopen(self) -> StoreMode:
        """Close and open again: after a restore, or when a full disk or a read-only folder was put right."""
        with self._write_lock:
            self.close()
            self.mode, self.notice, self.damage = StoreMode.READ_ONLY, None, None
            self._open()
            return self.mode

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    # --- opening -------------------------------------------------------------------------------------

    def _open(self) -> None:
        if self.access is Access.READER:
            self._open_reader()
            return
        try:
            self.paths.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            raise DataFolderUnusable(path=str(self.paths.root), detail=f"{exc.strerror}.") from exc
        opening_lock = FolderLock(self.paths.lock.with_name("opening.lock"))
        with ExitStack() as held:
            held.callback(opening_lock.release)
            try:
                if self.access is Access.OWNER and not self._owner_lock.acquire():
                    raise AlreadyRunning()
                if not opening_lock.acquire(timeout_seconds=_OPENING_SECONDS):
                    raise AlreadyRunning()
            except OSError as exc:
                self._open_read_only(translate_os_error(exc, self.paths.root))
                return
            self._open_writable()

    def _open_writable(self) -> None:
        path = self.paths.database
        try:
            examination = self._examine()
            if examination.problems:
                self._handle_damage(examination.problems)
                examination = Examination()
            if set(examination.applied) - set(migration_names(self._migrations)):
                self._open_read_only(StoreTooNew())
                return
            if disk_is_full(self.paths.root):
                self._open_read_only(DiskFull())
                return
            try:
                self._open_file()
            except DamagedCopy as exc:
                # The backup before a migration reads every page, and found what the quick look had not.
                self._connections.close()
                self._handle_damage(exc.problems)
                self._open_file()
            self.mode = StoreMode.READ_WRITE
        except OSError as exc:
            self._connections.close()
            self._open_read_only(translate_os_error(exc, self.paths.root))
        except sqlite3.Error as exc:
            self._connections.close()
            if primary_code(exc) not in _UNWRITABLE:
                raise translate(exc, path) from exc
            self._open_read_only(translate(exc, path))

    def _open_file(self) -> None:
        path = self.paths.database
        if not path.exists():
            path.touch(mode=0o600)
        self._source = Source(database_uri(path, "mode=rw"))
        connection = self._connections.current()
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        self._migrate(connection)

    def _open_read_only(self, reason: StoreError) -> None:
        """Open what is there for reading; where nothing is there, `reason` is the end of it."""
        if not self.paths.database.exists() or self.paths.database.stat().st_size == 0:
            raise reason
        try:
            self._source = read_only_source(self.paths.database, self._connect)
        except sqlite3.Error as exc:
            raise translate(exc, self.paths.database) from exc
        self.mode = StoreMode.READ_ONLY
        self.notice = reason

    def _open_reader(self) -> None:
        path = self.paths.database
        if not path.exists() or path.stat().st_size == 0:
            raise DataFolderUnusable(path=str(self.paths.root), detail="it holds no history yet.")
        self._open_read_only(StoreReadOnly(path=str(self.paths.root)))
        self.notice = None

    def _examine(self) -> Examination:
        path = self.paths.database
        if not path.exists():
            return Examination()
        if path.stat().st_size == 0 and newest_good(self.paths.backups) is not None:
            return Examination(problems=("the file is empty, although there are backups",))
        budget = None if self._suspicion.exists() else _EXAMINATION_SECONDS
        try:
            return examine(path, budget_seconds=budget)
        except sqlite3.OperationalError:
            # A log or journal of a killed process that only a writer may roll back.
            with closing(self._connect(database_uri(path, "mode=rw"))) as connection:
                applied_migrations(connection)
            return examine(path, budget_seconds=budget)

    def _handle_damage(self, problems: tuple[str, ...]) -> None:
        path = self.paths.database
        if self.access is not Access.OWNER:
            offer = "Open the window: it keeps the file and offers a backup."
            raise StoreDamaged(kept_as=path.name, offer=offer)
        backup = newest_good(self.paths.backups)
        kept_as = set_aside(path)
        self._suspicion.unlink(missing_ok=True)
        self.damage = Damage(kept_as, problems, backup)
        offer = "There is no backup yet; nothing was deleted."
        if backup is not None:
            offer = f"Restore {backup.describe()}, or go on without."
        self.notice = StoreDamaged(kept_as=kept_as.name, offer=offer)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        applied = applied_migrations(connection)
        pending = [name for name in migration_names(self._migrations) if name not in applied]
        if not pending:
            return
        # A window of an older version may be open: its file is not changed under it by a guest.
        owner_lock = self._owner_lock if self._owner_lock.held else FolderLock(self.paths.lock)
        if not owner_lock.acquire():
            raise AlreadyRunning()
        try:
            self._back_up_and_migrate(connection, backup_first=bool(applied))
        finally:
            if owner_lock is not self._owner_lock:
                owner_lock.release()

    def _back_up_and_migrate(self, connection: sqlite3.Connection, *, backup_first: bool) -> None:
        if backup_first:
            write_backup(self.paths.database, self.paths.backups, BackupReason.BEFORE_MIGRATION, self._now())
            rotate(self.paths.backups, BackupReason.BEFORE_MIGRATION, _MIGRATION_BACKUPS)
        apply_migrations(connection, self._migrations)

    # --- connections ---------------------------------------------------------------------------------

    def _connect(self, uri: str) -> sqlite3.Connection:
        return connect(
            uri, busy_timeout_seconds=self._busy_timeout_seconds, connection_class=self._connection_class
        )

    def _open_connection(self) -> sqlite3.Connection:
        connection = self._connect(self._source.uri)
        try:
            connection.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT_BYTES}").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            # Closing ends the transaction too; the next use opens a fresh connection.
            self._connections.discard()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as exc:
            if means_damage(exc):
                self._suspect()
            raise translate(exc, self.paths.database) from exc

    def _read_only_error(self) -> StoreError:
        # A fresh one each time: an exception gathers the traceback of whoever raises it.
        if self.notice is None:
            return StoreReadOnly(path=str(self.paths.root))
        return type(self.notice)(**self.notice.details)

    @property
    def _suspicion(self) -> Path:
        """A file whose presence makes the next launch examine the database to its end."""
        return self.paths.root / "examine-database"

    def _suspect(self) -> None:
        try:
            self._suspicion.touch(mode=0o600)
        except OSError:
            return  # a folder that cannot be written keeps its file as it is


@contextmanager
def _savepoint(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("SAVEPOINT joined")
    try:
        yield
        connection.execute("RELEASE joined")
    except BaseException:
        # An error such as a full disk may have undone the whole transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK TO joined")
            connection.execute("RELEASE joined")
        raise
