"""Connections: one a thread, and none left behind by threads that ended."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from chatbot_app.storage.connections import ThreadConnections, connect, database_uri


def _leave_open(connections: ThreadConnections) -> sqlite3.Connection:
    with connections.hold() as connection:
        return connection


def test_each_thread_has_its_own_and_those_of_ended_threads_are_closed(tmp_path: Path) -> None:
    uri = database_uri(tmp_path / "a # strange?name.sqlite3", "mode=rwc")
    connections = ThreadConnections(lambda: connect(uri))
    mine = _leave_open(connections)
    assert _leave_open(connections) is mine
    others: list[sqlite3.Connection] = []
    for _ in range(3):
        thread = threading.Thread(target=lambda: others.append(_leave_open(connections)))
        thread.start()
        thread.join()
    assert mine not in others
    assert len(connections) <= 2
    connections.discard()
    with pytest.raises(sqlite3.ProgrammingError):
        mine.execute("SELECT 1")
    again = _leave_open(connections)
    again.execute("CREATE TABLE t (x)")
    connections.close()
    connections.close()
    for closed in (again, *others):
        with pytest.raises(sqlite3.ProgrammingError):
            closed.execute("SELECT 1")
    assert (tmp_path / "a # strange?name.sqlite3").exists()


def test_closing_waits_for_a_thread_in_the_middle_of_a_statement(tmp_path: Path) -> None:
    """Closing a connection under a running statement crashes the process: it did, in CI."""
    uri = database_uri(tmp_path / "store.sqlite3", "mode=rwc")
    connections = ThreadConnections(lambda: connect(uri))
    in_use, done = threading.Event(), threading.Event()
    read: list[int] = []

    def use() -> None:
        with connections.hold() as connection:
            in_use.set()
            done.wait(60)
            read.append(connection.execute("SELECT 7").fetchone()[0])

    thread = threading.Thread(target=use)
    thread.start()
    assert in_use.wait(60)
    closer = threading.Thread(target=connections.close, kwargs={"timeout_seconds": 60})
    closer.start()
    assert closer.is_alive()
    done.set()
    closer.join(60)
    thread.join(60)
    assert read == [7]


def test_a_statement_without_end_is_interrupted_and_its_thread_closes_what_it_holds(tmp_path: Path) -> None:
    uri = database_uri(tmp_path / "store.sqlite3", "mode=rwc")
    connections = ThreadConnections(lambda: connect(uri))
    in_use = threading.Event()
    raised: list[BaseException] = []
    held: list[sqlite3.Connection] = []

    def use() -> None:
        with pytest.raises(sqlite3.OperationalError) as caught, connections.hold() as connection:  # noqa: PT012
            held.append(connection)
            in_use.set()
            connection.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
            ).fetchone()
        raised.append(caught.value)

    thread = threading.Thread(target=use)
    thread.start()
    assert in_use.wait(60)
    connections.close(timeout_seconds=0.05)
    thread.join(60)
    assert not thread.is_alive()
    assert "interrupted" in str(raised[0])
    with pytest.raises(sqlite3.ProgrammingError):
        held[0].execute("SELECT 1")


def test_closing_again_and_again_under_readers_never_crashes(tmp_path: Path) -> None:
    uri = database_uri(tmp_path / "store.sqlite3", "mode=rwc")
    connections = ThreadConnections(lambda: connect(uri))
    stop = threading.Event()
    counted: list[int] = []

    def use() -> None:
        rounds = 0
        while not stop.is_set():
            with connections.hold() as connection:
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                connection.execute("COMMIT")
            rounds += 1
        counted.append(rounds)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        connections.close()
    stop.set()
    for thread in threads:
        thread.join(60)
    connections.close()
    assert len(counted) == 3
    assert min(counted) > 0
