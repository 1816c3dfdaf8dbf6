"""What a change of a large document leaves to do, in steps that are short: the index filled or emptied, rows removed."""

from __future__ import annotations

from collections.abc import Callable

from chatbot_app.storage.database import Database
from chatbot_app.storage.document_rows import BELONG_IN_INDEX, UNSETTLED, advance_generation
from chatbot_app.storage.passage_index import index_passages, merge_index, unindex_passages
from chatbot_app.storage.portions import Portions
from chatbot_app.storage.staging import is_being_written


class Settling:
    """Brings every document to where it belongs, also after a kill. Use from one thread; raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._portions = Portions()

    def step(self) -> bool:
        """Do one short transaction of what is left; return whether there was anything."""
        number = self._next()
        if number is None:
            return False
        if self._do(number):
            merge_index(self._database, self._portions)
        return True

    def _do(self, number: int) -> bool:
        """Do a portion of what a document needs; return whether the full-text index was changed."""
        size = self._portions.size
        with self._portions.timed(size), self._database.write(lasting=False) as connection:
            row = connection.execute(
                f"SELECT is_discarded, indexed_passages, {BELONG_IN_INDEX} AS belong FROM documents"
                f" WHERE number = ? AND {UNSETTLED}",
                [number],
            ).fetchone()
            if row is None:
                return False  # done by somebody else meanwhile
            if row["indexed_passages"] < row["belong"]:
                count = min(size, row["belong"] - row["indexed_passages"])
                index_passages(connection, number, count)
                if count == row["belong"] - row["indexed_passages"]:
                    advance_generation(connection)  # now it is found by its words
                return True
            if row["indexed_passages"] > row["belong"]:
                unindex_passages(connection, number, size)
                return True
            for removal in (
                "DELETE FROM passages WHERE id IN"
                " (SELECT id FROM passages WHERE document_number = ? ORDER BY ordinal DESC LIMIT ?)",
                "DELETE FROM document_text_parts WHERE id IN"
                " (SELECT id FROM document_text_parts WHERE document_number = ? LIMIT min(1, ?))",
            ):
                if connection.execute(removal, [number, size]).rowcount:
                    return False
            connection.execute("DELETE FROM documents WHERE number = ?", [number])
            return False

    def finish(self, is_stopped: Callable[[], bool] = lambda: False) -> bool:
        """Do everything that is left; return False where `is_stopped` ended it before."""
        while not is_stopped():
            if not self.step():
                return True
        return False

    def __enter__(self) -> Settling:
        return self

    def __exit__(self, *_details: object) -> None:
        self.finish()

    def _next(self) -> int | None:
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT number, staged_by FROM documents WHERE {UNSETTLED} ORDER BY is_discarded, number"
            ).fetchall()
        folder = self._database.paths.root
        return next((row["number"] for row in rows if not is_being_written(folder, row["staged_by"])), None)
