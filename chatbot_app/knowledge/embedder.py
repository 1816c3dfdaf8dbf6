"""Texts to vectors: what every embedding model keeps to, and a server's model (the built-in one has its own module)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from chatbot_app.core.embedding_prefixes import NO_PREFIXES, Prefixes
from chatbot_app.core.errors import AppError

Vectors = npt.NDArray[np.float32]

LOW_PRIORITY = 5  # nice value of the threads that import: at 10 a busy machine leaves them next to nothing


class VectorsRefused(AppError):
    """The embedding model returned something that is no vector."""

    summary_template = "The embedding model {model} returned vectors that cannot be used: {detail}."
    next_step_template = "Retry, or choose another embedding model."


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """What a vector is stamped with: vectors of different stamps are never compared."""

    name: str
    dimension: int

    @property
    def stamp(self) -> str:
        """The model and its dimension in one string."""
        return f"{self.name}:{self.dimension}"


class EmbeddingModelChanged(AppError):
    """A server gives other vectors under the same name: they must not meet the stored ones."""

    summary_template = "The embedding model {model} gives other vectors than those that are stored."
    next_step_template = "Choose it again with “chatbot-app embedding”; search by keywords works meanwhile."


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """A text's vector and those of its tokens.

    `vector` is a unit vector of shape (dimension,), `tokens` unit vectors of shape (tokens, dimension), `spans`
    the characters that each token stands for.
    """

    vector: Vectors
    tokens: Vectors
    spans: tuple[tuple[int, int], ...]

    def nearest_in(self, other: TokenVectors) -> Vectors:
        """Return for each token the cosine of the nearest token of another text, shape (tokens,); 0 where one has none.

        Their mean is how late interaction compares two texts (Khattab & Zaharia 2020).
        """
        if not len(self.tokens) or not len(other.tokens):
            return np.zeros(len(self.tokens), np.float32)
        nearest: Vectors = (self.tokens @ other.tokens.T).max(axis=1)
        return nearest


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension). Raises AppError."""
        ...


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedding model that also tells the vectors of single tokens."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text and of its tokens. Raises AppError."""
        ...


@runtime_checkable
class CrossLingualEmbedder(Protocol):
    """An embedding model that compares texts of different languages."""

    def cosines_across(self, question: str, texts: Sequence[str]) -> Vectors:
        """Return the cosine of each text with a question in another language, shape (len(texts),). Raises AppError."""
        ...


@runtime_checkable
class QueryEmbedder(Protocol):
    """An embedding model that makes vectors of questions in another way than those of passages."""

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, float32, shape (len(texts), dimension). Raises AppError."""
        ...


def embed_queries(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Return the vectors of questions, to be compared with those of passages: shape (len(texts), dimension).

    Raises AppError.
    """
    return embedder.embed_queries(texts) if isinstance(embedder, QueryEmbedder) else embedder.embed(texts)


def is_multilingual(embedder: Embedder | None) -> bool:
    """Whether the vectors of an embedding model tell as much of a text in one language as in another."""
    return bool(getattr(embedder, "is_multilingual", False))


def checked_vectors(vectors: npt.ArrayLike, count: int, model: EmbeddingModel) -> Vectors:
    """Return `vectors` as unit vectors, float32, shape (count, dimension).

    Raises VectorsRefused for another shape, for NaN and infinity, and for a vector of zeros.
    """
    array = np.asarray(vectors, dtype=np.float32)
    if array.shape != (count, model.dimension):
        raise VectorsRefused(model=model.name, detail=f"shape {array.shape}, not {(count, model.dimension)}")
    if not np.isfinite(array).all():
        raise VectorsRefused(model=model.name, detail="not every number is finite")
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    if count and float(lengths.min()) < 1e-6:
        raise VectorsRefused(model=model.name, detail="a vector of zeros")
    unit: Vectors = (array / lengths).astype(np.float32, copy=False)
    return unit


class ServerEmbedder:
    """Vectors from a server's `/v1/embeddings`; `request` is `llm.embedding_client`'s blocking call.

    With a `fingerprint` (see `fingerprint_of`), the first call checks that the model is still the same.
    """

    def __init__(
        self,
        model: EmbeddingModel,
        request: Callable[[Sequence[str]], npt.ArrayLike],
        batch: int = 32,
        fingerprint: Sequence[float] = (),
        prefixes: Prefixes = NO_PREFIXES,
    ) -> None:
        self._prefixes = prefixes
        self._model = model
        self._request = request
        self._batch = batch
        self._fingerprint = tuple(fingerprint)

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors."""
        return self._model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimension). Raises AppError."""
        return self._checked(self._prefixes.passage, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, float32, shape (len(texts), dimension): some models want another text before them.

        Raises AppError.
        """
        return self._checked(self._prefixes.query, texts)

    def _checked(self, prefix: str, texts: Sequence[str]) -> Vectors:
        if self._fingerprint:
            found = fingerprint_of(self._embed([PROBE])[0])
            if not np.allclose(found, self._fingerprint, atol=_FINGERPRINT_TOLERANCE):
                raise EmbeddingModelChanged(model=self._model.name)
            self._fingerprint = ()  # once a run
        return self._embed([prefix + text for text in texts])

    def _embed(self, texts: Sequence[str]) -> Vectors:
        parts = [
            checked_vectors(
                self._request(texts[i : i + self._batch]), len(texts[i : i + self._batch]), self._model
            )
            for i in range(0, len(texts), self._batch)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self._model.dimension), np.float32)


PROBE = "The quick brown fox jumps over the lazy dog."
_FINGERPRINT_NUMBERS = 8
_FINGERPRINT_TOLERANCE = 0.02  # of numbers of a unit vector: half precision and other batches move them less


def fingerprint_of(vector: Vectors) -> list[float]:
    """Return the first numbers of the unit vector that a model gives for `PROBE`."""
    return [round(float(number), 4) for number in vector[:_FINGERPRINT_NUMBERS]]


def lower_priority() -> None:
    """Make the calling thread, and the threads it starts, give way to the window. Linux only; else nothing."""
    if hasattr(os, "setpriority") and hasattr(os, "PRIO_PROCESS") and os.name == "posix":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW_PRIORITY)
        except OSError:  # some containers forbid it; the import is then merely less polite
            return
