"""SQLite connections: how one is opened, and one for each thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

_LOG_LIMIT_BYTES = 8 * 1024 * 1024


def database_uri(path: Path, parameters: str) -> str:
    """Return the SQLite URI of `path` with `parameters` such as "mode=ro"."""
    return f"{path.absolute().as_uri()}?{parameters}"


def connect(
    uri: str,
    *,
    busy_timeout_seconds: float = 5.0,
    connection_class: type[sqlite3.Connection] = sqlite3.Connection,
) -> sqlite3.Connection:
    """Open a connection whose transactions are ours alone to begin and end."""
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


class ThreadConnections:
    """One connection a thread, opened at first use; connections of ended threads are closed.

    Threads that Qt made are known to Python only while they run Python code: their connections are found
    again by the thread's number, or closed and opened anew.
    """

    def __init__(self, open_connection: Callable[[], sqlite3.Connection]) -> None:
        self._open = open_connection
        self._lock = threading.Lock()
        self._by_thread: dict[int, sqlite3.Connection] = {}

    def current(self) -> sqlite3.Connection:
        """Return this thread's connection."""
        number = _current_number()
        with self._lock:
            found = self._by_thread.get(number)
        if found is not None:
            return found
        opened = self._open()
        with self._lock:
            alive = {thread.ident for thread in threading.enumerate()}
            for ended in self._by_thread.keys() - alive:
                self._by_thread.pop(ended).close()
            self._by_thread[number] = opened
        return opened

    def adopt(self, connection: sqlite3.Connection) -> None:
        """Take over a connection that this thread opened otherwise."""
        with self._lock:
            self._by_thread[_current_number()] = connection

    def discard(self) -> None:
        """Close this thread's connection, and with it whatever transaction it still holds."""
        with self._lock:
            connection = self._by_thread.pop(_current_number(), None)
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            connections = list(self._by_thread.values())
            self._by_thread.clear()
        for connection in connections:
            connection.close()

    def __len__(self) -> int:
        return len(self._by_thread)


def _current_number() -> int:
    # current_thread() enters a thread of Qt's into the list that `current` takes the living from.
    return threading.current_thread().ident or threading.get_ident()
