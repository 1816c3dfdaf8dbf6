"""Rows of documents: read as values, and the conditions that say which of them count."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from chatbot_app.core.document_fields import FIELD_NAMES, DocumentFields
from chatbot_app.core.documents import ALL_DOCUMENTS, Document, DocumentState, ImportReport
from chatbot_app.core.errors import AppError
from chatbot_app.storage.damaged_text import as_number, as_text, as_text_or_none
from chatbot_app.storage.json_columns import dump_json, load_json, load_mapping
from chatbot_app.storage.stored_paths import path_from

UNKNOWN_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)  # where the stored one cannot be read

FIELDS = (
    "SELECT documents.*, document_fields.* FROM documents"
    " LEFT JOIN document_fields ON document_fields.document_id = documents.id "
)
# Of such a row, in small letters; the period as a person writes it: "q3 2023".
FIELDS_IN_WORDS = (
    "lower(coalesce(corrected_company, company, '') || ' ' || coalesce(corrected_kind, kind, '') || ' ' ||"
    " substr(coalesce(corrected_period, period, ''), -2) || ' ' ||"
    " coalesce(corrected_period, period, '') || ' ' || coalesce(corrected_date, date, ''))"
)
_COLUMNS_OF_FIELDS = ("aliases", *FIELD_NAMES, *(f"corrected_{name}" for name in FIELD_NAMES))
_REMEMBERED_FIELDS = 1000  # of documents
IN_TRASH = "deleted_at IS NOT NULL AND NOT is_discarded"

# How many of a document's passages belong into the full-text index. Both texts are those of the index
# `documents_unsettled`, which SQLite uses for exactly them.
BELONG_IN_INDEX = (
    "CASE WHEN state IN ('searchable', 'ready') AND deleted_at IS NULL THEN expected_passages ELSE 0 END"
)
UNSETTLED = f"(is_discarded OR indexed_passages <> {BELONG_IN_INDEX})"


class DocumentGone(AppError):
    """The document was removed, or never was there."""

    summary_template = "The document is not in the library any more."
    next_step_template = "It may be in the trash; else import it again."


def advance_generation(connection: sqlite3.Connection) -> None:
    """Say that what can be found has changed."""
    connection.execute("UPDATE library SET generation = generation + 1")


def document_row(connection: sqlite3.Connection, document_id: str) -> sqlite3.Row:
    """Return the row of a document. Raises DocumentGone."""
    row: sqlite3.Row | None = connection.execute(
        FIELDS + "WHERE id = ? AND NOT is_discarded", [document_id]
    ).fetchone()
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
    """Return the document of a row that was read with `FIELDS`; what a damaged cell held is left out."""
    return Document(
        id=as_text(row["id"]),
        title=as_text(row["title"]),
        path=path_from(row["path"]),
        media_type=as_text(row["media_type"]),
        size=as_number(row["size"]),
        sha256=as_text(row["sha256"]),
        state=DocumentState(row["state"]) if row["state"] in set(DocumentState) else DocumentState.FAILED,
        imported_at=moment_of(row["imported_at"]) or UNKNOWN_MOMENT,
        pages=as_number(row["pages"]),
        characters=as_number(row["characters"]),
        passages=as_number(row["expected_passages"]),
        previous_id=as_text_or_none(row["previous_id"]),
        report=report_from(row["report"]),
        deleted_at=None if row["deleted_at"] is None else moment_of(row["deleted_at"]) or UNKNOWN_MOMENT,
        words_only=bool(as_number(row["words_only"])),
        fields=fields_from(row),
    )


def fields_from(row: sqlite3.Row) -> DocumentFields:
    """Return the fields of a row that holds the columns of `document_fields`."""
    return _fields_of(*[row[column] for column in _COLUMNS_OF_FIELDS])


@lru_cache(_REMEMBERED_FIELDS, typed=True)  # of damaged text as well, which is equal to what is not
def _fields_of(aliases: Any, *cells: Any) -> DocumentFields:
    """Return the fields of cells in the order of `_COLUMNS_OF_FIELDS`: every question reads those of thirty documents."""
    aliases = load_json(aliases)
    read, corrected = cells[: len(FIELD_NAMES)], cells[len(FIELD_NAMES) :]
    corrections = {name: as_text_or_none(cell) for name, cell in zip(FIELD_NAMES, corrected, strict=True)}
    written = {name: text for name, text in corrections.items() if text is not None}
    texts = {
        name: written[name] if name in written else as_text(cell)
        for name, cell in zip(FIELD_NAMES, read, strict=True)
    }
    return DocumentFields(
        texts["company"],
        texts["kind"],
        texts["period"],
        texts["date"],
        aliases=tuple(map(str, aliases)) if isinstance(aliases, list) else (),
        corrected=frozenset(written),
    )


def report_from(text: object) -> ImportReport | None:
    """Return the report in a cell; None where there is none that can be read."""
    try:
        return ImportReport.from_dict(load_mapping(text))
    except (KeyError, ValueError, TypeError):
        return None


def moment_of(text: object) -> datetime | None:
    """Return the moment in a cell; None where it holds none."""
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def chosen_documents(collections: Sequence[str] = (), documents: Sequence[str] = ()) -> tuple[str, list[str]]:
    """Return the condition that a row of `documents` is one of these, or else of one of these collections, and its values."""
    if not collections or documents:
        return "id IN (SELECT value FROM json_each(?))", [dump_json(list(documents))]
    marks = ",".join("?" * len(collections))
    of_collections = f"SELECT document_number FROM collection_documents WHERE collection_id IN ({marks})"
    return f"number IN ({of_collections})", list(collections)
