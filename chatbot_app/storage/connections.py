"""SQLite connections: how one is opened, and one for each thread."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from chatbot_app.storage.damaged_text import text_reader

_LOG_LIMIT_BYTES = 8 * 1024 * 1024
_INTERRUPTED_SECONDS = 1.0  # an interrupted statement ends at its next step


def database_uri(path: Path, parameters: str) -> str:
    """Return the SQLite URI of `path` with `parameters` such as "mode=ro"."""
    return f"{path.absolute().as_uri()}?{parameters}"


def connect(
    uri: str,
    *,
    busy_timeout_seconds: float = 5.0,
    connection_class: type[sqlite3.Connection] = sqlite3.Connection,
    on_damaged_text: Callable[[], None] = lambda: None,
) -> sqlite3.Connection:
    """Open a connection whose transactions are ours alone to begin and end.

    Text that is no UTF-8 is read as `DamagedText`, after a call of `on_damaged_text` in the reading thread.
    """
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=busy_timeout_seconds,
        isolation_level=None,
        # close() ends the connections of all threads; each is used by its own thread alone.
        check_same_thread=False,
        factory=connection_class,
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.text_factory = text_reader(on_damaged_text)
        # A row that was purged must not be found in the file's free pages.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT_BYTES}").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


class _Held:
    """A connection and the lock of whoever uses it: closing it meanwhile would crash the process."""

    __slots__ = ("connection", "in_use", "is_retired")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.in_use = threading.RLock()
        self.is_retired = False  # closed, or to be closed by the thread that still uses it

    def retire(self, timeout_seconds: float) -> bool:
        """Close the connection when its thread is done with it; return False where that took too long."""
        self.is_retired = True
        if not self.in_use.acquire(timeout=timeout_seconds):
            return False
        try:
            self.connection.close()
        finally:
            self.in_use.release()
        return True

    def interrupt(self) -> None:
        """End the statement that its thread is running; that thread gets an sqlite3.OperationalError."""
        try:
            self.connection.interrupt()
        except sqlite3.ProgrammingError:
            return  # closed by its thread in this moment


class ThreadConnections:
    """One connection a thread, opened at first use; connections of ended threads are closed.

    Threads that Qt made are known to Python only while they run Python code: their connections are found
    again by the thread's number, or closed and opened anew.
    """

    def __init__(self, open_connection: Callable[[], sqlite3.Connection]) -> None:
        self._open = open_connection
        self._lock = threading.Lock()
        self._by_thread: dict[int, _Held] = {}
        self._generation = 0  # counts the calls of close()

    @contextmanager
    def hold(self) -> Iterator[sqlite3.Connection]:
        """Lend this thread's connection; `close` waits for it to be given back."""
        held = self._current()
        try:
            yield held.connection
        finally:
            try:
                if held.is_retired:
                    held.connection.close()
            finally:
                held.in_use.release()

    def adopt(self, connection: sqlite3.Connection) -> None:
        """Take over a connection that this thread opened otherwise."""
        with self._lock:
            self._by_thread[_current_number()] = _Held(connection)

    def discard(self) -> None:
        """Close this thread's connection, and with it whatever transaction it still holds."""
        with self._lock:
            held = self._by_thread.pop(_current_number(), None)
        if held is not None:
            held.is_retired = True
            held.connection.close()

    def close(self, timeout_seconds: float = 2.0) -> None:
        """Close the connections of all threads.

        What a thread is doing is waited for, up to `timeout_seconds` in all, then interrupted. A connection
        that is held even so is closed by its own thread when it gives it back.
        """
        with self._lock:
            self._generation += 1
            everything = list(self._by_thread.values())
            self._by_thread.clear()
        deadline = time.monotonic() + timeout_seconds
        busy = [held for held in everything if not held.retire(max(0.0, deadline - time.monotonic()))]
        for held in busy:
            held.interrupt()
        for held in busy:
            held.retire(_INTERRUPTED_SECONDS)

    def __len__(self) -> int:
        return len(self._by_thread)

    def _current(self) -> _Held:
        """Return this thread's connection, in use."""
        number = _current_number()
        while True:
            with self._lock:
                held = self._by_thread.get(number)
                generation = self._generation
            if held is None:
                held = self._opened(number, generation)
            if held is None:
                continue
            held.in_use.acquire()
            if not held.is_retired:
                return held
            held.in_use.release()

    def _opened(self, number: int, generation: int) -> _Held | None:
        """Open a connection for this thread; None where everything was closed meanwhile: it may be stale."""
        opened = _Held(self._open())
        with self._lock:
            alive = {thread.ident for thread in threading.enumerate()}
            ended = [self._by_thread.pop(gone) for gone in self._by_thread.keys() - alive]
            is_stale = generation != self._generation
            if not is_stale:
                self._by_thread[number] = opened
        for held in [*ended, *([opened] if is_stale else [])]:
            held.retire(0.0)
        return None if is_stale else opened


def _current_number() -> int:
    # current_thread() enters a thread of Qt's into the list that `_opened` takes the living from.
    return threading.current_thread().ident or threading.get_ident()


@contextmanager
def savepoint(connection: sqlite3.Connection) -> Iterator[None]:
    """Undo what was done inside, and no more, where an exception leaves it."""
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
