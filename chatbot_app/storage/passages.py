"""Passages: found by their words, and the vectors that were stored for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.core.document_fields import NO_FIELDS, DocumentFields
from chatbot_app.core.documents import Passage
from chatbot_app.storage.damaged_text import as_number, as_text
from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import fields_from
from chatbot_app.storage.json_columns import dump_json, load_json
from chatbot_app.storage.passage_index import hidden_documents
from chatbot_app.storage.portions import Portions
from chatbot_app.storage.stored_paths import path_from

_ROWS_AT_ONCE = 4096
_LARGEST_DIMENSION = 1 << 16  # above that it is damage
_VARIABLES = 500  # of one statement; old builds of SQLite allow 999
_COUNTED_EXACTLY = 1000  # passages with a word: of a common one nobody needs to know how many are hidden
_DROPPED = "dropped/"  # before the number of a model, as its stamp
_VECTORS_AT_ONCE = 256  # of one transaction

_IN_COLLECTIONS = (
    "IN (SELECT passages.id FROM collection_documents"
    " JOIN passages ON passages.document_number = collection_documents.document_number"
    " WHERE collection_id IN ({marks}))"
)
_IN_DOCUMENTS = (
    "IN (SELECT passages.id FROM documents JOIN passages ON passages.document_number = documents.number"
    " WHERE documents.id IN (SELECT value FROM json_each(?)))"
)
_SEARCHABLE = (
    "FROM passages JOIN documents ON documents.number = passages.document_number"
    " WHERE documents.state IN ('searchable', 'ready') AND documents.deleted_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class PlacedPassage:
    """A passage with the title, the path and the fields of its document."""

    passage: Passage
    title: str
    path: str
    fields: DocumentFields = NO_FIELDS


class PassageStore:
    """Passages and vectors. Methods raise StoreError where SQLite refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- words ---------------------------------------------------------------------------------------

    def search_words(
        self, match: str, limit: int, collections: Sequence[str] = (), documents: Sequence[str] = ()
    ) -> list[tuple[int, float]]:
        """Return (passage id, BM25) of the best matches of an FTS5 expression, higher is better.

        Only documents of `collections`, or else those with the ids `documents`, count; none means all.
        """
        # Unary plus: else SQLite asks the full-text index once for each passage that counts.
        condition, values = _in_collections("+rowid", collections)
        if documents:
            condition, values = _in_documents("+rowid", documents)
        with self._database.read() as connection:
            visible = _visible(connection)
            rows = connection.execute(
                f"SELECT rowid, -rank AS score FROM passage_index WHERE passage_index MATCH ? {condition} {visible}"
                " ORDER BY rank LIMIT ?",
                [match, *values, limit],
            ).fetchall()
        return [(row[0], row[1]) for row in rows]

    def count_matches(self, matches: Sequence[str], limit: int) -> list[int]:
        """Return for each FTS5 expression how many passages it matches, counted up to `limit`."""
        counting = (
            "SELECT count(*) FROM (SELECT 1 FROM passage_index WHERE passage_index MATCH ? {visible} LIMIT ?)"
        )
        counts: list[int] = []
        with self._database.read() as connection:
            visible = _visible(connection)
            for match in matches:
                count = connection.execute(counting.format(visible=""), [match, limit]).fetchone()[0]
                if visible and count <= _COUNTED_EXACTLY:
                    count = connection.execute(counting.format(visible=visible), [match, limit]).fetchone()[0]
                counts.append(count)
        return counts

    def generation(self) -> int:
        """Return a number that changes whenever what can be found changes."""
        with self._database.read() as connection:
            row = connection.execute("SELECT generation FROM library").fetchone()
            return as_number(row[0]) if row is not None else 0

    def searchable_ids(self, collections: Sequence[str] = ()) -> npt.NDArray[np.int64]:
        """Return the ids of the passages that can be found, ascending; no collections mean all documents."""
        condition, values = _in_collections("passages.id", collections)
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT passages.id {_SEARCHABLE} {condition}", values)
            return np.sort(np.fromiter((row[0] for row in rows), np.int64))

    def ids_in(self, documents: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the ids of the passages of some documents that can be found, ascending."""
        condition, values = _in_documents("passages.id", documents)
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT passages.id {_SEARCHABLE} {condition}", values)
            return np.sort(np.fromiter((row[0] for row in rows), np.int64))

    def documents_of(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the ids of the documents that passages are of, by passage id; those that are gone are missing."""
        found: dict[int, str] = {}
        with self._database.read() as connection:
            for start in range(0, len(ids), _VARIABLES):
                part = [int(passage_id) for passage_id in ids[start : start + _VARIABLES]]
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
        with self._database.read() as connection:
            for start in range(0, len(ids), _VARIABLES):
                part = [int(passage_id) for passage_id in ids[start : start + _VARIABLES]]
                marks = ",".join("?" * len(part))
                for row in connection.execute(
                    # The document's id first: where its fields were not read yet, theirs is NULL.
                    "SELECT documents.id AS document_id, passages.*, title, path, document_fields.* FROM passages"
                    " JOIN documents ON number = document_number"
                    " LEFT JOIN document_fields ON document_fields.document_id = documents.id"
                    f" WHERE passages.id IN ({marks})",
                    part,
                ):
                    found[row["id"]] = PlacedPassage(
                        _passage_from(row), as_text(row["title"]), path_from(row["path"]), fields_from(row)
                    )
        return found

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the passages of a document in their order."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT passages.*, documents.id AS document_id FROM passages"
                " JOIN documents ON number = document_number WHERE documents.id = ? ORDER BY ordinal",
                [document_id],
            )
            return [_passage_from(row) for row in rows]

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
        with self._database.read() as connection:
            return int(
                connection.execute(
                    f"SELECT count(*) {_SEARCHABLE} {condition}"
                    " AND NOT EXISTS (SELECT 1 FROM vectors JOIN embedding_models ON number = model_number"
                    " WHERE passage_id = passages.id AND stamp = ?)",
                    [*([] if document_id is None else [document_id]), stamp],
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

    def vectors_after(
        self, stamp: str, last: int
    ) -> Iterator[tuple[int, npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
        """Yield (highest row, passage ids, vectors) in portions, of rows stored after row `last`."""
        with self._database.read() as connection:
            model = connection.execute(
                "SELECT number, dimension FROM embedding_models WHERE stamp = ?", [stamp]
            ).fetchone()
            if model is None or not 0 < as_number(model["dimension"]) <= _LARGEST_DIMENSION:
                return
            cursor = connection.execute(
                # Unary plus: a scan in row order reads each page once, the index on the model would not.
                "SELECT id, passage_id, vector FROM vectors WHERE id > ? AND +model_number = ? ORDER BY id",
                [last, model["number"]],
            )
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                ids = np.fromiter((as_number(row[1]) for row in rows), np.int64, len(rows))
                size = 4 * model["dimension"]
                whole = [isinstance(row[2], bytes) and len(row[2]) == size for row in rows]
                # A damaged vector is no direction: nothing is near to it.
                cells = [
                    row[2] if is_whole else bytes(size) for row, is_whole in zip(rows, whole, strict=True)
                ]
                block = np.frombuffer(b"".join(cells), "<f4")
                if not np.isfinite(block).all():
                    block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
                yield rows[-1][0], ids, block.reshape(len(rows), model["dimension"])

    def count_vectors(self, stamp: str, after: int = 0) -> int:
        """Return the number of vectors of this model stored after row `after`."""
        with self._database.read() as connection:
            return int(
                connection.execute(
                    "SELECT count(*) FROM vectors WHERE vectors.id > ? AND model_number ="
                    " (SELECT number FROM embedding_models WHERE stamp = ?)",
                    [after, stamp],
                ).fetchone()[0]
            )

    def drop_vectors(self, stamp: str) -> None:
        """Remove every vector of a model."""
        self._drop("stamp = ?", stamp)

    def drop_other_vectors(self, stamp: str) -> None:
        """Remove the vectors of every other model, after this one has taken their place."""
        self._drop("stamp <> ?", stamp)

    def _drop(self, condition: str, stamp: str) -> None:
        # The name goes first: from then on nobody finds the vectors, and their rows are removed in portions.
        with self._database.write() as connection:
            connection.execute(
                f"UPDATE embedding_models SET stamp = '{_DROPPED}' || number WHERE {condition}", [stamp]
            )
        self.remove_dropped()

    def remove_dropped(self) -> None:
        """Remove what is left of models whose vectors were dropped, in portions."""
        portions = Portions()
        is_left = True
        while is_left:
            with portions.timed(portions.size), self._database.write() as connection:
                removed = connection.execute(
                    "DELETE FROM vectors WHERE id IN (SELECT vectors.id FROM vectors JOIN embedding_models"
                    f" ON number = model_number WHERE stamp GLOB '{_DROPPED}*' LIMIT ?)",
                    [portions.size],
                ).rowcount
                is_left = removed > 0
                if not is_left:
                    connection.execute(f"DELETE FROM embedding_models WHERE stamp GLOB '{_DROPPED}*'")


def _visible(connection: sqlite3.Connection) -> str:
    """Return a condition that leaves out documents which are being written or removed; mostly there is none."""
    hidden = ",".join(str(number) for number in hidden_documents(connection))
    if not hidden:
        return ""
    return f"AND (SELECT document_number FROM passages WHERE passages.id = passage_index.rowid) NOT IN ({hidden})"


def _in_collections(column: str, collections: Sequence[str]) -> tuple[str, list[str]]:
    """Return a condition on a column of passage ids, and its values; nothing where all documents count."""
    if not collections:
        return "", []
    marks = ",".join("?" * len(collections))
    return f"AND {column} {_IN_COLLECTIONS.format(marks=marks)}", list(collections)


def _in_documents(column: str, documents: Sequence[str]) -> tuple[str, list[str]]:
    """Return a condition on a column of passage ids, and its values: one, however many documents there are."""
    return f"AND {column} {_IN_DOCUMENTS}", [dump_json(list(documents))]


def _headings_from(text: object) -> tuple[str, ...]:
    headings = load_json(text)
    return tuple(str(heading) for heading in headings) if isinstance(headings, list) else ()


def _passage_from(row: sqlite3.Row) -> Passage:
    return Passage(
        id=row["id"],
        document_id=as_text(row["document_id"]),
        ordinal=as_number(row["ordinal"]),
        start=as_number(row["start_offset"]),
        end=as_number(row["end_offset"]),
        text=as_text(row["text"]),
        page=row["page"] if isinstance(row["page"], int) else None,
        heading_path=_headings_from(row["heading_path"]),
        context=as_text(row["context"]),
        familiarity=row["familiarity"] if isinstance(row["familiarity"], int | float) else 1.0,
    )
