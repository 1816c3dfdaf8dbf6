"""The library: documents, their texts, collections, the trash. Passages and vectors are in `passages.py`."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from chatbot_app.core.documents import (
    ALL_DOCUMENTS,
    Document,
    ImportReport,
    ParsedDocument,
    PassageDraft,
)
from chatbot_app.core.errors import AppError
from chatbot_app.core.packed_text import pack_text, unpack_text
from chatbot_app.core.text import clean_text
from chatbot_app.storage.collections import CollectionStore
from chatbot_app.storage.damaged_text import as_number, as_text
from chatbot_app.storage.document_rows import (
    FIELDS,
    FIELDS_IN_WORDS,
    IN_TRASH,
    DocumentGone,
    advance_generation,
    collection_condition,
    document_from,
    document_of,
    document_row,
)
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.passage_index import settle_small
from chatbot_app.storage.purging import Kind, Purged, erase_words, purge_rows, remove_own_file
from chatbot_app.storage.settling import Settling
from chatbot_app.storage.staging import DocumentFacts, StagedDocument, bin_document, stage_document
from chatbot_app.storage.stored_paths import stored_path

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
                if row["path"] != stored_path(source.path) and row["state"] in ("searchable", "ready"):
                    self._retire(connection, source.path, row["number"])
                return Entry(document_from(row), known=True)
            older = connection.execute(
                "SELECT id FROM documents WHERE path = ? AND deleted_at IS NULL ORDER BY number DESC",
                [stored_path(source.path)],
            ).fetchone()
            document_id = self._new_id()
            connection.execute(
                "INSERT INTO documents (id, title, path, size, sha256, state, imported_at, previous_id)"
                " VALUES (?, ?, ?, ?, ?, 'importing', ?, ?)",
                [
                    document_id,
                    clean_text(source.title),
                    stored_path(source.path),
                    source.size,
                    source.sha256,
                    self._now().isoformat(),
                    older["id"] if older else None,
                ],
            )
            return Entry(document_of(connection, document_id), known=False)

    def stage(self, document_id: str) -> AbstractContextManager[StagedDocument]:
        """Lend what takes the text and the passages of a document, part by part, and publishes them all at once.

        Nobody sees anything of them before. Raises DocumentGone.
        """
        return stage_document(self._database, document_id, self._now)

    def store_passages(
        self, document_id: str, parsed: ParsedDocument, drafts: Sequence[PassageDraft]
    ) -> Document:
        """Store text and passages that are in memory already, like `stage`."""
        with self.stage(document_id) as staged:
            for start, packed in pack_text(parsed.text):
                staged.add_text(start, packed)
            staged.add_passages(drafts)
            return staged.publish(
                DocumentFacts(parsed.title, parsed.media_type, parsed.pages, len(parsed.text))
            )

    def finish(self, document_id: str, stamp: str) -> Document:
        """Flip a document to READY. Raises DocumentIncomplete unless every passage has its vector."""
        with self._database.read() as connection:  # counting 30,000 vectors takes longer than a writer may
            row = document_row(connection, document_id)
            stored = connection.execute(
                "SELECT count(*) FROM vectors JOIN passages ON passages.id = vectors.passage_id"
                " JOIN embedding_models ON embedding_models.number = vectors.model_number"
                " WHERE passages.document_number = ? AND stamp = ?",
                [row["number"], stamp],
            ).fetchone()[0]
        whole = stored == row["expected_passages"] and row["state"] in ("searchable", "ready")
        with self._database.write() as connection:
            # Passages go with their row, vectors with their model: where both are there, what was counted is.
            flipped = (
                whole
                and connection.execute(
                    "UPDATE documents SET state = 'ready' WHERE number = ? AND NOT is_discarded"
                    " AND state IN ('searchable', 'ready')"
                    " AND (expected_passages = 0 OR EXISTS (SELECT 1 FROM embedding_models WHERE stamp = ?))",
                    [row["number"], stamp],
                ).rowcount
            )
            if not flipped:
                raise DocumentIncomplete(title=row["title"], stored=stored, expected=row["expected_passages"])
            return document_of(connection, document_id)

    def require_vectors(self, stamp: str) -> int:
        """Take documents that lack vectors of a model back to SEARCHABLE; return how many.

        Their words are found as before, and an import or the window's next start makes the vectors.
        """
        with self._database.read() as connection:
            lacking = connection.execute(
                "SELECT number FROM documents WHERE state = 'ready' AND EXISTS"
                " (SELECT 1 FROM passages WHERE document_number = documents.number AND NOT EXISTS"
                " (SELECT 1 FROM vectors JOIN embedding_models ON embedding_models.number = model_number"
                " WHERE passage_id = passages.id AND stamp = ?))",
                [stamp],
            ).fetchall()
        numbers = [[row["number"]] for row in lacking]
        with self._database.write() as connection:
            connection.executemany(
                "UPDATE documents SET state = 'searchable' WHERE number = ? AND state = 'ready'", numbers
            )
        return len(numbers)

    def want_vectors(self, document_id: str) -> Document:
        """Take the person's word that a large document is worth its vectors. Raises DocumentGone."""
        with self._database.write() as connection:
            document_row(connection, document_id)
            connection.execute("UPDATE documents SET words_only = 0 WHERE id = ?", [document_id])
            return document_of(connection, document_id)

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
        """Return the documents of a collection whose title or path contains a text, newest first; or whose fields
        contain all its words ("apple q3 2023").
        """
        condition, values = collection_condition(collection_id)
        words = containing.lower().split()
        in_fields = " AND ".join(f"instr({FIELDS_IN_WORDS}, ?)" for _ in words) or "0"
        with self._database.read() as connection:
            rows = connection.execute(
                FIELDS
                + f"WHERE deleted_at IS NULL {condition} AND (instr(lower(title), ?) OR instr(lower(path), ?)"
                f" OR ({in_fields}) OR ? = '') ORDER BY number DESC",
                [*values, containing.lower(), containing.lower(), *words, containing],
            )
            return [document_from(row) for row in rows]

    def unfinished(self) -> list[Document]:
        """Return documents whose import ended halfway, oldest first; not those whose vectors nobody has asked for."""
        with self._database.read() as connection:
            rows = connection.execute(
                FIELDS + "WHERE deleted_at IS NULL AND (state = 'importing'"
                " OR state = 'searchable' AND NOT words_only) ORDER BY number"
            )
            return [document_from(row) for row in rows]

    def read_before(self, reading: int, extensions: Sequence[str] = ()) -> list[str]:
        """Return the ids of documents that an older reader than version `reading` has read, oldest first; with `extensions`,
        lower case without their dots, those of files whose names end so.
        """
        ends = " OR ".join("lower(path) LIKE ?" for _ in extensions) or "1"
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id FROM documents WHERE reading < ? AND state IN ('searchable', 'ready')"
                f" AND deleted_at IS NULL AND NOT is_discarded AND ({ends}) ORDER BY number",
                [reading, *(f"%.{extension}" for extension in extensions)],
            )
            return [as_text(row["id"]) for row in rows]

    def text(self, document_id: str) -> str:
        """Return the whole extracted text: what the offsets of passages count in."""
        return self.text_between(document_id, 0, None)

    def text_between(self, document_id: str, start: int, end: int | None) -> str:
        """Return the extracted text from one character to another, without reading the rest. Raises DocumentGone."""
        with self._database.read() as connection:
            document = document_row(connection, document_id)
            title = as_text(document["title"])
            parts = connection.execute(
                "SELECT start_offset, text FROM document_text_parts WHERE document_number = ?1"
                " AND start_offset >= coalesce((SELECT max(start_offset) FROM document_text_parts"
                " WHERE document_number = ?1 AND start_offset <= ?2), 0)"
                " AND (?3 IS NULL OR start_offset < ?3 OR start_offset <= ?2) ORDER BY start_offset",
                [document["number"], start, end],
            ).fetchall()
        if not parts:
            raise DocumentGone()
        begin = as_number(parts[0]["start_offset"])
        try:
            text = "".join(unpack_text(part["text"]) for part in parts)
        except (zlib.error, ValueError, TypeError) as exc:
            raise TextDamaged(title=title) from exc
        return text[start - begin : None if end is None else end - begin]

    def at_path(self, path: str) -> list[Document]:
        """Return the documents whose file has this path; usually one, in the making perhaps a second."""
        with self._database.read() as connection:
            rows = connection.execute(FIELDS + "WHERE path = ? AND deleted_at IS NULL", [stored_path(path)])
            return [document_from(row) for row in rows]

    def removed_from(self, path: str) -> list[Document]:
        """Return the documents in the trash whose file had this path."""
        with self._database.read() as connection:
            rows = connection.execute(FIELDS + f"WHERE path = ? AND {IN_TRASH}", [stored_path(path)])
            return [document_from(row) for row in rows]

    def relocate(self, document_id: str, path: str, old_title: str, new_title: str) -> None:
        """Give a document the new path of its file; a title that came from the old name follows."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE documents SET path = ?, title = CASE title WHEN ? THEN ? ELSE title END WHERE id = ?",
                [stored_path(path), old_title, new_title, document_id],
            )
            advance_generation(connection)

    # --- the trash -----------------------------------------------------------------------------------

    def delete(self, document_id: str) -> None:
        """Move a document to the trash: not found any more, nothing lost."""
        with self._database.write() as connection:
            row = document_row(connection, document_id)
            bin_document(connection, row["number"], self._now())
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
            settle_small(connection, row["number"])
            advance_generation(connection)
            return document_of(connection, document_id)

    def settling(self) -> Settling:
        """Return what finishes changes of large documents step by step: delete, restore, purge, killed imports."""
        return Settling(self._database)

    def trash(self) -> list[Document]:
        """Return the documents in the trash, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(FIELDS + f"WHERE {IN_TRASH} ORDER BY number DESC")
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
            [stored_path(path), known],
        ).fetchall():
            bin_document(connection, row["number"], self._now())
            advance_generation(connection)
