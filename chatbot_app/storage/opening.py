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
from chatbot_app.storage.locks import FolderLock

if TYPE_CHECKING:
    import tempfile

SNAPSHOT_PREFIX = "chatbot-snapshot-"
IN_USE = "in-use.lock"

Connector = Callable[[str], sqlite3.Connection]


@dataclass(frozen=True, slots=True)
class Source:
    """Where connections go: a URI, and the folder of a private snapshot if one was needed."""

    uri: str
    snapshot: tempfile.TemporaryDirectory[str] | None = None
    in_use: FolderLock | None = None  # says so to others, who remove what the dead have left

    def release(self) -> None:
        """Remove the snapshot."""
        if self.in_use is not None:
            self.in_use.release()
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

    folder = tempfile.TemporaryDirectory(prefix=SNAPSHOT_PREFIX)
    in_use = FolderLock(Path(folder.name) / IN_USE)
    try:
        in_use.acquire()
        copy = Path(folder.name) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(path.with_name(path.name + "-wal"), copy.with_name(copy.name + "-wal"))
        with closing(connector(database_uri(copy, "mode=rw"))) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        uri = database_uri(copy, "mode=ro")
        _probe(uri, connector)
    except BaseException:
        in_use.release()
        folder.cleanup()
        raise
    return Source(uri, folder, in_use)


def _probe(uri: str, connector: Connector) -> None:
    with closing(connector(uri)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
