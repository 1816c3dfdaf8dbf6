"""How near the vectors of statements are to those of the sources' sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot_app.knowledge.embedder import Embedder, Vectors

MOST_EMBEDDED = 160  # sentences of the sources
MOST_EMBEDDED_STATEMENTS = 200  # of one answer; the words of what follows have to do


class Likeness:
    """The cosines of statements with some sentences; the sentences are embedded when the first one is asked for."""

    def __init__(self, sentences: Sequence[str], embedder: Embedder | None) -> None:
        self._sentences = sentences
        self._embedder = embedder
        self._vectors: Vectors | None = None
        self._embedded = 0
        self._latest: tuple[str, list[float]] | None = None

    def cosines(self, text: str) -> list[float]:
        """Return the cosine of a statement with each sentence, none below 0; all 0 without an embedding model.

        Raises AppError where the embedding model cannot be used.
        """
        if self._latest is None or self._latest[0] != text:
            self._latest = text, self._embed(text)
        return self._latest[1]

    def _embed(self, text: str) -> list[float]:
        if self._embedder is None or self._embedded == MOST_EMBEDDED_STATEMENTS:
            return [0.0] * len(self._sentences)
        self._embedded += 1
        if self._vectors is None:
            self._vectors = self._embedder.embed(list(self._sentences[:MOST_EMBEDDED]))
        found = self._vectors @ self._embedder.embed([text])[0]
        return [max(0.0, float(c)) for c in found] + [0.0] * (len(self._sentences) - len(found))
