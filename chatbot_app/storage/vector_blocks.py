"""The vectors of passages as a search reads them: all of them in short form, and single ones whole.

A library of a million passages holds 1.5 GB of vectors. Beside them, in blocks of 2,048 rows, lies a form of a quarter
of that which a start reads in a second. A block is written once no vector can be added to it any more (ids are never
used twice), and goes in the very transaction that removes one of its vectors: so it is whole and true, or not there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot_app.storage.damaged_text import as_number
from chatbot_app.storage.database import Database, StoreMode
from chatbot_app.storage.portions import VARIABLES

Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]

BLOCK_ROWS = 2048  # also in the triggers of the schema
_ROWS_AT_ONCE = 2048
_LARGEST_DIMENSION = 1 << 16  # above that it is damage
_CACHE_KIB = 16 * 1024  # of a connection that looks rows up all over the file
DROPPED = "dropped/"  # before the number of a model, as its stamp


@dataclass(frozen=True, slots=True)
class VectorRows:
    """Vectors as they are stored: their ids ascending, their passages and documents, shape (rows, dimension)."""

    ids: Ids
    passages: Ids
    documents: Ids  # numbers
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class CodedRows:
    """Vectors in short form: row `i` is about `codes[i] * scales[i]`."""

    ids: Ids
    passages: Ids
    documents: Ids  # numbers
    scales: Vectors  # shape (rows,)
    codes: npt.NDArray[np.int8]  # shape (rows, dimension)


class VectorStore:
    """The vectors of all models. Methods raise StoreError where SQLite refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, stamp: str, after: int = -1) -> int:
        """Return the number of vectors of this model with an id above `after`."""
        with self._database.read() as connection:
            return int(
                connection.execute(
                    "SELECT count(*) FROM vectors WHERE vectors.id > ? AND model_number ="
                    " (SELECT number FROM embedding_models WHERE stamp = ?)",
                    [after, stamp],
                ).fetchone()[0]
            )

    def newest(self) -> int:
        """Return the highest id that a vector of any model ever had."""
        with self._database.read() as connection:
            return _newest(connection)

    def rows(self, stamp: str, after: int = -1) -> Iterator[VectorRows]:
        """Yield the vectors with an id above `after` in portions, in the order of their ids."""
        with self._database.read() as connection:
            model = _model(connection, stamp)
            if model is not None:
                yield from _rows(connection, *model, after + 1, None)

    def short_rows(self, stamp: str, after: int = -1) -> Iterator[VectorRows | CodedRows]:
        """Yield the vectors with an id above `after`, in the order of their ids: in short form where they have one."""
        with self._database.read() as connection:
            model = _model(connection, stamp)
            if model is None:
                return
            number, dimension = model
            known = connection.execute(
                "SELECT block FROM vector_blocks WHERE model_number = ? AND block > ? AND block <= ? ORDER BY block",
                [number, after // BLOCK_ROWS, _newest(connection) // BLOCK_ROWS],
            ).fetchall()
            begin = after + 1
            for (block,) in known:
                coded = _coded(connection, number, dimension, block)
                if coded is None:
                    continue
                yield from _rows(connection, number, dimension, begin, block * BLOCK_ROWS)
                yield coded
                begin = (block + 1) * BLOCK_ROWS
            yield from _rows(connection, number, dimension, begin, None)

    def exact(self, ids: Sequence[int], dimension: int) -> tuple[Ids, Vectors]:
        """Return (ids, vectors), shapes (found,) and (found, dimension), of the vectors with these ids, ascending; what is gone is missing."""
        with self._database.read() as connection:
            look_up_quickly(connection)
            cells: list[tuple[int, bytes]] = []
            for start in range(0, len(ids), VARIABLES):
                part = [int(number) for number in ids[start : start + VARIABLES]]
                marks = ",".join("?" * len(part))
                cells += connection.execute(f"SELECT id, vector FROM vectors WHERE id IN ({marks})", part)
        cells.sort(key=lambda cell: cell[0])
        return np.fromiter((cell[0] for cell in cells), np.int64, len(cells)), _joined(
            [cell[1] for cell in cells], dimension
        )

    @property
    def can_be_written(self) -> bool:
        """Whether blocks can be kept: not where the store is read-only."""
        return self._database.mode is not StoreMode.READ_ONLY

    # --- blocks --------------------------------------------------------------------------------------

    def stamps(self) -> list[str]:
        """Return the stamps of the models that have vectors."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT stamp FROM embedding_models WHERE stamp NOT GLOB '{DROPPED}*'"
                " AND EXISTS (SELECT 1 FROM vectors WHERE model_number = number) ORDER BY number"
            )
            return [str(row[0]) for row in rows]

    def counts(self) -> list[tuple[str, int, int]]:
        """Return (stamp, dimension, number of vectors) of the models that have any."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT stamp, dimension, (SELECT count(*) FROM vectors WHERE model_number = number) AS count"
                f" FROM embedding_models WHERE stamp NOT GLOB '{DROPPED}*' ORDER BY number"
            )
            return [(str(row[0]), as_number(row[1]), row[2]) for row in rows if row[2]]

    def missing_blocks(self, stamp: str) -> list[int]:
        """Return the numbers of the blocks that are closed and have no short form; some may turn out empty."""
        with self._database.read() as connection:
            model = _model(connection, stamp)
            if model is None:
                return []
            rows = connection.execute("SELECT block FROM vector_blocks WHERE model_number = ?", [model[0]])
            kept = {as_number(row[0]) for row in rows}
            return [block for block in range((_newest(connection) + 1) // BLOCK_ROWS) if block not in kept]

    def rows_of_block(self, stamp: str, block: int) -> VectorRows | None:
        """Return the vectors of a block, None where it has none."""
        with self._database.read() as connection:
            model = _model(connection, stamp)
            if model is None:
                return None
            parts = list(_rows(connection, *model, block * BLOCK_ROWS, (block + 1) * BLOCK_ROWS))
        assert len(parts) <= 1
        return parts[0] if parts else None

    def keep_block(self, stamp: str, block: int, rows: CodedRows) -> bool:
        """Keep the short form of a closed block; return False where one of its vectors has gone meanwhile."""
        values = [
            (rows.ids - block * BLOCK_ROWS).astype("<u2").tobytes(),
            rows.passages.astype("<i8").tobytes(),
            rows.documents.astype("<i8").tobytes(),
            rows.scales.astype("<f4").tobytes(),
            rows.codes.tobytes(),
        ]
        with self._database.write(lasting=False) as connection:
            model = _model(connection, stamp)
            if model is None:
                return False
            # None is ever added to a closed block: as many as before are the same.
            count = connection.execute(
                "SELECT count(*) FROM vectors WHERE id >= ? AND id < ? AND +model_number = ?",
                [block * BLOCK_ROWS, (block + 1) * BLOCK_ROWS, model[0]],
            ).fetchone()[0]
            if count != len(rows.ids):
                return False
            connection.execute(
                "INSERT INTO vector_blocks (model_number, block, places, passages, documents, scales, codes)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [model[0], block, *values],
            )
        return True


def _newest(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'vectors'").fetchone()
    return as_number(row[0]) if row is not None else -1


def _model(connection: sqlite3.Connection, stamp: str) -> tuple[int, int] | None:
    """Return (number, dimension) of a model, None where it has no vectors that can be read."""
    row = connection.execute(
        "SELECT number, dimension FROM embedding_models WHERE stamp = ?", [stamp]
    ).fetchone()
    if row is None or not 0 < as_number(row["dimension"]) <= _LARGEST_DIMENSION:
        return None
    return as_number(row["number"]), as_number(row["dimension"])


def _rows(
    connection: sqlite3.Connection, model: int, dimension: int, begin: int, end: int | None
) -> Iterator[VectorRows]:
    """Yield the vectors of a model with ids from `begin` up to, not including, `end`."""
    limit = "" if end is None else " AND vectors.id < ?"
    cursor = connection.execute(
        # CROSS and unary plus: a scan in row order reads each page once, the index on the model would not.
        "SELECT vectors.id, passage_id, document_number, vector FROM vectors CROSS JOIN passages"
        f" ON passages.id = passage_id WHERE vectors.id >= ?{limit} AND +model_number = ? ORDER BY vectors.id",
        [begin, *([] if end is None else [end]), model],
    )
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        numbers = np.array([[as_number(row[place]) for row in rows] for place in range(3)], np.int64)
        yield VectorRows(numbers[0], numbers[1], numbers[2], _joined([row[3] for row in rows], dimension))


def _joined(cells: Sequence[object], dimension: int) -> Vectors:
    """Return cells as vectors. A damaged one is no direction: nothing is near to it."""
    size = 4 * dimension
    whole = [cell if isinstance(cell, bytes) and len(cell) == size else bytes(size) for cell in cells]
    vectors = np.frombuffer(b"".join(whole), "<f4").reshape(len(cells), dimension)
    if not np.isfinite(vectors).all():
        vectors = np.nan_to_num(vectors, nan=0.0, posinf=0.0, neginf=0.0)
    return vectors


def _coded(connection: sqlite3.Connection, model: int, dimension: int, block: int) -> CodedRows | None:
    """Return the short form of a block; None where it is damaged."""
    row = connection.execute(
        "SELECT places, passages, documents, scales, codes FROM vector_blocks WHERE model_number = ? AND block = ?",
        [model, block],
    ).fetchone()
    if row is None:
        return None
    with suppress(TypeError, ValueError):  # a cell that holds something else, or not as much as it must
        places = np.frombuffer(row["places"], "<u2")
        passages, documents = (np.frombuffer(row[name], "<i8") for name in ("passages", "documents"))
        scales = np.frombuffer(row["scales"], "<f4")
        codes = np.frombuffer(row["codes"], np.int8).reshape(-1, dimension)
        is_sound = (
            len(places) == len(passages) == len(documents) == len(scales) == len(codes)
            and np.isfinite(scales).all()
            and (places < BLOCK_ROWS).all()
            and (np.diff(places.astype(int)) > 0).all()
        )
        if is_sound:
            return CodedRows(places + np.int64(block * BLOCK_ROWS), passages, documents, scales, codes)
    return None


def look_up_quickly(connection: sqlite3.Connection) -> None:
    """Let a connection keep more of what it reads: rows from all over the file are looked up."""
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}").fetchone()
