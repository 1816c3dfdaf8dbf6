"""The full-text index, kept true to the documents: which of a document's passages stand in it is counted.

SQLite's index holds no text of its own. A passage that is taken out but never was in, or that stands in twice,
would damage it: so the count changes in the same transaction.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from chatbot_app.storage.damaged_text import as_number
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import BELONG_IN_INDEX, UNSETTLED
from chatbot_app.storage.portions import AT_ONCE, Portions

_MERGED_PAGES = 32  # of one transaction: some milliseconds


def index_passages(connection: sqlite3.Connection, number: int, count: int) -> None:
    """Put the next `count` passages of a document into the full-text index."""
    begin = _indexed(connection, number)
    connection.execute(
        "INSERT INTO passage_index (rowid, context, text, pairs) SELECT id, context, text, pairs FROM passages"
        " WHERE document_number = ? AND ordinal >= ? AND ordinal < ?",
        [number, begin, begin + count],
    )
    connection.execute(
        "UPDATE documents SET indexed_passages = min(?, expected_passages) WHERE number = ?",
        [begin + count, number],
    )


def unindex_passages(connection: sqlite3.Connection, number: int, count: int) -> None:
    """Take the last `count` passages of a document out of the full-text index."""
    end = _indexed(connection, number)
    begin = max(0, end - count)
    connection.execute(
        "INSERT INTO passage_index (passage_index, rowid, context, text, pairs)"
        " SELECT 'delete', id, context, text, pairs FROM passages"
        " WHERE document_number = ? AND ordinal >= ? AND ordinal < ?",
        [number, begin, end],
    )
    connection.execute("UPDATE documents SET indexed_passages = ? WHERE number = ?", [begin, number])


def merge_index(database: Database, portions: Portions) -> None:
    """Merge what was added to or taken out of the full-text index, in short transactions.

    Every transaction leaves a part of its own in the index, and sixteen of a kind are merged at once by SQLite,
    however large they are. https://www.sqlite.org/fts5.html#the_merge_command
    """
    is_more = True
    while is_more:
        with portions.paused(), database.write(lasting=False) as connection:
            before = connection.total_changes
            connection.execute(
                "INSERT INTO passage_index (passage_index, rank) VALUES ('merge', ?)", [_MERGED_PAGES]
            )
            is_more = connection.total_changes - before >= 2


def settle_small(connection: sqlite3.Connection, number: int) -> None:
    """Finish at once what is short: a document of up to AT_ONCE passages; larger ones are left to `Settling`."""
    row = connection.execute(
        f"SELECT is_discarded, indexed_passages, expected_passages, {BELONG_IN_INDEX} AS belong FROM documents"
        f" WHERE number = ? AND {UNSETTLED}",
        [number],
    ).fetchone()
    if row is None or row["expected_passages"] > AT_ONCE:
        return
    if row["indexed_passages"] < row["belong"]:
        index_passages(connection, number, row["belong"] - row["indexed_passages"])
    elif row["indexed_passages"] > row["belong"]:
        unindex_passages(connection, number, row["indexed_passages"])
    if row["is_discarded"]:
        connection.execute("DELETE FROM documents WHERE number = ?", [number])


def discard_document(connection: sqlite3.Connection, number: int, moment: str) -> None:
    """Take a document away from everybody; its rows go at once where they are few, else by `Settling`."""
    connection.execute(
        "UPDATE documents SET id = 'discarded-' || number, is_discarded = 1, deleted_at = ?, staged_by = NULL"
        " WHERE number = ?",
        [moment, number],
    )
    settle_small(connection, number)


def delete_document_of_copy(connection: sqlite3.Connection, number: int) -> None:
    """Delete a document with all its rows in a file that nobody else uses, of this or an earlier release."""
    columns = {row[1] for row in connection.execute("PRAGMA table_info(documents)")}
    indexed = (
        "ordinal < indexed_passages"
        if "indexed_passages" in columns
        else "state IN ('searchable', 'ready') AND deleted_at IS NULL"
    )
    connection.execute(
        "INSERT INTO passage_index (passage_index, rowid, context, text, pairs)"
        " SELECT 'delete', passages.id, passages.context, passages.text, passages.pairs FROM passages"
        f" JOIN documents ON number = document_number WHERE number = ? AND {indexed}",
        [number],
    )
    connection.execute("DELETE FROM documents WHERE number = ?", [number])


def hidden_documents(connection: sqlite3.Connection) -> list[int]:
    """Return the numbers of documents that stand in the index wholly or partly but cannot be found; mostly none."""
    rows: list[Any] = connection.execute(
        f"SELECT number FROM documents WHERE {UNSETTLED} AND indexed_passages > 0"
    ).fetchall()
    return [int(row[0]) for row in rows]


def _indexed(connection: sqlite3.Connection, number: int) -> int:
    row = connection.execute("SELECT indexed_passages FROM documents WHERE number = ?", [number]).fetchone()
    return as_number(row[0]) if row is not None else 0
