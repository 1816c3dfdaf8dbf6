"""Rows of documents: read as values, put into the full-text index and taken out of it."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from chatbot_app.core.documents import ALL_DOCUMENTS, Document, DocumentState, ImportReport
from chatbot_app.core.errors import AppError
from chatbot_app.storage.json_columns import load_mapping

FIELDS = """
    SELECT documents.*,
        (SELECT count(*) FROM passages WHERE document_number = documents.number) AS passage_count
    FROM documents
"""


class DocumentGone(AppError):
    """The document was removed, or never was there."""

    summary_template = "The document is not in the library any more."
    next_step_template = "It may be in the trash; else import it again."


def index_passages(connection: sqlite3.Connection, number: int) -> None:
    """Put the passages of a searchable document into the full-text index."""
    connection.execute(
        "INSERT INTO passage_index (rowid, context, text, pairs)"
        " SELECT passages.id, passages.context, passages.text, passages.pairs FROM passages"
        " JOIN documents ON number = document_number WHERE number = ?"
        " AND state IN ('searchable', 'ready') AND deleted_at IS NULL",
        [number],
    )


def unindex_passages(connection: sqlite3.Connection, number: int) -> None:
    """Take the passages of a document that is searchable until now out of the full-text index."""
    connection.execute(
        "INSERT INTO passage_index (passage_index, rowid, context, text, pairs)"
        " SELECT 'delete', passages.id, passages.context, passages.text, passages.pairs FROM passages"
        " JOIN documents ON number = document_number WHERE number = ?"
        " AND state IN ('searchable', 'ready') AND deleted_at IS NULL",
        [number],
    )


def advance_generation(connection: sqlite3.Connection) -> None:
    """Say that what can be found has changed."""
    connection.execute("UPDATE library SET generation = generation + 1")


def document_row(connection: sqlite3.Connection, document_id: str) -> sqlite3.Row:
    """Return the row of a document. Raises DocumentGone."""
    row: sqlite3.Row | None = connection.execute(FIELDS + "WHERE id = ?", [document_id]).fetchone()
    if row is None:
        raise DocumentGone()
    return row


def document_of(connection: sqlite3.Connection, document_id: str) -> Document:
    """Return a document. Raises DocumentGone."""
    return document_from(document_row(connection, document_id))


def collection_condition(collection_id: str) -> tuple[str, list[str]]:
    """Return what keeps to the documents of a collection, and the values for it."""
    if collection_id == ALL_DOCUMENTS:
        return "", []
    return (
        "AND number IN (SELECT document_number FROM collection_documents WHERE collection_id = ?)",
        [collection_id],
    )


def document_from(row: sqlite3.Row) -> Document:
    """Return the document of a row that was read with `FIELDS`."""
    report = load_mapping(row["report"])
    return Document(
        id=row["id"],
        title=row["title"],
        path=row["path"],
        media_type=row["media_type"],
        size=row["size"],
        sha256=row["sha256"],
        state=DocumentState(row["state"]),
        imported_at=datetime.fromisoformat(row["imported_at"]),
        pages=row["pages"],
        characters=row["characters"],
        passages=row["passage_count"],
        previous_id=row["previous_id"],
        report=ImportReport.from_dict(report) if report else None,
        deleted_at=datetime.fromisoformat(row["deleted_at"]) if row["deleted_at"] else None,
    )
