"""Vectors of past exchanges, by the question that names them: what recall searches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chatbot_app.storage.database import Database

_OF_CONVERSATION = (
    "FROM exchange_vectors JOIN messages ON messages.id = question_id WHERE conversation_id = ? AND"
    " exchange_vectors.model = ? ORDER BY messages.sequence"
)


class ExchangeVectorStore:
    """One vector for each exchange and embedding model; it goes with the question.

    `model` is the stamp of the embedding model. Methods raise StoreError where SQLite refuses.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def digests(self, conversation_id: str, model: str) -> dict[str, bytes]:
        """Return by question the digest of the text that was embedded."""
        with self._database.of(conversation_id).read() as connection:
            rows = connection.execute(
                f"SELECT question_id, digest {_OF_CONVERSATION}", [conversation_id, model]
            )
            return {row["question_id"]: row["digest"] for row in rows}

    def vectors(self, conversation_id: str, model: str) -> tuple[list[str], npt.NDArray[np.float32]]:
        """Return the questions in the order of sending and their vectors, shape (n, d); (0, 0) for none."""
        with self._database.of(conversation_id).read() as connection:
            rows = connection.execute(
                f"SELECT question_id, vector {_OF_CONVERSATION}", [conversation_id, model]
            ).fetchall()
        sizes = [len(row["vector"]) if isinstance(row["vector"], bytes) else 0 for row in rows]
        usual = max(set(sizes), key=sizes.count, default=0)
        # A damaged one is left out: it is made anew when its digest does not fit.
        rows = [row for row, size in zip(rows, sizes, strict=True) if size == usual and size and not size % 4]
        if not rows:
            return [], np.empty((0, 0), np.float32)
        block = np.frombuffer(b"".join([row["vector"] for row in rows]), "<f4").astype(np.float32)
        return [row["question_id"] for row in rows], block.reshape(len(rows), -1)

    def add(
        self,
        model: str,
        question_ids: Sequence[str],
        digests: Sequence[bytes],
        vectors: npt.NDArray[np.float32],
    ) -> None:
        """Keep unit vectors of one conversation, shape (len(question_ids), d); those of the same exchange are replaced.

        Exchanges that went meanwhile, also into the trash, are left out.
        """
        if not question_ids:
            return
        with self._database.of(question_ids[0]).write() as connection:
            connection.executemany(
                "INSERT INTO exchange_vectors (question_id, model, digest, vector)"
                " SELECT messages.id, ?, ?, ? FROM messages JOIN conversations"
                " ON conversations.id = conversation_id AND deleted_at IS NULL WHERE messages.id = ?"
                " ON CONFLICT (question_id, model) DO UPDATE SET"
                " digest = excluded.digest, vector = excluded.vector",
                [
                    [model, digest, vector.astype("<f4").tobytes(), question_id]
                    for question_id, digest, vector in zip(question_ids, digests, vectors, strict=True)
                ],
            )
