"""Connections: one a thread, and none left behind by threads that ended."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from chatbot_app.storage.connections import ThreadConnections, connect, database_uri


def test_each_thread_has_its_own_and_those_of_ended_threads_are_closed(tmp_path: Path) -> None:
    uri = database_uri(tmp_path / "a # strange?name.sqlite3", "mode=rwc")
    connections = ThreadConnections(lambda: connect(uri))
    mine = connections.current()
    assert connections.current() is mine
    others: list[sqlite3.Connection] = []
    for _ in range(3):
        thread = threading.Thread(target=lambda: others.append(connections.current()))
        thread.start()
        thread.join()
    assert mine not in others
    assert len(connections) <= 2
    connections.discard()
    with pytest.raises(sqlite3.ProgrammingError):
        mine.execute("SELECT 1")
    again = connections.current()
    again.execute("CREATE TABLE t (x)")
    connections.close()
    connections.close()
    for closed in (again, *others):
        with pytest.raises(sqlite3.ProgrammingError):
            closed.execute("SELECT 1")
    assert (tmp_path / "a # strange?name.sqlite3").exists()
