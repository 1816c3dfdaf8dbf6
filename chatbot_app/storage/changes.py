"""Whether anything changed in the store since somebody last looked."""

from __future__ import annotations

from chatbot_app.storage.database import Database


def store_version(database: Database) -> tuple[int, int]:
    """Return a value that differs after every change, by whichever thread or process; takes microseconds.

    Values are only comparable within one thread. Raises StoreError.
    """
    with database.read() as connection:
        # The first counts what other connections committed, the second what this one did.
        [others] = connection.execute("PRAGMA data_version").fetchone()
        own = connection.total_changes
    return int(others), own + database.temporary.changes
