"""How the file is opened: for reading only where writing is impossible, and never by two owners."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot_app.storage.connections import connect, database_uri
from chatbot_app.storage.examination import log_is_empty

if TYPE_CHECKING:
    import tempfile

Connector = Callable[[str], sqlite3.Connection]


@dataclass(frozen=True, slots=True)
class Source:
    """Where connections go: a URI, and the folder of a private snapshot if one was needed."""

    uri: str
    snapshot: tempfile.TemporaryDirectory[str] | None = None

    def release(self) -> None:
        """Remove the snapshot."""
        if self.snapshot is not None:
            self.snapshot.cleanup()


def read_only_source(path: Path, connector: Connector = connect) -> Source:
    """Return the first way of reading `path` that works and shows everything that was committed.

    Raises sqlite3.Error where there is none.
    """
    plain = database_uri(path, "mode=ro")
    try:
        _probe(plain, connector)
    except sqlite3.OperationalError as exc:
        refused = exc
    else:
        return Source(plain)
    # The wal-index cannot be made here. Without a log the file alone is the whole truth.
    immutable = database_uri(path, "mode=ro&immutable=1")
    if log_is_empty(path):
        _probe(immutable, connector)
        return Source(immutable)
    try:
        return _snapshot(path, connector)
    except (OSError, sqlite3.Error):
        raise refused from None


def _snapshot(path: Path, connector: Connector) -> Source:
    """Copy file and log to a temporary folder, where SQLite can join them."""
    import tempfile  # a launch that needs no snapshot does not pay for it

    folder = tempfile.TemporaryDirectory(prefix="chatbot-snapshot-")
    try:
        copy = Path(folder.name) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(path.with_name(path.name + "-wal"), copy.with_name(copy.name + "-wal"))
        with closing(connector(database_uri(copy, "mode=rw"))) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        uri = database_uri(copy, "mode=ro")
        _probe(uri, connector)
    except BaseException:
        folder.cleanup()
        raise
    return Source(uri, folder)


def _probe(uri: str, connector: Connector) -> None:
    with closing(connector(uri)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
