"""Passages, and the vectors that were stored for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.core.document_fields import NO_FIELDS, DocumentFields
from chatbot_app.core.documents import Passage
from chatbot_app.storage.damaged_text import as_number, as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import chosen_documents, fields_from
from chatbot_app.storage.json_columns import dump_json, load_json
from chatbot_app.storage.portions import VARIABLES, Portions
from chatbot_app.storage.stored_paths import path_from
from chatbot_app.storage.vector_blocks import DROPPED, VectorStore, look_up_quickly
from chatbot_app.storage.word_search import WordSearch

_VECTORS_AT_ONCE = 256  # of one transaction

_FOUND = "documents.state IN ('searchable', 'ready') AND documents.deleted_at IS NULL"
_PASSAGE = (  # in the order of `_passage_from`
    "SELECT id, document_number, ordinal, start_offset, end_offset, page, heading_path, context, text, familiarity"
    " FROM passages"
)
_SEARCHABLE = f"FROM passages JOIN documents ON documents.number = passages.document_number WHERE {_FOUND}"


@dataclass(frozen=True, slots=True)
class PlacedPassage:
    """A passage with the title, the path and the fields of its document."""

    passage: Passage
    title: str
    path: str
    fields: DocumentFields = NO_FIELDS


@dataclass(frozen=True, slots=True)
class _PlacedDocument:
    """What a passage has of its document."""

    id: str
    title: str
    path: str
    fields: DocumentFields


class PassageStore:
    """Passages and vectors. Methods raise StoreError where SQLite refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.words = WordSearch(database)
        self.vectors = VectorStore(database)

    # --- passages ------------------------------------------------------------------------------------

    def generation(self) -> int:
        """Return a number that changes whenever what can be found changes."""
        with self._database.read() as connection:
            row = connection.execute("SELECT generation FROM library").fetchone()
            return as_number(row[0]) if row is not None else 0

    def searchable_ids(self) -> npt.NDArray[np.int64]:
        """Return the ids of the passages that can be found, ascending, shape (passages,). Takes a second a million."""
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT passages.id {_SEARCHABLE}")
            return np.sort(np.fromiter((row[0] for row in rows), np.int64))

    def searchable_documents(self, collections: Sequence[str] = ()) -> npt.NDArray[np.int64]:
        """Return the numbers of the documents that can be found, ascending, shape (documents,); no collections mean all."""
        return self._numbers(*chosen_documents(collections)) if collections else self._numbers("TRUE", [])

    def numbers_of(self, documents: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the numbers of those of some documents that can be found, ascending, shape (found,)."""
        return self._numbers(*chosen_documents(documents=documents))

    def _numbers(self, condition: str, values: Sequence[str]) -> npt.NDArray[np.int64]:
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT number FROM documents WHERE {_FOUND} AND {condition} ORDER BY number", values
            )
            return np.fromiter((row[0] for row in rows), np.int64)

    def first_of_files(self, names: Set[str], documents: npt.NDArray[np.int64]) -> list[int]:
        """Return the first passage of those of some documents, by their numbers, whose files have one of some names (casefolded)."""
        if not names:
            return []
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT number, path FROM documents WHERE {_FOUND}")
            named = [row[0] for row in rows if PurePath(path_from(row[1])).name.casefold() in names]
            found = (
                connection.execute(
                    "SELECT id FROM passages WHERE document_number = ? ORDER BY ordinal LIMIT 1", [number]
                ).fetchone()
                for number in np.intersect1d(named, documents).tolist()
            )
            return [row[0] for row in found if row is not None]

    def count_searchable(self, collections: Sequence[str] = (), documents: Sequence[str] = ()) -> int:
        """Return the number of passages that can be found, of some documents by their ids, or else of those in some collections; neither
        means of all.
        """
        condition, values = "TRUE", list[str]()
        if collections or documents:
            condition, values = chosen_documents(collections, documents)
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT sum(expected_passages) FROM documents WHERE {_FOUND} AND {condition}", values
            ).fetchone()
            return as_number(row[0])

    def documents_of(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the ids of the documents that passages are of, by passage id; those that are gone are missing."""
        found: dict[int, str] = {}
        with self._database.read() as connection:
            for start in range(0, len(ids), VARIABLES):
                part = [int(passage_id) for passage_id in ids[start : start + VARIABLES]]
                marks = ",".join("?" * len(part))
                rows = connection.execute(
                    "SELECT passages.id, documents.id FROM passages"
                    f" JOIN documents ON number = document_number WHERE passages.id IN ({marks})",
                    part,
                )
                found.update((row[0], as_text(row[1])) for row in rows)
        return found

    def passages(self, ids: Sequence[int]) -> dict[int, PlacedPassage]:
        """Return passages by id; those that are gone are missing."""
        found: dict[int, PlacedPassage] = {}
        documents: dict[int, _PlacedDocument] = {}
        with self._database.read() as connection:
            look_up_quickly(connection)
            for start in range(0, len(ids), VARIABLES):
                # As JSON: however many are asked for, SQLite has prepared the statement already.
                part = dump_json([int(passage_id) for passage_id in ids[start : start + VARIABLES]])
                rows = connection.execute(f"{_PASSAGE} WHERE id IN (SELECT value FROM json_each(?))", [part])
                texts = [tuple(row) for row in rows]
                new = {row[1] for row in texts if isinstance(row[1], int)} - documents.keys()
                documents.update(_placed_documents(connection, list(new)))
                for row in texts:
                    of = documents.get(row[1])
                    if of is not None:
                        passage = _passage_from(row, of.id)
                        found[passage.id] = PlacedPassage(passage, of.title, of.path, of.fields)
        return found

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the passages of a document in their order."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"{_PASSAGE} WHERE document_number = (SELECT number FROM documents WHERE id = ?) ORDER BY ordinal",
                [document_id],
            )
            return [_passage_from(tuple(row), document_id) for row in rows]

    # --- vectors -------------------------------------------------------------------------------------

    def without_vector(
        self, stamp: str, limit: int, document_id: str | None = None
    ) -> list[tuple[int, str, str]]:
        """Return (passage id, context, text) of passages that have no vector of this model, oldest first.

        Of all documents only those count whose vectors are wanted.
        """
        condition = "AND NOT words_only" if document_id is None else "AND documents.id = ?"
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT passages.id, passages.context, passages.text {_SEARCHABLE} {condition}"
                " AND NOT EXISTS (SELECT 1 FROM vectors JOIN embedding_models ON number = model_number"
                " WHERE passage_id = passages.id AND stamp = ?) ORDER BY passages.id LIMIT ?",
                [*([] if document_id is None else [document_id]), stamp, limit],
            ).fetchall()
        return [(row[0], as_text(row[1]), as_text(row[2])) for row in rows]

    def count_without_vector(self, stamp: str, document_id: str | None = None) -> int:
        """Return how many searchable passages, of one document or of all, have no vector of this model yet."""
        condition = "AND NOT words_only" if document_id is None else "AND documents.id = ?"
        return self._count_without_vector(stamp, condition, [] if document_id is None else [document_id])

    def count_pending_vectors(self, stamp: str) -> int:
        """Return how many passages of documents that are not READY have no vector of this model yet.

        Quick, however many documents are.
        """
        return self._count_without_vector(stamp, "AND NOT words_only AND state = 'searchable'", [])

    def _count_without_vector(self, stamp: str, condition: str, values: Sequence[str]) -> int:
        with self._database.read() as connection:
            return int(
                connection.execute(
                    f"SELECT count(*) {_SEARCHABLE} {condition}"
                    " AND NOT EXISTS (SELECT 1 FROM vectors JOIN embedding_models ON number = model_number"
                    " WHERE passage_id = passages.id AND stamp = ?)",
                    [*values, stamp],
                ).fetchone()[0]
            )

    def add_vectors(self, stamp: str, ids: Sequence[int], vectors: npt.NDArray[np.float32]) -> None:
        """Store one vector per passage, shape (len(ids), dimension); passages gone meanwhile are left out."""
        rows = [
            [vector.astype("<f4").tobytes(), int(passage_id), stamp]
            for passage_id, vector in zip(ids, vectors, strict=True)
        ]
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO embedding_models (stamp, dimension) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [stamp, vectors.shape[1]],
            )
        for start in range(0, len(rows), _VECTORS_AT_ONCE):
            with self._database.write() as connection:
                connection.executemany(
                    "INSERT INTO vectors (model_number, passage_id, vector)"
                    " SELECT number, passages.id, ? FROM embedding_models JOIN passages ON passages.id = ?"
                    " WHERE stamp = ? ON CONFLICT DO NOTHING",
                    rows[start : start + _VECTORS_AT_ONCE],
                )

    def count_vectors(self, stamp: str) -> int:
        """Return the number of vectors of this model."""
        return self.vectors.count(stamp)

    def drop_vectors(self, stamp: str) -> None:
        """Remove every vector of a model."""
        self.give_up_vectors(stamp)
        self.remove_dropped()

    def give_up_vectors(self, stamp: str) -> None:
        """Let nobody find the vectors of a model any more; `remove_dropped` removes their rows."""
        with self._database.write() as connection:
            connection.execute(
                f"UPDATE embedding_models SET stamp = '{DROPPED}' || number WHERE stamp = ?", [stamp]
            )

    def remove_dropped(self) -> None:
        """Remove what is left of models whose vectors were dropped, in portions."""
        portions = Portions()
        while self.remove_some_dropped(portions):
            pass

    def remove_some_dropped(self, portions: Portions) -> bool:
        """Remove a portion of what is left of such models; return whether there was anything."""
        with self._database.read() as connection:
            if not connection.execute(
                f"SELECT 1 FROM embedding_models WHERE stamp GLOB '{DROPPED}*' LIMIT 1"
            ).fetchone():
                return False
        with portions.timed(portions.size), self._database.write() as connection:
            removed = connection.execute(
                "DELETE FROM vectors WHERE id IN (SELECT vectors.id FROM vectors JOIN embedding_models"
                f" ON number = model_number WHERE stamp GLOB '{DROPPED}*' LIMIT ?)",
                [portions.size],
            ).rowcount
            if not removed:
                connection.execute(f"DELETE FROM embedding_models WHERE stamp GLOB '{DROPPED}*'")
        return True


