"""The built-in model without its models: halves of made-up numbers, in this process."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from chatbot_app.knowledge.children.built_in_stamps import BUILT_IN_DIMENSION, joined, stamped
from chatbot_app.knowledge.children.joined_vectors import JoinedVectors
from chatbot_app.knowledge.children.vectors import VectorsProcess
from chatbot_app.knowledge.embedder import EmbeddingModel, Vectors
from chatbot_app.knowledge.words.words import stems

ENGLISH = stamped("e" * 64)
JOINED = joined(ENGLISH)


class TwoHalves(VectorsProcess):
    """Vectors by the stems of a text: the first half of English letters alone, the second of all. Remembers what it made."""

    def __init__(self, *, is_multilingual: bool = True, english: EmbeddingModel = ENGLISH) -> None:
        super().__init__(["no child"])
        self.made: list[tuple[str, str]] = []  # what was wanted, of which text
        self.english = english
        self.is_multilingual = is_multilingual

    @property
    def model(self) -> EmbeddingModel:
        return self.english

    @property
    def joined(self) -> JoinedVectors | None:
        return JoinedVectors(self, joined(self.english)) if self.is_multilingual else None

    def rows(self, texts: Sequence[str], wanted: str = "texts", *, is_urgent: bool) -> list[Vectors]:
        self.made += [(wanted, text) for text in texts]
        first = [_half(text, is_english=True) for text in texts]
        if not wanted.startswith("joined"):
            return first
        return [
            np.concatenate([half, _half(text, is_english=False)]) / np.sqrt(np.float32(2))
            for half, text in zip(first, texts, strict=True)
        ]


def _half(text: str, *, is_english: bool) -> Vectors:
    vector = np.full(BUILT_IN_DIMENSION, 1e-3, np.float32)
    for stem in stems(text):
        if stem.isascii() or not is_english:
            vector[zlib.crc32(stem.encode()) % BUILT_IN_DIMENSION] += 1
    unit: Vectors = vector / np.linalg.norm(vector)
    return unit
