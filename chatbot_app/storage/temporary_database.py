"""Temporary conversations: the same tables as those of the file, in memory alone."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from chatbot_app.core.errors import StoreError
from chatbot_app.storage.connections import connect, savepoint
from chatbot_app.storage.migrations import apply_migrations

# What is remembered by such a number (a branch, the parts of a plan) is never taken for that of the file.
_FIRST_NUMBER = 1 << 40


class TemporaryDatabase:
    """Made when it is first used, for all threads; with `close` everything in it is gone.

    It has one connection, which one thread uses at a time: what is done in memory takes microseconds.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._changes = 0  # in connections that are closed
        self._is_closed = False
        self.was_used = False  # in this run

    @property
    def changes(self) -> int:
        """A number that grows with every change."""
        with self._lock:
            return self._changes + (self._connection.total_changes if self._connection is not None else 0)

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[sqlite3.Connection]:
        """Hold the only transaction; an inner one of the same thread joins. Raises StoreError."""
        with self._lock, _translated():
            connection = self._opened()
            if connection.in_transaction:
                with savepoint(connection):
                    yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Hold what is there: nobody else writes meanwhile. Raises StoreError."""
        with self._lock, _translated():
            yield self._opened()

    def forget(self) -> None:
        """Give all memory back, with whatever is in it."""
        with self._lock:
            if self._connection is not None:
                self._changes = self.changes + 1
                self._connection.close()
                self._connection = None

    def close(self) -> None:
        """Forget everything; what comes later raises StoreError. May be called twice."""
        with self._lock:
            self._is_closed = True
            self.forget()

    def _opened(self) -> sqlite3.Connection:
        if self._is_closed:
            raise StoreError(detail="the store is closed.")
        if self._connection is None:
            self.was_used = True
            connection = connect("file::memory:")
            try:
                connection.execute(
                    "PRAGMA temp_store = MEMORY"
                )  # a large sort must not spill into a file either
                apply_migrations(connection)
                _refuse_what_lasts(connection)
                connection.executemany(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                    [("conversations", _FIRST_NUMBER), ("messages", _FIRST_NUMBER)],
                )
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


def _refuse_what_lasts(connection: sqlite3.Connection) -> None:
    """Let temporary things in and nothing else, as the file does the other way round (`m013_temporary_stay_out`)."""
    for table in ("conversations", "messages"):
        connection.execute(f"DROP TRIGGER temporary_{table}_stay_out")
        connection.execute(
            f"CREATE TRIGGER lasting_{table}_stay_out BEFORE INSERT ON {table}"
            " WHEN new.id NOT GLOB 'temporary-*' BEGIN"
            " SELECT raise(ABORT, 'only what is temporary is kept in memory alone'); END"
        )


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:  # an error may have undone it already
        connection.execute("ROLLBACK")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as exc:
        raise StoreError(detail=f"{exc}.") from exc
