"""The built-in embedding model whole: all-MiniLM-L6-v2 and multilingual-e5-small, one vector of both side by side.

The first knows English, the second a hundred languages, and where both know a text they find more together than either
alone. The vector of a passage is `[M; E] / sqrt(2)`: M of the first, E of the second (`multilingual_embedder`). In that of a question M is
weighed by how well its model knows the words, and the whole is a unit vector again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.children.built_in_stamps import BUILT_IN_DIMENSION, JOINED_DIMENSION, joined
from chatbot_app.knowledge.children.multilingual_embedder import MultilingualEmbedder
from chatbot_app.knowledge.children.onnx_session import THREADS
from chatbot_app.knowledge.embedder import EmbeddingModel, TokenVectors, Vectors, checked_vectors

# What the first half weighs in the vector of a question beside the second, by how well the first model knows its words
# (`word_familiarity`: English 1, German about .6, Russian and Chinese 0): between the two points on a line. Chosen over
# seven kinds of text and questions in another language than the text; flat.
ENGLISH_SHARES = ((0.65, 0.0), (0.95, 1.0))


class JoinedEmbedder:
    """Both models; each loads at first use. Safe from several threads."""

    def __init__(
        self,
        threads: int = THREADS,
        *,
        english: BuiltInEmbedder | None = None,
        multilingual: MultilingualEmbedder | None = None,
    ) -> None:
        """Without `english` and `multilingual`, the two that ship."""
        self.english = english if english is not None else BuiltInEmbedder(threads)
        self.multilingual = multilingual if multilingual is not None else MultilingualEmbedder(threads)

    def load(self) -> None:
        """Load both, at once. Raises EmbeddingModelMissing."""
        with ThreadPoolExecutor(1, "second-half") as pool:
            second = pool.submit(self.multilingual.load)
            self.english.load()
            second.result()

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors. Raises OSError."""
        return joined(self.english.model)

    def token_starts(self, text: str) -> npt.NDArray[np.int64]:
        """Return the character offset at which each token of `text` starts, by the first model, shape (tokens,)."""
        return self.english.token_starts(text)

    def familiarity(self, texts: Sequence[str]) -> list[float]:
        """Return for each text how well the first model knows its words, 0 to 1."""
        return self.english.familiarity(texts)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, float32, shape (len(texts), 768). Raises AppError."""
        vectors = np.empty((len(texts), JOINED_DIMENSION), np.float32)
        for rows, part in self.embed_batches(texts):
            vectors[rows] = part
        return checked_vectors(vectors, len(texts), self.model)

    def embed_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Yield (indices into `texts`, their unit vectors, float32, shape (indices, 768)): first halves of all, then second halves;
        no indices where none is whole.

        So that whoever iterates may let something else go first as often as with one model. All of one half before the other:
        where they take turns, a processor waits at each turn for the other to end.
        """
        self.multilingual.load()
        firsts = np.empty((len(texts), BUILT_IN_DIMENSION), np.float32)
        nothing = np.empty((0, JOINED_DIMENSION), np.float32)
        for rows, found in self.english.embed_batches(texts):
            firsts[rows] = found
            yield [], nothing
        for rows, second in self.multilingual.embed_batches(texts):
            yield rows, np.concatenate([firsts[rows], second], axis=1) / np.sqrt(np.float32(2))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of questions, float32, shape (len(texts), 768): both halves at once. Raises AppError."""
        if not texts:
            return np.zeros((0, JOINED_DIMENSION), np.float32)
        self.multilingual.load()
        with ThreadPoolExecutor(1, "second-half") as pool:
            second = pool.submit(self.multilingual.embed_queries, texts)
            shares = english_share(self.familiarity(texts))
            first = np.zeros((len(texts), BUILT_IN_DIMENSION), np.float32)
            if shares.any():
                first = self.english.embed_queries(texts) * shares[:, None]
            vectors = np.concatenate([first, second.result()], axis=1)
        return checked_vectors(vectors, len(texts), self.model)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text and of its tokens by the first model, 384 numbers each. Raises AppError."""
        return self.english.embed_tokens(texts)


def english_share(familiarity: Sequence[float]) -> npt.NDArray[np.float32]:
    """Return what the first half weighs beside the second in questions of such familiarity; shape (len(familiarity),)."""
    known, share = zip(*ENGLISH_SHARES, strict=True)
    return np.interp(familiarity, known, share).astype(np.float32)