def _headings_from(text: object) -> tuple[str, ...]:
    if text == "[]":
        return ()
    headings = load_json(text)
    return tuple(str(heading) for heading in headings) if isinstance(headings, list) else ()


def _placed_documents(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, _PlacedDocument]:
    """Return documents by number; those that are gone are missing."""
    rows = connection.execute(
        # The document's id first: where its fields were not read yet, theirs is NULL.
        "SELECT number, documents.id, title, path, document_fields.* FROM documents"
        " LEFT JOIN document_fields ON document_fields.document_id = documents.id"
        " WHERE number IN (SELECT value FROM json_each(?))",
        [dump_json(numbers)],
    )
    return {
        row[0]: _PlacedDocument(as_text(row[1]), as_text(row[2]), path_from(row[3]), fields_from(row))
        for row in rows
    }


def _passage_from(row: tuple[Any, ...], document_id: str) -> Passage:
    """Return the passage of a row of `_PASSAGE`: by place, for a name is looked up in all columns."""
    number, _document, ordinal, start, end, page, headings, context, text, familiarity = row
    return Passage(
        number,
        document_id,
        as_number(ordinal),
        as_number(start),
        as_number(end),
        as_text(text),
        page if isinstance(page, int) else None,
        _headings_from(headings),
        as_text(context),
        familiarity if isinstance(familiarity, int | float) else 1.0,
    )
