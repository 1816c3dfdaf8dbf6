"""Both built-in models of a child as one embedding model, and what gives way to questions."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from chatbot_app.knowledge.children.vectors_errors import EmbeddingModelMissing
from chatbot_app.knowledge.cross_encoding import CrossEncoding, ReadText
from chatbot_app.knowledge.embedder import Embedder, EmbeddingModel, TokenVectors, Vectors, checked_vectors

logger = logging.getLogger(__name__)


class ModelsProcess(Protocol):
    """What both are asked of: a `VectorsProcess`."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors by the first model, float32, shape (len(texts), 384). Raises AppError."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions by the first model, float32, shape (len(texts), 384). Raises AppError."""
        ...

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of texts and of their tokens by the first model. Raises AppError."""
        ...

    def encode_pairs(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        """Return what reading the question with each passage tells. Raises AppError."""
        ...

    def rows(self, texts: Sequence[str], wanted: str = "texts", *, is_urgent: bool) -> list[Vectors]:
        """Return the vector of each text by the model that is wanted: see `VectorsProcess.rows`. Raises AppError."""
        ...


class JoinedVectors:
    """Both models of a process: the vectors of passages and questions, 768 numbers; those of tokens are of the first."""

    is_multilingual = True

    def __init__(self, process: ModelsProcess, model: EmbeddingModel) -> None:
        self._process = process
        self.model = model
        self.for_imports: Embedder = ForImports(self)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, float32, shape (len(texts), 768). Raises AppError."""
        return self.embed_for(texts, is_urgent=True)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of questions, float32, shape (len(texts), 768). Raises AppError.

        They are of the first half alone where the second model cannot be loaded.
        """
        try:
            return checked_rows(self._process.rows(texts, "joined questions", is_urgent=True), self.model)
        except EmbeddingModelMissing:
            logger.warning("questions are compared by one of two models", exc_info=True)
            return FirstHalf(self._process, self.model).embed_queries(texts)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text and of its tokens, 384 numbers each. Raises AppError."""
        return self._process.embed_tokens(texts)

    def encode_pairs(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        """Return what reading the question with each passage tells. Raises AppError."""
        return self._process.encode_pairs(question, passages)

    def embed_for(self, texts: Sequence[str], *, is_urgent: bool) -> Vectors:
        """Return vectors as `embed` does; those of an import give way to others. Raises AppError."""
        return checked_rows(self._process.rows(texts, "joined texts", is_urgent=is_urgent), self.model)


class FirstHalf:
    """Searches joined vectors by their first half where the second model is absent: as that half alone would find."""

    def __init__(self, process: ModelsProcess, model: EmbeddingModel) -> None:
        """`model` is what the joined vectors are stamped with."""
        self._process = process
        self.model = model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors whose second half is zeros, float32, shape (len(texts), 768). Raises AppError."""
        return self._widened(self._process.embed(texts))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return vectors whose product with a joined vector is the cosine of the first halves, float32, shape (len(texts), 768).

        Raises AppError.
        """
        # Each half of a joined vector has the length sqrt(1/2).
        vectors = self._widened(self._process.embed_queries(texts))
        vectors *= np.sqrt(np.float32(2))
        return vectors

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text and of its tokens, 384 numbers each. Raises AppError."""
        return self._process.embed_tokens(texts)

    def encode_pairs(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        """Return what reading the question with each passage tells. Raises AppError."""
        return self._process.encode_pairs(question, passages)

    def _widened(self, vectors: Vectors) -> Vectors:
        widened: Vectors = np.zeros((len(vectors), self.model.dimension), np.float32)
        widened[:, : vectors.shape[1]] = vectors
        return widened


class _GivesWay(Protocol):
    """A model whose texts may wait."""

    @property
    def model(self) -> EmbeddingModel: ...

    def embed_for(self, texts: Sequence[str], *, is_urgent: bool) -> Vectors: ...


class ForImports:
    """The same model for an import: its texts wait while anybody else asks."""

    def __init__(self, embedder: _GivesWay) -> None:
        self._embedder = embedder

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors."""
        return self._embedder.model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension). Raises AppError."""
        return self._embedder.embed_for(texts, is_urgent=False)


def checked_rows(rows: Sequence[Vectors], model: EmbeddingModel) -> Vectors:
    """Return the vectors of texts in one array, shape (len(rows), dimension). Raises VectorsRefused."""
    vectors = np.stack(rows) if rows else np.zeros((0, model.dimension), np.float32)
    return checked_vectors(vectors, len(rows), model)
