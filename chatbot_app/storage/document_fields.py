"""The fields of documents: as they were read, and as a person corrected them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from chatbot_app.core.document_fields import FIELD_NAMES, NO_FIELDS, DocumentFields
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_number, as_text, as_text_or_none
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import (
    FIELDS,
    document_from,
    document_of,
    document_row,
    fields_from,
)
from chatbot_app.storage.json_columns import dump_json

_FOUND = "documents.state IN ('searchable', 'ready') AND documents.deleted_at IS NULL"
_OPENING = 200  # characters of a text, in which its title stands
_SAYS_ANYTHING = " OR ".join(f"coalesce(corrected_{name}, {name}) <> ''" for name in FIELD_NAMES)


def _in_collections(collections: Sequence[str]) -> str:
    """Return the condition that a document is in one of some collections, whose ids are its parameters; "" for all."""
    if not collections:
        return ""
    marks = ",".join("?" * len(collections))
    return (
        "AND documents.number IN"
        f" (SELECT document_number FROM collection_documents WHERE collection_id IN ({marks}))"
    )


class FieldStore:
    """Fields by document. Methods raise StoreError where SQLite refuses, DocumentGone where one is missing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def generation(self) -> tuple[int, int]:
        """Return what changes whenever the fields of a document that can be found change."""
        with self._database.read() as connection:
            row = connection.execute("SELECT generation, fields_generation FROM library").fetchone()
            return (0, 0) if row is None else (as_number(row[0]), as_number(row[1]))

    def known(self, collections: Sequence[str] = ()) -> list[tuple[str, DocumentFields]]:
        """Return (document id, fields) of the documents that can be found and say anything, of some collections
        or of all."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT document_fields.* FROM document_fields JOIN documents ON documents.id = document_id"
                f" WHERE {_FOUND} {_in_collections(collections)} AND ({_SAYS_ANYTHING}) ORDER BY documents.number",
                [*collections],
            )
            return [(as_text(row["document_id"]), fields_from(row)) for row in rows]

    def names(self, collections: Sequence[str] = ()) -> list[tuple[str, str, str, str]]:
        """Return (document id, path, title, begin of the first passage) of the documents that can be found, of some
        collections or of all."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT documents.id, path, title, substr(passages.text, 1, {_OPENING}) FROM documents"
                " LEFT JOIN passages ON document_number = documents.number AND ordinal = 0"
                f" WHERE {_FOUND} {_in_collections(collections)} ORDER BY documents.number",
                [*collections],
            )
            return [(as_text(row[0]), as_text(row[1]), as_text(row[2]), as_text(row[3])) for row in rows]

    def counted(self) -> list[tuple[DocumentFields, int]]:
        """Return what the documents that can be found say, each once, and how many of them say that."""
        names = [f"coalesce(corrected_{name}, {name}) AS {name}" for name in FIELD_NAMES]
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT {', '.join(names)}, count(*) AS documents"
                " FROM document_fields JOIN documents ON documents.id = document_id"
                f" WHERE {_FOUND} AND ({_SAYS_ANYTHING}) GROUP BY 1, 2, 3, 4"
            )
            return [
                (
                    NO_FIELDS.with_texts({name: as_text(row[name]) for name in FIELD_NAMES}),
                    as_number(row["documents"]),
                )
                for row in rows
            ]

    def unread(self, version: int, limit: int) -> list[tuple[str, str, str]]:
        """Return (id, path, title) of documents whose fields were never read, or by an earlier reader, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                FIELDS + f"WHERE {_FOUND} AND coalesce(reader, -1) < ? ORDER BY documents.number LIMIT ?",
                [version, limit],
            )
            found = [document_from(row) for row in rows]
        return [(document.id, document.path, document.title) for document in found]

    def keep_read(self, read: Mapping[str, DocumentFields], version: int) -> int:
        """Keep what was read of documents, by id, and return of how many; what a person corrected stays.

        Those that are gone are left out.
        """
        kept = 0
        with self._database.write() as connection:
            for document_id, fields in read.items():
                is_there = connection.execute(
                    "SELECT 1 FROM documents WHERE id = ? AND NOT is_discarded", [document_id]
                ).fetchone()
                if is_there is not None:
                    keep_fields(connection, document_id, fields, version)
                    kept += 1
            advance_fields(connection)
        return kept

    def correct(self, document_id: str, corrections: Mapping[str, str | None]) -> DocumentFields:
        """Keep what a person says of a document and return its fields; None goes back to what was read.

        `corrections` are by field name; a field that is not named stays as it is.
        """
        with self._database.write() as connection:
            document_row(connection, document_id)
            connection.execute(
                "INSERT INTO document_fields (document_id) VALUES (?) ON CONFLICT DO NOTHING", [document_id]
            )
            for name in FIELD_NAMES:
                if name in corrections:
                    text = corrections[name]
                    connection.execute(
                        f"UPDATE document_fields SET corrected_{name} = ? WHERE document_id = ?",
                        [None if text is None else clean_text(text), document_id],
                    )
            advance_fields(connection)
            return document_of(connection, document_id).fields

    def corrections(self, document_id: str) -> dict[str, str | None]:
        """Return what a person wrote, by field name; None where what was read holds."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT * FROM document_fields WHERE document_id = ?", [document_id]
            ).fetchone()
        if row is None:
            return dict.fromkeys(FIELD_NAMES)
        return {name: as_text_or_none(row[f"corrected_{name}"]) for name in FIELD_NAMES}


def advance_fields(connection: sqlite3.Connection) -> None:
    """Say that the fields of a document have changed."""
    connection.execute("UPDATE library SET fields_generation = fields_generation + 1")


def keep_fields(
    connection: sqlite3.Connection, document_id: str, fields: DocumentFields, version: int
) -> None:
    """Store what a reader of that version has read of a document; what a person corrected stays."""
    connection.execute(
        "INSERT INTO document_fields (document_id, reader, company, kind, period, date, aliases)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (document_id) DO UPDATE SET reader = excluded.reader,"
        " company = excluded.company, kind = excluded.kind, period = excluded.period, date = excluded.date,"
        " aliases = excluded.aliases",
        [
            document_id,
            version,
            *(clean_text(getattr(fields, name)) for name in FIELD_NAMES),
            dump_json(list(fields.aliases)),
        ],
    )


def take_over_corrections(connection: sqlite3.Connection, document_id: str, previous_id: str) -> None:
    """Let a new version of a file have the corrections of the one before, where it says what that one said."""
    for name in FIELD_NAMES:
        connection.execute(
            f"UPDATE document_fields SET corrected_{name} = before.corrected_{name}"
            " FROM document_fields AS before WHERE document_fields.document_id = ?1 AND before.document_id = ?2"
            f" AND document_fields.corrected_{name} IS NULL AND before.{name} = document_fields.{name}",
            [document_id, previous_id],
        )
