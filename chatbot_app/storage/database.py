"""The one SQLite file: opened, locked, migrated, and handed out one transaction at a time."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from chatbot_app.core.errors import SearchIndexDamaged, StoreError, StoreReadOnly
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.temporary import is_temporary
from chatbot_app.storage.connections import ThreadConnections, connect, savepoint
from chatbot_app.storage.examination import check_integrity, examine_rest, suspicion_file
from chatbot_app.storage.index_repair import rebuild_indices
from chatbot_app.storage.launch import Access, Damage, Launch, StoreMode
from chatbot_app.storage.locks import FolderLock
from chatbot_app.storage.migrations import MIGRATIONS, Migration
from chatbot_app.storage.opening import Source
from chatbot_app.storage.sqlite_errors import means_damage, primary_code, translate
from chatbot_app.storage.temporary_database import TemporaryDatabase
from chatbot_app.storage.transactions import Transactions
from chatbot_app.storage.turns import WriteLock
from chatbot_app.storage.value_check import check_values

__all__ = ["Access", "Damage", "Database", "StoreMode", "utc_now"]

_CLOSING_SECONDS = 2.0
_BUSY_STEP_SECONDS = 0.2  # how long it takes to notice that nobody wants to wait any more
_STEPS_BETWEEN_LOOKS = 10_000  # of the virtual machine: about a millisecond


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
        self._write_lock = WriteLock()  # fair: an import writes one portion after the other
        self._patience_ends = math.inf  # by time.monotonic()
        self._joined = threading.local()
        self.temporary = TemporaryDatabase()
        self._owner_lock = FolderLock(paths.lock)
        self._source = Source("")
        self._is_open = False
        self._connections = ThreadConnections(self._open_connection)
        self.mode = StoreMode.READ_ONLY
        self.openings = 0  # another one may find another file: what is known of its rows counts no more
        self.notice: StoreError | None = None
        self.damage: Damage | None = None
        self._index_is_damaged = False
        self.on_damaged_value: Callable[[], None] = lambda: None  # called in the thread that reads
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    # --- transactions --------------------------------------------------------------------------------

    def of(self, item_id: str) -> Transactions:
        """Return what holds the conversation, message or summary of this id: the file, or memory for a temporary one."""
        return self.temporary if is_temporary(item_id) else self

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[sqlite3.Connection]:
        """Hold the process's only write transaction: committed at the end, undone by any exception.

        Inside another `write()` of the same thread it joins: an exception undoes the inner part, and the
        outer one decides about the rest. One that need not be `lasting` is not waited for by the disk: when the
        power fails, it is there or not, like those after it; a lasting one takes those before it along. Raises StoreReadOnly, StoreTooNew, DiskFull or StoreError.
        """
        if self.mode is StoreMode.READ_ONLY:
            raise self._read_only_error()
        with self._writing(), self._translated(), self._connections.hold() as connection:
            if getattr(self._joined, "writing", False):
                with savepoint(connection):
                    yield connection
                return
            if connection.in_transaction:
                raise RuntimeError("write() inside read() of the same thread")
            try:
                if not lasting:
                    connection.execute("PRAGMA synchronous = NORMAL")
                self._begin_writing(connection)
                self._joined.writing = True
                if self._index_is_damaged:
                    self._index_is_damaged = False  # where it fails, the next use finds out
                    rebuild_indices(connection)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self._roll_back(connection)
                raise
            finally:
                self._joined.writing = False
                if not lasting:
                    with suppress(sqlite3.ProgrammingError):  # it was closed: the next one is as all are
                        connection.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Hold one consistent view of the store; inside a transaction of the same thread it joins.

        Raises StoreError where the file cannot be read.
        """
        with self._translated(reading=True), self._connections.hold() as connection:
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
        """Return what SQLite's full check finds wrong, and values that cannot be read; empty means sound.

        Takes seconds a GB. A problem of the file itself is remembered: the next launch examines the file to its end and sets it aside.
        """
        with self._translated(reading=True), self._connections.hold() as connection:
            problems = check_integrity(connection)
            if problems:
                self._suspect()
            return problems + check_values(connection)

    def look_for_damage(self) -> None:
        """Look at the trees that the launch left out; damage is told, and the next launch sets the file aside."""
        with self._translated(reading=True):
            if self.mode is StoreMode.READ_WRITE and examine_rest(self.paths.database):
                self._suspect()
                self.tell_of_damage()

    def tell_of_damage(self) -> None:
        """Tell `on_damaged_value` that a value was read which cannot be what was stored."""
        self.on_damaged_value()

    def truncate_log(self) -> bool:
        """Move everything from the log into the file, so that purged text is in neither.

        Returns False where somebody still reads what was before; nothing is lost then.
        """
        with self._write_lock, self._translated(), self._connections.hold() as connection:
            return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]

    @property
    def is_waited_for(self) -> bool:
        """Whether a thread waits for another one to end its writing."""
        return self._write_lock.is_wanted

    def compact(self, should_stop: Callable[[], bool] = lambda: False) -> bool:
        """Write the file anew without what was deleted: free pages, and the ghosts of rows that once moved.

        Seconds a GB, during which nothing is written: as soon as another thread of this process wants to, or
        `should_stop` says so, it ends without effect and returns False. Raises DiskFull where there is no room
        for a second copy.
        """

        def is_disturbed() -> bool:
            return self.is_waited_for or should_stop()

        if self.mode is StoreMode.READ_ONLY:
            raise self._read_only_error()
        with self._write_lock, self._translated(), self._connections.hold() as connection:
            if is_disturbed():
                return False
            # secure_delete zeroes deleted cells, but not the copies that rebalancing left in a page's gap.
            connection.set_progress_handler(lambda: int(is_disturbed()), _STEPS_BETWEEN_LOOKS)
            try:
                connection.execute("VACUUM")
            except sqlite3.OperationalError as exc:
                if exc.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                    return False
                raise
            finally:
                connection.set_progress_handler(None, 0)
        return self.truncate_log()

    def hurry(self, seconds: float) -> None:
        """Let nobody wait longer than `seconds` from now for a lock of another thread or process.

        Who has to wait for longer gets StoreError: the program is ending.
        """
        self._patience_ends = time.monotonic() + seconds

    def close(self) -> None:
        """Close the connections of all threads, give the folder back, forget what is temporary. May be called twice.

        What other threads read or write is waited for, a little, then interrupted; what comes later raises
        StoreError.
        """
        self._close()
        self.temporary.close()

    def _close(self) -> None:
        waited = self._write_lock.acquire(timeout=_CLOSING_SECONDS)
        try:
            self._is_open = False
            self._connections.close()
            self._source.release()
            self._owner_lock.release()
        finally:
            if waited:
                self._write_lock.release()

    def reopen(self) -> StoreMode:
        """Close and open again: after a restore, or when a full disk or a read-only folder was put right."""
        with self._write_lock:
            self._close()
            self.mode, self.notice, self.damage = StoreMode.READ_ONLY, None, None
            self._open()
            return self.mode

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    # --- opening -------------------------------------------------------------------------------------

    def _open(self) -> None:
        opened = Launch(
            self.paths,
            self.access,
            owner_lock=self._owner_lock,
            connector=self._connect,
            now=self._now,
            migrations=self._migrations,
        ).open()
        self._source = opened.source
        if opened.connection is not None:
            self._connections.adopt(opened.connection)
        self.mode, self.notice, self.damage = opened.mode, opened.notice, opened.damage
        self._is_open = True
        self.openings += 1

    # --- locks ---------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        while not self._write_lock.acquire(timeout=_BUSY_STEP_SECONDS):
            if time.monotonic() >= self._patience_ends:
                raise StoreError(detail="the program is ending, and another part of it is writing.")
        try:
            yield
        finally:
            self._write_lock.release()

    def _begin_writing(self, connection: sqlite3.Connection) -> None:
        """Begin a transaction, waiting for other processes in steps, so that the wait can be given up."""
        deadline = time.monotonic() + self._busy_timeout_seconds
        step = min(self._busy_timeout_seconds, _BUSY_STEP_SECONDS)
        connection.execute(f"PRAGMA busy_timeout = {int(step * 1000)}").fetchone()
        try:
            while True:
                try:
                    connection.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as exc:
                    is_late = time.monotonic() >= min(deadline, self._patience_ends)
                    if primary_code(exc) != sqlite3.SQLITE_BUSY or is_late:
                        raise
        finally:
            connection.execute(f"PRAGMA busy_timeout = {int(self._busy_timeout_seconds * 1000)}").fetchone()

    # --- connections ---------------------------------------------------------------------------------

    def _connect(self, uri: str) -> sqlite3.Connection:
        return connect(
            uri,
            busy_timeout_seconds=self._busy_timeout_seconds,
            connection_class=self._connection_class,
            on_damaged_text=self.tell_of_damage,
        )

    def _open_connection(self) -> sqlite3.Connection:
        if not self._is_open:
            # While the store is opened again, whoever comes meanwhile waits; `reopen` holds this lock.
            with self._write_lock:
                pass
        if not self._is_open:
            # A late thread must not write into a folder that another process may own by now.
            raise StoreError(detail="the store is closed.")
        return self._connect(self._source.uri)

    def _roll_back(self, connection: sqlite3.Connection) -> None:
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            # Closing ends the transaction too; the next use opens a fresh connection.
            self._connections.discard()

    @contextmanager
    def _translated(self, *, reading: bool = False) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as exc:
            if getattr(exc, "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB:
                self._index_is_damaged = True  # made anew with the next transaction that writes
                raise SearchIndexDamaged() from exc
            if means_damage(exc):
                self._suspect()
            raise translate(exc, self.paths.database, reading=reading) from exc

    def _read_only_error(self) -> StoreError:
        # A fresh one each time: an exception gathers the traceback of whoever raises it.
        if self.notice is None:
            return StoreReadOnly(path=str(self.paths.root))
        return type(self.notice)(**self.notice.details)

    def _suspect(self) -> None:
        try:
            suspicion_file(self.paths.database).touch(mode=0o600)
        except OSError:
            return  # a folder that cannot be written keeps its file as it is
