"""The vectors of one embedding model as they are searched: exactly where they are few, in two looks where they are many."""

from __future__ import annotations

import threading

import numpy as np

from chatbot_app.core.largest import largest
from chatbot_app.knowledge.search.coded_table import CodedTable
from chatbot_app.knowledge.search.nearest import NOTHING_NEAR, Ids, Nearest, Vectors, is_of
from chatbot_app.storage.vector_blocks import VectorRows, VectorStore

EXACT_ROWS = 20_000  # up to here one product over all vectors, 30 MB of them; above, their signs first


class VectorMatrix:
    """The vectors of one embedding model, in memory. Safe from several threads.

    Searches go on while rows are added, over what was there when they began.
    """

    def __init__(self, store: VectorStore, stamp: str) -> None:
        self._store = store
        self.stamp = stamp
        self._growing = threading.Lock()
        self._table: _ExactTable | CodedTable = _ExactTable()

    def __len__(self) -> int:
        return self._table.count

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._table.nbytes

    def refresh(self) -> int:
        """Append what was stored since the last time; return the number of rows.

        While another thread does so, and there are rows, those are searched meanwhile.
        """
        if not self._growing.acquire(blocking=not self._table.count):
            return self._table.count
        try:
            table = self._table
            if self._store.newest() < table.last:
                table = _ExactTable()  # a backup was restored
            fresh = self._store.count(self.stamp, table.last)
            if fresh and table.count + fresh > EXACT_ROWS:
                if isinstance(table, _ExactTable):
                    table = CodedTable(table.count + fresh)
                for part in self._store.short_rows(self.stamp, table.last):
                    table.append(part)
                table.settle()
            elif fresh:
                for rows in self._store.rows(self.stamp, table.last):
                    table.append(rows)
            self._table = table
            return table.count
        finally:
            self._growing.release()

    def search(self, query: Vectors, limit: int, documents: Ids | None = None) -> list[tuple[int, float]]:
        """Return (passage id, cosine) of the nearest passages, best first.

        `query` is a unit vector of shape (dimension,); `documents`, ascending, are the numbers of those that count.
        """
        return self.exact(self.nearest(query, limit, documents), query, limit)

    def nearest(self, query: Vectors, limit: int, documents: Ids | None = None) -> Nearest:
        """Return what `exact` makes the result of a search of; reads nothing from the store."""
        table = self._table
        # Of another dimension: what says it was damaged.
        if not table.count or not limit or table.dimension != len(query):
            return NOTHING_NEAR
        return table.nearest(query, limit, documents)

    def exact(self, found: Nearest, query: Vectors, limit: int) -> list[tuple[int, float]]:
        """Return (passage id, cosine) of the nearest `limit` passages of what was found, best first."""
        passages, cosines = found.passages, found.cosines
        count = len(found.vectors)
        if count:
            order = np.argsort(found.vectors)
            ids, vectors = self._store.exact(found.vectors[order].tolist(), len(query))
            still_there = order
            if len(ids) < count:
                still_there = order[np.isin(found.vectors[order], ids)]
            passages = np.concatenate([passages[still_there], passages[count:]])
            cosines = np.concatenate([vectors @ query, cosines[count:]])
        best = largest(cosines, limit)
        return list(zip(passages[best].tolist(), cosines[best].tolist(), strict=True))

    def count_of(self, documents: Ids) -> int:
        """Return how many rows are of passages of some documents, by their numbers."""
        return self._table.count_of(documents)


class _ExactTable:
    """All vectors in one array."""

    def __init__(self) -> None:
        self.count = 0
        self.last = -1  # id of the last vector
        self._passages: Ids = np.empty(0, np.int64)
        self._documents: Ids = np.empty(0, np.int64)
        self._vectors: Vectors = np.empty((0, 0), np.float32)

    @property
    def dimension(self) -> int:
        return int(self._vectors.shape[1])

    @property
    def nbytes(self) -> int:
        return self._vectors.nbytes + self._passages.nbytes + self._documents.nbytes

    def append(self, rows: VectorRows) -> None:
        stop = self.count + len(rows.ids)
        if stop > len(self._passages):
            # New arrays: a search that is under way keeps the old ones.
            capacity = min(EXACT_ROWS, max(stop, 2 * self.count)) if stop <= EXACT_ROWS else stop
            self._passages = _grown(self._passages, capacity)
            self._documents = _grown(self._documents, capacity)
            vectors = np.empty((capacity, rows.vectors.shape[1]), np.float32)
            if self.count:
                vectors[: self.count] = self._vectors[: self.count]
            self._vectors = vectors
        self._passages[self.count : stop] = rows.passages
        self._documents[self.count : stop] = rows.documents
        self._vectors[self.count : stop] = rows.vectors
        self.last = int(rows.ids[-1])
        self.count = stop  # last: now they are found

    def nearest(self, query: Vectors, limit: int, documents: Ids | None) -> Nearest:
        count = self.count
        passages, cosines = self._passages[:count], self._vectors[:count] @ query
        if documents is not None:
            counted = np.flatnonzero(is_of(self._documents[:count], documents))
            passages, cosines = passages[counted], cosines[counted]
        best = largest(cosines, limit)
        return Nearest(passages[best], cosines[best], NOTHING_NEAR.vectors)

    def count_of(self, documents: Ids) -> int:
        return int(np.count_nonzero(is_of(self._documents[: self.count], documents)))


def _grown(array: Ids, capacity: int) -> Ids:
    grown = np.empty(capacity, array.dtype)
    grown[: len(array)] = array
    return grown
