"""Whether the file in the store's place is the store: found out without writing to it or to its log."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from enum import Enum, auto
from pathlib import Path

from chatbot_app.storage.connections import connect, database_uri
from chatbot_app.storage.examination import log_is_empty

TEMPORARY_PREFIX = "chatbot-look-"

_MAGIC = b"SQLite format 3\x00"
_BOOKKEEPING = {"_sqlite_migrations", "sqlite_sequence", "sqlite_stat1"}


def is_a_plain_file(path: Path) -> bool:
    """Whether nothing or a file is there, not a folder or a device. Follows links; raises OSError."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return True


def is_of_another_program(path: Path) -> bool:
    """Whether a sound database is there that this program did not make; False where that cannot be said.

    Neither the file nor a log or lock file beside it changes. Raises OSError where it cannot be read.
    """
    if not path.exists() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(_MAGIC):
        return False  # damaged, or no database at all: it is set aside as such
    # https://www.sqlite.org/fileformat.html: user version and application id; this program sets neither.
    if any(header[60:64]) or any(header[68:72]):
        return True
    try:
        found = _look(database_uri(path, "mode=ro&immutable=1"))
        if found is not _Found.OURS and not log_is_empty(path):
            found = _look_with_log(path)
    except sqlite3.Error:
        return False
    return found is _Found.STRANGE


class _Found(Enum):
    OURS = auto()
    EMPTY = auto()  # as it is where we were killed before the first step of the schema
    STRANGE = auto()


def _look(uri: str) -> _Found:
    with closing(connect(uri)) as connection:
        tables = {
            row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if "_sqlite_migrations" in tables:
            found = connection.execute(
                "SELECT 1 FROM _sqlite_migrations WHERE migration_set = 'chatbot' LIMIT 1"
            ).fetchone()
            if found is not None:
                return _Found.OURS
    return _Found.EMPTY if tables <= _BOOKKEEPING else _Found.STRANGE


def _look_with_log(path: Path) -> _Found:
    """Join copies of file and log: what was committed last may be in the log alone."""
    import tempfile  # a usual launch does not pay for it

    with tempfile.TemporaryDirectory(prefix=TEMPORARY_PREFIX) as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(path.with_name(path.name + "-wal"), copy.with_name(copy.name + "-wal"))
        return _look(database_uri(copy, "mode=rw"))
