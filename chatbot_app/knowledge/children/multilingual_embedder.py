"""multilingual-e5-small by itself: texts of different languages beside each other.

It is the second half of `joined_embedder`, and alone it compares sentences with a question in another language. The mean of
all texts is taken off its vectors, for they all point the same way (Mu & Viswanath 2018, "All-but-the-Top").
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.children.built_in_stamps import BUILT_IN_DIMENSION
from chatbot_app.knowledge.children.e5_file import PASSAGE_PREFIX, QUESTION_PREFIX
from chatbot_app.knowledge.children.onnx_session import THREADS
from chatbot_app.knowledge.embedder import Vectors

_PASSAGES, _QUESTIONS = 0, 1  # rows of the means


class MultilingualEncoder(Protocol):
    """What runs the model; `E5Encoder` does."""

    def load(self) -> None:
        """Load it. Raises AppError."""

    def embed_batches(self, texts: Sequence[str], prefix: str) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (indices into `texts`, their unit vectors, shape (indices, 384))."""
        ...


class MultilingualEmbedder:
    """Loads at first use. Safe from several threads."""

    def __init__(self, threads: int = THREADS, *, encoder: MultilingualEncoder | None = None) -> None:
        """Without `encoder`, the one that ships."""
        self._threads = threads
        self._encoder = encoder
        self._lock = threading.Lock()
        self._means: npt.NDArray[np.float32] | None = None

    def load(self) -> None:
        """Load the model. Raises EmbeddingModelMissing."""
        self.encoder()

    def encoder(self) -> MultilingualEncoder:
        """Return what runs the model, loaded. Raises EmbeddingModelMissing."""
        with self._lock:
            if self._encoder is None:
                from chatbot_app.knowledge.children.e5_encoder import E5Encoder

                self._encoder = E5Encoder(self._threads)
            encoder = self._encoder
        encoder.load()
        return encoder

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (indices into `texts`, their unit vectors as passages, shape (indices, 384)). Raises AppError."""
        for rows, found in self.encoder().embed_batches(texts, PASSAGE_PREFIX):
            yield rows, self._without_mean(found, _PASSAGES)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, float32, shape (len(texts), 384). Raises AppError."""
        vectors = np.empty((len(texts), BUILT_IN_DIMENSION), np.float32)
        for rows, found in self.encoder().embed_batches(texts, QUESTION_PREFIX):
            vectors[rows] = self._without_mean(found, _QUESTIONS)
        return vectors

    def _without_mean(self, vectors: Vectors, kind: int) -> Vectors:
        if self._means is None:
            path = resources_dir() / "embedding" / "e5-small.means.npy"
            self._means = np.load(path).astype(np.float32)
        rest = vectors - self._means[kind]
        unit: Vectors = rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-12)
        return unit
