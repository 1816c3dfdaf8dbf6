"""Whether a database file can be trusted: a look that does not slow the launch, and the thorough one."""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from chatbot_app.storage.connections import connect, database_uri
from chatbot_app.storage.migrations import applied_migrations
from chatbot_app.storage.sqlite_errors import means_damage

_MAGIC = b"SQLite format 3\x00"  # https://www.sqlite.org/fileformat.html, section 1.3
_HEADER_BYTES = 100
# SQLite walks a tree in one step, whatever the clock says: of a larger file, a launch looks at what stays small, and
# `examine_rest` at the messages when the window stands. Damage of documents is noticed when it is read, and by a backup.
LARGE_BYTES = 64 * 1024 * 1024
_OF_DOCUMENTS = ("passages", "passage_index", "vectors", "vector_blocks", "document_text_parts")
_OF_MESSAGES = ("messages", "message_index", "prompt_plans", "plan_texts")
_PROGRESS_STEPS = 2_000  # virtual machine steps between two looks at the clock: well under a millisecond


@dataclass(frozen=True, slots=True)
class Examination:
    """What a look at the file found: `applied` migrations, and the `problems` that make it unusable."""

    applied: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def examine(path: Path, *, budget_seconds: float | None) -> Examination:
    """Read the header and the schema and walk the trees for `budget_seconds` (None: to the end).

    The file is opened for reading only and stays as it is. Raises sqlite3.Error where it cannot be opened
    for a reason other than damage, OSError where it cannot be read.
    """
    problem = _header_problem(path)
    if problem:
        return Examination(problems=(problem,))
    if path.stat().st_size == 0:
        return Examination()
    try:
        with closing(connect(database_uri(path, "mode=ro"))) as connection:
            applied = applied_migrations(connection)
            is_large = budget_seconds is not None and path.stat().st_size > LARGE_BYTES
            tables = _tables(connection, but=_OF_DOCUMENTS + _OF_MESSAGES) if is_large else [None]
            return Examination(applied, _tree_problems(connection, tables, budget_seconds))
    except sqlite3.DatabaseError as exc:
        if means_damage(exc):
            return Examination(problems=(str(exc),))
        raise


def examine_rest(path: Path) -> tuple[str, ...]:
    """Return what is wrong with the trees that a launch leaves out, or had no time for; a second a GB of messages.

    Of a large file what grows with the documents is left out here, too. Raises sqlite3.Error for what is not damage.
    """
    try:
        with closing(connect(database_uri(path, "mode=ro"))) as connection:
            is_large = path.stat().st_size > LARGE_BYTES
            tables = _tables(connection, but=_OF_DOCUMENTS) if is_large else [None]
            return _tree_problems(connection, tables, None)
    except sqlite3.DatabaseError as exc:
        if means_damage(exc):
            return (str(exc),)
        raise


def check_integrity(connection: sqlite3.Connection) -> list[str]:
    """Return everything that SQLite's own full check finds wrong; empty means that the file is sound.

    Raises sqlite3.Error for what is not damage.
    """
    try:
        lines = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        lines += [
            f"row {row[1]} of {row[0]} refers to a missing row of {row[2]}"
            for row in connection.execute("PRAGMA foreign_key_check")
        ]
    except sqlite3.DatabaseError as exc:
        if means_damage(exc):
            return [str(exc)]
        raise
    return [line for line in lines if line != "ok"]


def set_aside(path: Path, why: str = "damaged") -> Path:
    """Rename a file together with its log, so that nothing of it is lost; return its new place.

    A link is renamed itself: what it leads to stays where it is.
    """
    for number in itertools.count(1):
        kept_as = path.with_name(f"{path.stem}.{why}-{number}{path.suffix}")
        if not kept_as.exists() and not kept_as.is_symlink():
            break
    # The log first: killed in between, the next launch finds the file damaged again and joins the two.
    for suffix in ("-wal", "-shm"):
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.replace(kept_as.with_name(kept_as.name + suffix))
    path.replace(kept_as)
    return kept_as


def suspicion_file(path: Path) -> Path:
    """Return the file whose presence makes the next launch examine the database to its end."""
    return path.with_name("examine-database")


def log_is_empty(path: Path) -> bool:
    """Whether the write-ahead log of the file holds nothing."""
    log = path.with_name(path.name + "-wal")
    return not log.exists() or log.stat().st_size == 0


def _header_problem(path: Path) -> str:
    size = path.stat().st_size
    if size == 0:
        return ""
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        return "the file does not begin as a database does"
    page_size = int.from_bytes(header[16:18], "big")
    page_size = 65_536 if page_size == 1 else page_size
    if page_size < 512 or page_size & (page_size - 1):
        return "the header names an impossible page size"
    count_is_valid = header[24:28] == header[92:96]
    # With a log, the file may rightly be shorter than its header says: a checkpoint was cut short.
    if count_is_valid and log_is_empty(path) and size < int.from_bytes(header[28:32], "big") * page_size:
        return "the file is shorter than its header says"
    return ""


def _tables(connection: sqlite3.Connection, *, but: tuple[str, ...]) -> list[str | None]:
    """Return the names of the tables, but of those that begin so."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    ).fetchall()
    names = [str(row[0]) for row in rows]
    return [name for name in names if not name.startswith((*but, "sqlite_"))]


def _tree_problems(
    connection: sqlite3.Connection, tables: Sequence[str | None], budget_seconds: float | None
) -> tuple[str, ...]:
    """Return what is wrong with some tables and their indices; None stands for the whole file."""
    if budget_seconds is not None:
        deadline = time.monotonic() + budget_seconds
        connection.set_progress_handler(lambda: int(time.monotonic() > deadline), _PROGRESS_STEPS)
    rows: list[str] = []
    try:
        for name in tables:
            check = "quick_check(5)" if name is None else f'quick_check("{name}")'
            rows += [str(row[0]) for row in connection.execute(f"PRAGMA {check}")]
    except sqlite3.OperationalError as exc:
        if exc.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise  # else: sound as far as the time reached, or not
    finally:
        connection.set_progress_handler(None, 0)
    return tuple(row for row in rows if row != "ok")
