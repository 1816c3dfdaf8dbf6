"""Full-text indices that are damaged, made anew from the tables that they index."""

from __future__ import annotations

import sqlite3


def rebuild_indices(connection: sqlite3.Connection) -> None:
    """Make every index of FTS5 anew, in the open transaction. Raises sqlite3.Error."""
    indices = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall()
    for (name,) in indices:
        # As FTS5 makes a new one: where the record of its structure is damaged, it cannot even be opened.
        connection.execute(f"DELETE FROM {name}_data")
        connection.execute(f"INSERT INTO {name}_data VALUES (1, x''), (10, x'00000000000000')")
        connection.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")
