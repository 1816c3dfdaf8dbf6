"""The statements that take a conversation or a document out of a file for good: of the store or of a backup."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import UNKNOWN_MOMENT, advance_generation
from chatbot_app.storage.json_columns import dump_json, load_json, load_mapping
from chatbot_app.storage.passage_index import delete_document_of_copy, discard_document
from chatbot_app.storage.stored_paths import path_from

INDICES = ("message_index", "title_index", "passage_index")
DRAFTS_SETTING = "ui.drafts"
_MERGED_PAGES = 32  # of an index in one transaction: some milliseconds; 500 take a quarter of a second


class Kind(StrEnum):
    """What lies in the trash."""

    CONVERSATION = "conversation"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Purged:
    """Something that was deleted for good."""

    kind: Kind
    item_id: str


def tables_of(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the tables of a file, which may be of an older release."""
    return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def delete_rows_of_copy(connection: sqlite3.Connection, purged: Sequence[Purged]) -> None:
    """Delete all rows of conversations and documents in a file that nobody else uses, of any release.

    Foreign keys must be enforced.
    """
    tables = tables_of(connection)
    if "documents" in tables:
        for number in _discarded(connection):  # removed already, when the copy was made
            delete_document_of_copy(connection, number)
    _delete_rows(connection, purged, tables, is_copy=True)


def _delete_rows(
    connection: sqlite3.Connection, purged: Sequence[Purged], tables: set[str], *, is_copy: bool
) -> None:
    """Delete rows. Indices get their delete markers; `merge_step` takes the words away, compacting the ghosts of pages."""
    for item in purged:
        if item.kind is Kind.CONVERSATION:
            delete_conversation(connection, item.item_id)
        elif "documents" in tables:
            _delete_document(connection, item.item_id, tables, is_copy=is_copy)
    drop_drafts(connection, purged)
    if "token_counts" in tables:
        # Digests of single texts; which of them were of what is gone is not known.
        connection.execute("DELETE FROM token_counts")


def drop_drafts(connection: sqlite3.Connection, purged: Iterable[Purged]) -> None:
    """Forget what was written in purged conversations and never sent."""
    row = connection.execute("SELECT value FROM settings WHERE key = ?", [DRAFTS_SETTING]).fetchone()
    value = load_json(row["value"]) if row is not None else None
    drafts = load_mapping(value) if isinstance(value, str) else {}
    kept = {key: text for key, text in drafts.items() if key not in {item.item_id for item in purged}}
    if kept != drafts:
        connection.execute(
            "UPDATE settings SET value = ? WHERE key = ?", [dump_json(dump_json(kept)), DRAFTS_SETTING]
        )


def contains(connection: sqlite3.Connection, purged: Iterable[Purged]) -> bool:
    """Whether any row of these is in the file."""
    tables = tables_of(connection)
    if "documents" in tables and _discarded(connection):
        return True  # of which document they are is not known any more
    return any(
        connection.execute(f"SELECT 1 FROM {item.kind}s WHERE id = ?", [item.item_id]).fetchone()
        for item in purged
        if f"{item.kind}s" in tables
    )


def purge_rows(connection: sqlite3.Connection, purged: Sequence[Purged]) -> None:
    """Delete rows of the store itself, and note that what is left of them must be scrubbed.

    Those of a large document are out of everybody's sight at once and deleted in portions, by `Settling`.
    """
    _delete_rows(connection, purged, tables_of(connection), is_copy=False)
    connection.executemany(
        "INSERT INTO purges VALUES (?, ?) ON CONFLICT DO NOTHING",
        [[item.kind.value, item.item_id] for item in purged],
    )


def remove_own_file(connection: sqlite3.Connection, folder: Path, path: str | bytes) -> None:
    """Remove the file of a purged document if we made it, in `folder`, and no other document came from it.

    `path` is what stands in the column.
    """
    file = Path(path_from(path))
    if file.parent != folder:
        return  # the person's own
    known = (
        "SELECT 1 FROM documents WHERE path = ?1 AND NOT is_discarded"
        " UNION SELECT 1 FROM import_jobs WHERE path = ?1"
    )
    if connection.execute(known, [path]).fetchone() is None:
        with suppress(OSError):
            file.unlink()


def erase_words(database: Database) -> None:
    """Rewrite the full-text indices of the store in many short transactions."""
    for index in INDICES:
        first = is_more = True
        while is_more:
            with database.write() as connection:
                is_more = merge_step(connection, index, first=first)
            first = False


def erase_words_of_copy(connection: sqlite3.Connection) -> None:
    """Rewrite the full-text indices of a file that nobody else uses."""
    for index in INDICES:
        if index in tables_of(connection):
            connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def merge_step(connection: sqlite3.Connection, index: str, *, first: bool) -> bool:
    """Rewrite a part of a full-text index; return whether more is to be done.

    A deleted row leaves its words in the index until its segments are merged. The option "secure-delete" needs
    SQLite 3.42 and makes the file unreadable for older ones, "optimize" holds the lock for the whole index.
    https://www.sqlite.org/fts5.html#the_merge_command
    """
    before = connection.total_changes
    pages = -_MERGED_PAGES if first else _MERGED_PAGES
    connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", [pages])
    return connection.total_changes - before >= 2


def delete_conversation(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Delete a conversation with everything that is of it."""
    connection.execute("UPDATE conversations SET leaf_id = NULL WHERE id = ?", [conversation_id])
    connection.execute("DELETE FROM messages WHERE conversation_id = ?", [conversation_id])
    connection.execute("DELETE FROM conversations WHERE id = ?", [conversation_id])


def _delete_document(
    connection: sqlite3.Connection, document_id: str, tables: set[str], *, is_copy: bool
) -> None:
    row = connection.execute(
        "SELECT number, path, deleted_at FROM documents WHERE id = ?", [document_id]
    ).fetchone()
    if row is None:
        return
    if is_copy:
        delete_document_of_copy(connection, row["number"])
    else:
        discard_document(connection, row["number"], row["deleted_at"] or UNKNOWN_MOMENT.isoformat())
    if "document_copies" in tables:
        connection.execute("DELETE FROM document_copies WHERE document_id = ?", [document_id])
    if "document_fields" in tables:
        connection.execute("DELETE FROM document_fields WHERE document_id = ?", [document_id])
    connection.execute(
        "DELETE FROM import_jobs WHERE state <> 'queued' AND (instr(coalesce(report, ''), ?2)"
        " OR path = ?1 AND NOT EXISTS"
        " (SELECT 1 FROM documents WHERE documents.path = ?1 AND documents.number <> ?3))",
        [row["path"], document_id, row["number"]],
    )
    advance_generation(connection)


def _discarded(connection: sqlite3.Connection) -> list[int]:
    columns = {row[1] for row in connection.execute("PRAGMA table_info(documents)")}
    if "is_discarded" not in columns:
        return []
    rows = connection.execute("SELECT number FROM documents WHERE is_discarded").fetchall()
    return [int(row[0]) for row in rows]
