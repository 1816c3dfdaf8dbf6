"""A document while it is written: in portions of short transactions, seen by nobody until it is whole.

It has a row of its own, which is a discarded one from the start: whatever ends the import, what it leaves
behind is removed like any other discarded document. When it is whole, one short transaction gives it the place
of the row that was registered.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.documents import Document, PassageDraft
from chatbot_app.core.text import clean_text
from chatbot_app.storage.damaged_text import as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_fields import advance_fields, keep_fields, take_over_corrections
from chatbot_app.storage.document_rows import DocumentGone, advance_generation, document_of, document_row
from chatbot_app.storage.json_columns import dump_json
from chatbot_app.storage.locks import FolderLock
from chatbot_app.storage.moved_tasks import move_tasks, successors
from chatbot_app.storage.passage_index import discard_document, index_passages, merge_index, settle_small
from chatbot_app.storage.portions import Portions


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of a document when it has been read. `characters` counts its whole text, `reading` is the
    version of the reader (see `DocumentStore.read_before`).
    """

    title: str
    media_type: str
    pages: int
    characters: int
    fields: DocumentFields | None = None  # None: nobody has looked for them yet
    fields_version: int = 0  # of what has read them
    reading: int = 0


class StagedDocument:
    """Takes the text and the passages of one document. Use from one thread; methods raise StoreError."""

    def __init__(
        self, database: Database, document_id: str, number: int, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._document_id = document_id
        self._number = number
        self._now = now
        self._portions = Portions()
        self.passages = 0

    def add_text(self, start: int, packed: bytes) -> None:
        """Store a part of the text that begins at character `start`; see `core.packed_text`."""
        with self._portions.timed(self._portions.size), self._database.write(lasting=False) as connection:
            self._require(connection)
            connection.execute(
                "INSERT INTO document_text_parts (document_number, start_offset, text) VALUES (?, ?, ?)",
                [self._number, start, packed],
            )

    def add_passages(self, drafts: Sequence[PassageDraft]) -> None:
        """Store the next passages and put them into the full-text index. Raises DocumentGone."""
        rows = [
            (
                self._number,
                draft.ordinal,
                draft.start,
                draft.end,
                draft.page,
                dump_json(list(draft.heading_path)),
                draft.context,
                draft.text,
                draft.pairs,
                draft.familiarity,
            )
            for draft in drafts
        ]
        for portion in self._portions.of(rows):
            with self._database.write(lasting=False) as connection:
                self._require(connection)
                connection.executemany(
                    "INSERT INTO passages (document_number, ordinal, start_offset, end_offset, page,"
                    " heading_path, context, text, pairs, familiarity) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    portion,
                )
                connection.execute(
                    "UPDATE documents SET expected_passages = expected_passages + ? WHERE number = ?",
                    [len(portion), self._number],
                )
                index_passages(connection, self._number, len(portion))
            self.passages += len(portion)
        merge_index(self._database, self._portions)

    def without_vector(self, stamp: str, limit: int) -> list[tuple[int, str, str]]:
        """Return (passage id, context, text) of passages that have no vector of a model yet, in order.

        Their vectors may be stored before anybody finds them: a document that is read again is whole when it takes
        the place of the one before.
        """
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id, context, text FROM passages WHERE document_number = ? AND NOT EXISTS (SELECT 1 FROM"
                " vectors JOIN embedding_models ON number = model_number WHERE passage_id = passages.id AND stamp = ?)"
                " ORDER BY ordinal LIMIT ?",
                [self._number, stamp, limit],
            ).fetchall()
        return [(row[0], as_text(row[1]), as_text(row[2])) for row in rows]

    def publish(self, facts: DocumentFacts, *, words_only: bool = False) -> Document:
        """Let the document be found, in one short transaction. Raises DocumentGone where it was purged.

        The version that it takes the place of moves to the trash with it; what was made of passages of another reading
        of the same file goes over to these.
        """
        with self._database.read() as connection:
            moves = successors(
                connection, document_row(connection, self._document_id)["number"], self._number
            )
        with self._database.write() as connection:
            self._require(connection)
            row = document_row(connection, self._document_id)
            old, new = row["number"], self._number
            move_tasks(connection, moves)
            connection.execute(
                "UPDATE collection_documents SET document_number = ? WHERE document_number = ?", [new, old]
            )
            discard_document(connection, old, self._now().isoformat())
            connection.execute(
                "UPDATE documents SET id = ?, title = ?, path = ?, media_type = ?, size = ?, sha256 = ?,"
                " state = 'searchable', imported_at = ?, pages = ?, characters = ?, previous_id = ?, report = ?,"
                " deleted_at = ?, words_only = ?, reading = ?, is_discarded = 0, staged_by = NULL WHERE number = ?",
                [
                    row["id"],
                    clean_text(facts.title),
                    row["path"],
                    facts.media_type,
                    row["size"],
                    row["sha256"],
                    row["imported_at"],
                    facts.pages,
                    facts.characters,
                    row["previous_id"],
                    row["report"],
                    row["deleted_at"],
                    words_only,
                    facts.reading,
                    new,
                ],
            )
            if facts.fields is not None:
                keep_fields(connection, row["id"], facts.fields, facts.fields_version)
                if row["previous_id"]:
                    take_over_corrections(connection, row["id"], row["previous_id"])
                advance_fields(connection)
            self._replace(connection, row["previous_id"])
            settle_small(connection, new)
            advance_generation(connection)
            return document_of(connection, self._document_id)

    def _replace(self, connection: sqlite3.Connection, previous_id: str | None) -> None:
        previous = connection.execute(
            "SELECT number FROM documents WHERE id = ? AND deleted_at IS NULL", [previous_id]
        ).fetchone()
        if previous is None:
            return
        connection.execute(
            "INSERT INTO collection_documents SELECT collection_id, ? FROM collection_documents"
            " WHERE document_number = ? ON CONFLICT DO NOTHING",
            [self._number, previous["number"]],
        )
        bin_document(connection, previous["number"], self._now())

    def _require(self, connection: sqlite3.Connection) -> None:
        """Raise DocumentGone where this row is not there: a backup was restored meanwhile."""
        found = connection.execute(
            "SELECT 1 FROM documents WHERE number = ? AND staged_by IS NOT NULL", [self._number]
        ).fetchone()
        if found is None:
            raise DocumentGone()


@contextmanager
def stage_document(
    database: Database, document_id: str, now: Callable[[], datetime]
) -> Iterator[StagedDocument]:
    """Lend what takes the parts of a document. What is not published is removed later, in portions."""
    with _importing(database.paths.root) as token:
        with database.write() as connection:
            document_row(connection, document_id)
            moment = now().isoformat()
            number = connection.execute(
                "INSERT INTO documents (id, title, path, size, sha256, state, imported_at, deleted_at,"
                " is_discarded, staged_by) VALUES (?, '', '', 0, '', 'importing', ?, ?, 1, ?)",
                [f"staged-{token}", moment, moment, token],
            ).lastrowid
        assert number is not None
        yield StagedDocument(database, document_id, number, now)


def bin_document(connection: sqlite3.Connection, number: int, now: datetime) -> None:
    """Move a document to the trash: at once not found any more, whatever its size."""
    connection.execute(
        "UPDATE documents SET deleted_at = ? WHERE number = ? AND deleted_at IS NULL",
        [now.isoformat(), number],
    )
    settle_small(connection, number)


def is_being_written(folder: Path, token: str | None) -> bool:
    """Whether the import that a token names is still at work, in this process or another."""
    if not token:
        return False
    path = _lock_path(folder, token)
    if not path.exists():
        return False
    lock = FolderLock(path)
    try:
        if not lock.acquire():
            return True
    except OSError:
        return False
    lock.release()
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)  # its owner was killed
    return False


@contextmanager
def _importing(folder: Path) -> Iterator[str]:
    """Yield a token that is known to be in use until the end: a lock that ends with the process says so."""
    token = secrets.token_hex(8)
    path = _lock_path(folder, token)
    lock = FolderLock(path)
    # A file system without locks: what is being written may then be taken for a rest, and the import fails.
    with contextlib.suppress(OSError):
        lock.acquire()
    try:
        yield token
    finally:
        lock.release()
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _lock_path(folder: Path, token: str) -> Path:
    return folder / f"import-{token}.lock"
