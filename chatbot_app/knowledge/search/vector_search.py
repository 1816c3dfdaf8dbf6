"""What lies nearest to a question: looked for in a thread of its own, beside that which searches words."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.embedder import Embedder, Vectors, embed_queries
from chatbot_app.knowledge.search.fusion import merged
from chatbot_app.knowledge.search.nearest import Ids, Nearest
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix
from chatbot_app.knowledge.search.waiting_thread import WaitingThread

LIST_DEPTH = 200  # of each list, before they are fused

_Found = tuple[Vectors, list[Nearest]]


class VectorSearch:
    """One search among some documents, by their numbers; it begins at once.

    SQLite, onnxruntime and SimSIMD all let go of the interpreter while they work. Only the thread that waits for the result
    reads from the store: another one had to open it first.
    """

    def __init__(
        self,
        embedder: Embedder | None,
        matrix: VectorMatrix | None,
        question: str,
        documents: Sequence[Ids],
        vector: Vectors | None = None,
    ) -> None:
        """`matrix` is up to date, or None; `vector` that of the question, where it is known."""
        self.notes: list[str] = []
        self._matrix = matrix
        self._documents = documents
        self._this_thread = WaitingThread()
        self._looking: Future[_Found | None] | None = None
        if embedder is None or matrix is None:
            self.notes.append("Searched by keywords only: there is no embedding model.")
        elif len(matrix):
            pool = ThreadPoolExecutor(1, "vector-search")
            self._looking = pool.submit(self._look, embedder, matrix, question, vector)
            pool.shutdown(wait=False)  # its thread ends by itself: nobody has to wait for that, too

    def wait_for_result(self) -> dict[int, float]:
        """Return the cosines of the nearest passages by their ids, best first; the calling thread looks for them, too."""
        found = self._this_thread.wait_for(self._looking) if self._looking is not None else None
        if found is None or self._matrix is None:
            return {}
        vector, of_each = found
        best: dict[int, float] = {}
        for nearest in of_each:
            exactly = self._matrix.exact(nearest, vector, LIST_DEPTH)
            best = merged(best, exactly) if best else dict(exactly)
        return best

    def _look(
        self, embedder: Embedder, matrix: VectorMatrix, question: str, vector: Vectors | None
    ) -> _Found | None:
        try:
            if vector is None:
                vector = embed_queries(embedder, [question])[0]
        except AppError as exc:
            self.notes.append(f"Searched by keywords only: {exc.summary}")
            return None
        return vector, [
            matrix.nearest(vector, LIST_DEPTH, documents, self._this_thread) for documents in self._documents
        ]
