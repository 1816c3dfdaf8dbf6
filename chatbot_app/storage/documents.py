"""The library: documents, their texts, collections, the trash. Passages and vectors are in `passages.py`."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from chatbot_app.core.documents import (
    ALL_DOCUMENTS,
    Document,
    ImportReport,
    ParsedDocument,
    PassageDraft,
)
from chatbot_app.core.errors import AppError
from chatbot_app.core.text import clean_text
from chatbot_app.storage.collections import CollectionStore
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.document_rows import (
    FIELDS,
    DocumentGone,
    advance_generation,
    collection_condition,
    document_from,
    document_of,
    document_row,
    index_passages,
    unindex_passages,
)
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.purging import Kind, Purged, erase_words, purge_rows, remove_own_file

__all__ = ["DocumentGone", "DocumentIncomplete", "DocumentStore", "Entry", "Source"]


class DocumentIncomplete(AppError):
    """Fewer vectors are stored than the document has passages."""

    summary_template = "The import of “{title}” is not complete: {stored} of {expected} passages are stored."
    next_step_template = "Retry the import; what is stored is kept."


class TextDamaged(AppError):
    """The stored text of a document cannot be read any more."""

    summary_template = "The stored text of “{title}” is damaged."
    next_step_template = "Import the document again."


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a file before it is parsed. `size` in bytes, `sha256` of its bytes in hex."""

    path: str
    title: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document that was found or added by `register`; `known` says that its bytes were there before."""

    document: Document
    known: bool


class DocumentStore(CollectionStore):
    """Documents and collections. Methods raise DocumentGone where a document is missing, and StoreError
    where nothing could be saved; every change is one transaction.
    """

    # --- import --------------------------------------------------------------------------------------

    def register(self, source: Source) -> Entry:
        """Return the document with these bytes, added in state IMPORTING where there is none.

        The same bytes are one document, whatever their name and however many imports run at once.
        """
        with self._database.write() as connection:
            row = connection.execute(
                FIELDS + "WHERE sha256 = ? AND deleted_at IS NULL", [source.sha256]
            ).fetchone()
            if row is not None:
                if row["path"] != source.path and row["state"] in ("searchable", "ready"):
                    self._retire(connection, source.path, row["number"])
                return Entry(document_from(row), known=True)
            older = connection.execute(
                "SELECT id FROM documents WHERE path = ? AND deleted_at IS NULL ORDER BY number DESC",
                [source.path],
            ).fetchone()
            document_id = self._new_id()
            connection.execute(
                "INSERT INTO documents (id, title, path, size, sha256, state, imported_at, previous_id)"
                " VALUES (?, ?, ?, ?, ?, 'importing', ?, ?)",
                [
                    document_id,
                    clean_text(source.title),
                    clean_text(source.path),
                    source.size,
                    source.sha256,
                    self._now().isoformat(),
                    older["id"] if older else None,
                ],
            )
            return Entry(document_of(connection, document_id), known=False)

    def store_passages(
        self,
        document_id: str,
        parsed: ParsedDocument,
        drafts: Iterable[PassageDraft],
        pairs: Callable[[str], str],
    ) -> Document:
        """Store text and passages and make them searchable by their words, all or nothing.

        `pairs` gives the index its character pairs for a text. The version that this document takes the
        place of moves to the trash in the same transaction.
        """
        with self._database.write() as connection:
            row = document_row(connection, document_id)
            number = row["number"]
            unindex_passages(connection, number)
            connection.execute("DELETE FROM passages WHERE document_number = ?", [number])
            connection.executemany(
                "INSERT INTO passages (document_number, ordinal, start_offset, end_offset, page, heading_path,"
                " context, text, pairs, familiarity) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    [
                        number,
                        draft.ordinal,
                        draft.start,
                        draft.end,
                        draft.page,
                        dump_json(list(draft.heading_path)),
                        draft.context,
                        draft.text,
                        pairs(draft.text),
                        draft.familiarity,
                    ]
                    for draft in drafts
                ),
            )
            connection.execute(
                "INSERT INTO document_texts VALUES (?, ?)"
                " ON CONFLICT (document_number) DO UPDATE SET text = excluded.text",
                [number, zlib.compress(parsed.text.encode("utf-8"), 1)],
            )
            connection.execute(
                "UPDATE documents SET state = 'searchable', title = ?, media_type = ?, pages = ?,"
                " characters = ?, expected_passages ="
                " (SELECT count(*) FROM passages WHERE document_number = documents.number) WHERE number = ?",
                [clean_text(parsed.title), parsed.media_type, parsed.pages, len(parsed.text), number],
            )
            index_passages(connection, number)
            if row["previous_id"] is not None:
                self._replace(connection, row["previous_id"], number)
            advance_generation(connection)
            return document_of(connection, document_id)

    def finish(self, document_id: str, stamp: str) -> Document:
        """Flip a document to READY. Raises DocumentIncomplete unless every passage has its vector."""
        with self._database.write() as connection:
            row = document_row(connection, document_id)
            stored = connection.execute(
                "SELECT count(*) FROM vectors JOIN passages ON passages.id = vectors.passage_id"
                " JOIN embedding_models ON embedding_models.number = vectors.model_number"
                " WHERE passages.document_number = ? AND stamp = ?",
                [row["number"], stamp],
            ).fetchone()[0]
            if stored != row["expected_passages"] or row["state"] not in ("searchable", "ready"):
                raise DocumentIncomplete(title=row["title"], stored=stored, expected=row["expected_passages"])
            connection.execute("UPDATE documents SET state = 'ready' WHERE number = ?", [row["number"]])
            return document_of(connection, document_id)

    def require_vectors(self, stamp: str) -> int:
        """Take documents that lack vectors of a model back to SEARCHABLE; return how many.

        Their words are found as before, and an import or the window's next start makes the vectors.
        """
        with self._database.write() as connection:
            return connection.execute(
                "UPDATE documents SET state = 'searchable' WHERE state = 'ready' AND EXISTS"
                " (SELECT 1 FROM passages WHERE document_number = documents.number AND NOT EXISTS"
                " (SELECT 1 FROM vectors JOIN embedding_models ON embedding_models.number = model_number"
                " WHERE passage_id = passages.id AND stamp = ?))",
                [stamp],
            ).rowcount

    def fail(self, document_id: str) -> None:
        """Mark an import as failed; a document that can be found by its words stays so."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE documents SET state = 'failed' WHERE id = ? AND state = 'importing'", [document_id]
            )

    def keep_report(self, document_id: str, report: ImportReport) -> None:
        """Keep with a document what its import said."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE documents SET report = ? WHERE id = ?", [dump_json(report.to_dict()), document_id]
            )

    # --- reading -------------------------------------------------------------------------------------

    def document(self, document_id: str) -> Document:
        """Return a document, also from the trash."""
        with self._database.read() as connection:
            return document_of(connection, document_id)

    def documents(self, collection_id: str = ALL_DOCUMENTS, containing: str = "") -> list[Document]:
        """Return the documents of a collection whose title or path contains a text, newest first."""
        condition, values = collection_condition(collection_id)
        with self._database.read() as connection:
            rows = connection.execute(
                FIELDS
                + f"WHERE deleted_at IS NULL {condition} AND (instr(lower(title), ?) OR instr(lower(path), ?)"
                " OR ? = '') ORDER BY number DESC",
                [*values, containing.lower(), containing.lower(), containing],
            )
            return [document_from(row) for row in rows]

    def unfinished(self) -> list[Document]:
        """Return documents whose import ended halfway, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                FIELDS + "WHERE deleted_at IS NULL AND state IN ('importing', 'searchable') ORDER BY number"
            )
            return [document_from(row) for row in rows]

    def text(self, document_id: str) -> str:
        """Return the whole extracted text: what the offsets of passages count in."""
        with self._database.read() as connection:
            document = document_row(connection, document_id)
            title = as_text(document["title"])
            row = connection.execute(
                "SELECT text FROM document_texts WHERE document_number = ?", [document["number"]]
            ).fetchone()
        if row is None:
            raise DocumentGone()
        try:
            return zlib.decompress(row["text"]).decode("utf-8")
        except (zlib.error, ValueError, TypeError) as exc:
            raise TextDamaged(title=title) from exc

    def at_path(self, path: str) -> list[Document]:
        """Return the documents whose file has this path; usually one, in the making perhaps a second."""
        with self._database.read() as connection:
            rows = connection.execute(FIELDS + "WHERE path = ? AND deleted_at IS NULL", [path])
            return [document_from(row) for row in rows]

    def removed_from(self, path: str) -> list[Document]:
        """Return the documents in the trash whose file had this path."""
        with self._database.read() as connection:
            rows = connection.execute(FIELDS + "WHERE path = ? AND deleted_at IS NOT NULL", [path])
            return [document_from(row) for row in rows]

    def relocate(self, document_id: str, path: str, old_title: str, new_title: str) -> None:
        """Give a document the new path of its file; a title that came from the old name follows."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE documents SET path = ?, title = CASE title WHEN ? THEN ? ELSE title END WHERE id = ?",
                [clean_text(path), old_title, new_title, document_id],
            )
            advance_generation(connection)

    # --- the trash -----------------------------------------------------------------------------------

    def delete(self, document_id: str) -> None:
        """Move a document to the trash: not found any more, nothing lost."""
        with self._database.write() as connection:
            row = document_row(connection, document_id)
            self._bin(connection, row["number"])
            advance_generation(connection)

    def restore(self, document_id: str) -> Document:
        """Bring a document back from the trash. Raises DocumentGone where the same bytes came back meanwhile."""
        with self._database.write() as connection:
            row = document_row(connection, document_id)
            twin = connection.execute(
                "SELECT id FROM documents WHERE sha256 = ? AND deleted_at IS NULL", [row["sha256"]]
            ).fetchone()
            if twin is not None:
                return document_of(connection, twin["id"])
            connection.execute("UPDATE documents SET deleted_at = NULL WHERE number = ?", [row["number"]])
            index_passages(connection, row["number"])
            advance_generation(connection)
            return document_of(connection, document_id)

    def trash(self) -> list[Document]:
        """Return the documents in the trash, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(FIELDS + "WHERE deleted_at IS NOT NULL ORDER BY number DESC")
            return [document_from(row) for row in rows]

    def purge(self, document_id: str) -> None:
        """Remove a document for ever, with its passages, vectors, full text and a file that is our own.

        What is left in the gaps of the file's pages and in backups is noted, and taken away by
        `storage.trash.Trash.scrub`.
        """
        with self._database.write() as connection:
            path = document_row(connection, document_id)["path"]
            purge_rows(connection, [Purged(Kind.DOCUMENT, document_id)])
            remove_own_file(connection, self._database.paths.texts, path)
        erase_words(self._database)
        self._database.truncate_log()

    # --- inside --------------------------------------------------------------------------------------

    def _retire(self, connection: sqlite3.Connection, path: str, known: int) -> None:
        """A file that became a copy of another document holds its former bytes no more."""
        for row in connection.execute(
            "SELECT number FROM documents WHERE path = ? AND deleted_at IS NULL AND number <> ?",
            [clean_text(path), known],
        ).fetchall():
            self._bin(connection, row["number"])
            advance_generation(connection)

    def _replace(self, connection: sqlite3.Connection, previous_id: str, number: int) -> None:
        previous = connection.execute(
            "SELECT number FROM documents WHERE id = ? AND deleted_at IS NULL", [previous_id]
        ).fetchone()
        if previous is None:
            return
        connection.execute(
            "INSERT INTO collection_documents SELECT collection_id, ? FROM collection_documents"
            " WHERE document_number = ? ON CONFLICT DO NOTHING",
            [number, previous["number"]],
        )
        self._bin(connection, previous["number"])

    def _bin(self, connection: sqlite3.Connection, number: int) -> None:
        unindex_passages(connection, number)
        connection.execute(
            "UPDATE documents SET deleted_at = ? WHERE number = ? AND deleted_at IS NULL",
            [self._now().isoformat(), number],
        )
