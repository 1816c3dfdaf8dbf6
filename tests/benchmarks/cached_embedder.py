"""The built-in embedding model as the program has it, with vectors kept between runs for tuning."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.children.built_in_stamps import BUILT_IN_DIMENSION
from chatbot_app.knowledge.children.cross_encoder import BuiltInCrossEncoder
from chatbot_app.knowledge.children.joined_embedder import JoinedEmbedder
from chatbot_app.knowledge.children.multilingual_embedder import MultilingualEmbedder
from chatbot_app.knowledge.children.onnx_session import THREADS
from chatbot_app.knowledge.children.recently_made import RecentlyMade
from chatbot_app.knowledge.cross_encoding import CrossEncoding, ReadText
from chatbot_app.knowledge.embedder import EmbeddingModel, TokenVectors, Vectors
from chatbot_app.llm.model_files import MULTILINGUAL_MODEL, find_model_file

_KEPT_FROM = 50  # texts: fewer are made sooner than a file is written


class RecentPairs:
    """What was read last is kept, as the program does."""

    def __init__(self, model: BuiltInCrossEncoder) -> None:
        self._model = model
        self._recent: RecentlyMade[tuple[str, ReadText], CrossEncoding] = RecentlyMade()

    def encode_pairs(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        """Return what reading the question with each passage tells."""
        return self._recent.of(
            [(question, passage) for passage in passages],
            lambda missing: self._model.encode_pairs(question, [passage for _, passage in missing]),
        )


class CachedEmbedder:
    """Both models where the second is installed, else the first alone; a folder keeps vectors, None keeps nothing.

    `joined` says whether there are both, whatever is installed. `english` is the first model, `pairs` what reads questions
    and passages together.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        joined: bool | None = None,
        threads: int = THREADS,
        pairs: RecentPairs | None = None,
    ) -> None:
        has_second = find_model_file(MULTILINGUAL_MODEL.name) is not None
        self.is_multilingual = has_second if joined is None else joined
        self.english = BuiltInEmbedder(threads)
        self.whole: JoinedEmbedder | BuiltInEmbedder = self.english
        if self.is_multilingual:
            self.whole = JoinedEmbedder(threads, english=self.english)
        self._multilingual = MultilingualEmbedder(threads)
        self._folder = folder
        self._queries: dict[str, Vectors] = {}
        self._known: dict[str, dict[str, Vectors]] = {}
        self.pairs = pairs if pairs is not None else RecentPairs(BuiltInCrossEncoder(self.english, threads))
        self._recent: RecentlyMade[str, TokenVectors] = RecentlyMade()  # as the program keeps them

    @property
    def model(self) -> EmbeddingModel:
        """The stamp of the vectors."""
        return self.whole.model

    @cached_property
    def sentences(self) -> CachedEmbedder:
        """What the program compares sentences with: the first model alone."""
        return CachedEmbedder(self._folder, joined=False, pairs=self.pairs) if self.is_multilingual else self

    def token_starts(self, text: str) -> npt.NDArray[np.int64]:
        return self.english.token_starts(text)

    def familiarity(self, texts: Sequence[str]) -> list[float]:
        return self.english.familiarity(texts)

    def remember(self, queries: Sequence[str]) -> None:
        """Embed queries in one go, so that a quality run does not wait for them one by one."""
        made = self._kept_or_made("questions", queries, self.whole.embed_queries)
        self._queries.update(zip(queries, made, strict=True))

    def embed(self, texts: Sequence[str]) -> Vectors:
        # By text, so that libraries which share documents share their vectors.
        return self._kept_or_made("passages", texts, self.whole.embed)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return vectors of questions: remembered ones, or as the program makes them."""
        if all(text in self._queries for text in texts):
            return np.array([self._queries[text] for text in texts], np.float32)
        return self.whole.embed_queries(texts)

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._recent.of(texts, self.english.embed_tokens)

    def encode_pairs(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        return self.pairs.encode_pairs(question, passages)

    def cosines_across(self, question: str, texts: Sequence[str]) -> Vectors:
        """Return how near texts are to a question in another language, as the program does."""
        vectors = np.empty((len(texts), BUILT_IN_DIMENSION), np.float32)
        for rows, found in self._multilingual.embed_batches(texts):
            vectors[rows] = found
        cosines: Vectors = vectors @ self._multilingual.embed_queries([question])[0]
        return cosines

    def _kept_or_made(self, kind: str, texts: Sequence[str], make: Any) -> Vectors:
        if self._folder is None or len(texts) < _KEPT_FROM:
            made: Vectors = make(list(texts))
            return made
        known = self._kept(kind)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known.update(zip(missing, make(missing), strict=True))
            self._keep(kind, known)
        return np.array([known[text] for text in texts], np.float32)

    def _keep(self, kind: str, known: dict[str, Vectors]) -> None:
        """Put the file in its place whole: benchmarks that run beside each other share it."""
        file = self._file(kind)
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".npz", delete=False) as written:
            np.savez(
                written,
                texts=np.array(list(known)),
                vectors=np.array(list(known.values())),
                stamp=np.array(self.model.stamp),
            )
        Path(written.name).replace(file)

    def _kept(self, kind: str) -> dict[str, Vectors]:
        if kind not in self._known:
            self._known[kind] = {}
            if self._file(kind).exists():
                kept = np.load(self._file(kind))
                if "stamp" not in kept or kept["stamp"] == self.model.stamp:
                    self._known[kind] = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
        return self._known[kind]

    def _file(self, kind: str) -> Path:
        assert self._folder is not None
        if not self.is_multilingual:
            return self._folder / "vectors.npz"  # questions are texts like others
        return self._folder / f"joined-{kind}.npz"
