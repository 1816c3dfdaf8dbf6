"""Whether the values in the tables are what was once stored there: what SQLite's own check does not look at."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from chatbot_app.storage.sqlite_errors import means_damage

_JSON_COLUMNS = {
    "conversations.settings",
    "messages.settings",
    "messages.usage",
    "messages.timings",
    "messages.notices",
    "messages.metadata",
    "servers.traits",
    "presets.parameters",
    "prompts.examples",
    "characters.settings",
    "characters.examples",
    "data_jobs.wish",
    "data_rows.details",
    "settings.value",
    "documents.report",
    "document_fields.aliases",
    "passages.heading_path",
    "import_jobs.report",
    "folders.settings",
    "local_models.former_names",
    "local_models.facts",
    "local_models.settings",
    "local_models.origin",
}
_COMPRESSED_COLUMNS = {
    "prompt_plans.plan",
    "document_texts.text",
    "document_text_parts.text",
    "plan_texts.text",
}
# Names of files that are no valid text are kept as bytes (stored_paths.py): only what is a text is looked at.
_PATH_COLUMNS = {
    "documents.path",
    "document_copies.path",
    "import_jobs.path",
    "watched_folders.path",
    "watched_files.path",
    "watched_files.folder",
    "local_models.path",
}
_MOMENT_COLUMNS = {
    "data_jobs.created_at",
    "conversations.created_at",
    "conversations.updated_at",
    "conversations.deleted_at",
    "messages.created_at",
    "summaries.created_at",
    "documents.imported_at",
    "documents.deleted_at",
    "watched_folders.added_at",
    "trash_clock.looked_at",
    "local_models.last_used",
}
# What must be empty, by the words for it; each only where its tables are there.
_RELATIONS = (
    (
        {"messages"},
        "parent_id of messages: the parent is of another conversation",
        "SELECT 1 FROM messages JOIN messages AS above ON above.id = messages.parent_id"
        " WHERE above.conversation_id <> messages.conversation_id",
    ),
    (
        {"vectors", "embedding_models"},
        "vector of vectors: not as long as its model's",
        "SELECT 1 FROM vectors JOIN embedding_models ON number = model_number"
        " WHERE length(vector) <> 4 * dimension",
    ),
    (
        {"exchange_vectors"},
        "vector of exchange_vectors: of an impossible length",
        "SELECT 1 FROM exchange_vectors WHERE length(vector) % 4 OR NOT length(vector)",
    ),
)
_ROWS_AT_ONCE = 500


def check_values(connection: sqlite3.Connection) -> list[str]:
    """Return a line for each column that holds values which cannot be what was stored; empty means none.

    Reads every table to its end: seconds a GB. The connection's `text_factory` is not used. Raises
    sqlite3.Error for what is not damage.
    """
    factories = connection.text_factory, connection.row_factory
    connection.text_factory, connection.row_factory = bytes, None
    try:
        return list(_problems(connection))
    except sqlite3.DatabaseError as exc:
        if means_damage(exc):
            return [str(exc)]
        raise
    finally:
        connection.text_factory, connection.row_factory = factories


def _problems(connection: sqlite3.Connection) -> Iterator[str]:
    tables = _own_tables(connection)
    for table in tables:
        for name, number in _unreadable(connection, table):
            yield f"{name} of {table}: {number} value(s) cannot be read"
    for needed, words, statement in _RELATIONS:
        if needed <= set(tables) and connection.execute(f"{statement} LIMIT 1").fetchone():
            yield words


def _unreadable(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str, int]]:
    """Yield (column, how many) of the values of a table that cannot be what was stored."""
    columns = [
        (bytes(row[1]).decode("utf-8", "replace"), bytes(row[2]).upper())
        for row in connection.execute(f'PRAGMA table_info("{table}")')
    ]
    names = ", ".join(_expression(table, name) for name, _kind in columns)
    tests = [_test_of(f"{table}.{name}", kind) for name, kind in columns]
    wrong = [0] * len(columns)
    cursor = connection.execute(f'SELECT {names} FROM "{table}"')
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        for row in rows:
            for place, value in enumerate(row):
                wrong[place] += value is not None and not tests[place](value)
    for (name, _kind), number in zip(columns, wrong, strict=True):
        if number:
            yield name, number


def _expression(table: str, column: str) -> str:
    if f"{table}.{column}" in _PATH_COLUMNS:
        return f"CASE typeof(\"{column}\") WHEN 'blob' THEN '' ELSE \"{column}\" END"
    return f'"{column}"'


def _own_tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
    named = [(bytes(name).decode("utf-8", "replace"), bytes(sql or b"")) for name, sql in rows]
    virtual = [name for name, sql in named if sql.upper().startswith(b"CREATE VIRTUAL")]
    return [
        name
        for name, sql in named
        if name not in virtual
        and not name.startswith(("sqlite_", "_sqlite"))
        and not any(name.startswith(f"{index}_") for index in virtual)
    ]


def _test_of(column: str, kind: bytes) -> Callable[[Any], bool]:
    # SQLite hands texts over as bytes here, and so cannot be asked which it was: `text_factory` is bytes.
    if column in _JSON_COLUMNS:
        return _is_json
    if column in _MOMENT_COLUMNS:
        return _is_moment
    if column in _COMPRESSED_COLUMNS:
        return _is_compressed
    return {b"TEXT": _is_text, b"INTEGER": _is_integer, b"REAL": _is_real}.get(kind, _is_anything)


def _is_text(value: Any) -> bool:
    if not isinstance(value, bytes):
        return False
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_json(value: Any) -> bool:
    try:
        json.loads(value)
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def _is_moment(value: Any) -> bool:
    try:
        datetime.fromisoformat(value.decode())
    except (ValueError, AttributeError):
        return False
    return True


def _is_compressed(value: Any) -> bool:
    try:
        zlib.decompress(value)
    except (zlib.error, TypeError):
        return False
    return True


def _is_integer(value: Any) -> bool:
    return isinstance(value, int)


def _is_real(value: Any) -> bool:
    return isinstance(value, int | float)


def _is_anything(_value: Any) -> bool:
    return True
