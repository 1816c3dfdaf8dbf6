"""What lies nearest to a question: looked for in a thread of its own, beside that which searches words."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.embedder import Embedder, Vectors, embed_queries, is_multilingual
from chatbot_app.knowledge.search.fusion import merged
from chatbot_app.knowledge.search.nearest import Ids, Nearest
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix

LIST_DEPTH = 200  # of each list, before they are fused

_Found = tuple[Vectors, list[Nearest]]


class VectorSearch:
    """One search: the question's vector is begun at once, the nearest are looked for when it is known `among` which documents.

    SQLite, onnxruntime and FAISS let go of the interpreter while they work; SimSIMD does not, so that a second thread would
    compare nothing sooner. Only the thread that waits for the result reads from the store: another one had to open it first.
    """

    def __init__(
        self,
        embedder: Embedder | None,
        matrix: VectorMatrix | None,
        question: str,
        vector: Vectors | None = None,
    ) -> None:
        """`matrix` is up to date, or None; `vector` that of the question, where it is known."""
        self.notes: list[str] = []
        self._embedder = embedder
        self._matrix = matrix
        self._documents: Ids | None = None  # among which the nearest are looked for
        # One thread for both tasks, which ends with the second, or with this search: nobody has to wait for that, too.
        self._pool: ThreadPoolExecutor | None = None
        self._vector: Future[Vectors | None] | None = None
        self._looking: Future[_Found | None] | None = None
        if embedder is None or matrix is None:
            self.notes.append("Searched by keywords only: there is no embedding model.")
        elif len(matrix):
            self._pool = ThreadPoolExecutor(1, "vector-search")
            self._vector = self._pool.submit(self._embedded, embedder, question, vector)

    def among(self, documents: Sequence[Ids]) -> None:
        """Look for the nearest among some documents, by their numbers, and among others; once."""
        self._documents = documents[0]
        if self._pool is not None and self._vector is not None and self._matrix is not None:
            self._looking = self._pool.submit(self._look, self._vector, self._matrix, documents)
            self._pool.shutdown(wait=False)

    def wait_for_result(self) -> dict[int, float]:
        """Return the cosines of the nearest passages by their ids, best first."""
        found = self._looking.result() if self._looking is not None else None
        if found is None or self._matrix is None:
            return {}
        vector, of_each = found
        best: dict[int, float] = {}
        for nearest in of_each:
            exactly = self._matrix.exact(nearest, vector, LIST_DEPTH)
            best = merged(best, exactly) if best else dict(exactly)
        return best

    def across(self, limit: int) -> dict[int, float]:
        """Return the cosines of the `limit` nearest passages by the model of all languages alone, best first.

        The other half of a joined vector says nothing of a passage in another language, and much of those in the question's own.
        Nothing where no model of all languages is joined to another. Raises StoreError.
        """
        found = self._looking.result() if self._looking is not None else None
        if found is None or self._matrix is None or not is_multilingual(self._embedder):
            return {}
        half = found[0] * np.float32(2)  # each half, of the rows as well, has the length sqrt(1/2)
        half[: len(half) // 2] = 0
        return dict(self._matrix.search(half, limit, self._documents))

    def _embedded(self, embedder: Embedder, question: str, vector: Vectors | None) -> Vectors | None:
        """Return the question's vector, None where it cannot be made, which `notes` then say."""
        if vector is not None:
            return vector
        try:
            made: Vectors = embed_queries(embedder, [question])[0]
        except AppError as exc:
            self.notes.append(f"Searched by keywords only: {exc.summary}")
            return None
        return made

    def _look(
        self, embedding: Future[Vectors | None], matrix: VectorMatrix, documents: Sequence[Ids]
    ) -> _Found | None:
        vector = embedding.result()  # it is done
        if vector is None:
            return None
        return vector, [matrix.nearest(vector, LIST_DEPTH, some) for some in documents]
