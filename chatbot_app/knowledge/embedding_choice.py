"""Which embedding model makes the vectors of the library in the place of the one that ships, and how it is tried."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from chatbot_app.core.embedding_prefixes import NO_PREFIXES, Prefixes, PrefixRule
from chatbot_app.core.servers import BUILT_IN_SERVER_ID
from chatbot_app.knowledge.embedder import (
    PROBE,
    Embedder,
    EmbeddingModel,
    ServerEmbedder,
    VectorsRefused,
    checked_vectors,
    fingerprint_of,
)

EMBEDDING_SETTING = "knowledge.embedding"
_BATCH = (
    8  # texts: what a question has to wait for beside an import, and the most that is done anew after a crash
)

# Every embedding model, however small and of whatever language, has the first two nearer to each other than to the third.
TRIAL_SENTENCES = (
    "The cat sleeps on the warm sofa.",
    "A cat is asleep on a warm sofa.",
    "Quarterly profits fell by 12 % because import duties rose.",
)
_SPEED_TEXTS = 8  # that the speed is measured with: a batch of an import


@dataclass(frozen=True, slots=True)
class EmbeddingChoice:
    """Which model of which server makes vectors, and what they are like (see `fingerprint_of`).

    Of the built-in server, `model` is the id or name of a model of this computer.
    """

    server_id: str
    model: str
    dimension: int
    fingerprint: tuple[float, ...]
    prefixes: Prefixes = NO_PREFIXES
    pooling: str = ""  # of POOLINGS, in the place of what the model says

    def to_json(self) -> str:
        """Return the text of the setting "knowledge.embedding"."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> EmbeddingChoice | None:
        """Return what a setting says, None for the built-in model or a damaged text."""
        try:
            value = json.loads(text)
            prefixes = value.get("prefixes") or {}
            return cls(
                str(value["server_id"]),
                str(value["model"]),
                int(value["dimension"]),
                tuple(float(number) for number in value["fingerprint"]),
                Prefixes(str(prefixes.get("query", "")), str(prefixes.get("passage", ""))),
                pooling=str(value.get("pooling") or ""),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    @property
    def stamped(self) -> EmbeddingModel:
        """What its vectors are stamped with: another prefix is another model."""
        return EmbeddingModel(f"{self.server_id}/{self.model}@{_digest(self)}", self.dimension)


class VectorClient(Protocol):
    """Who asks a model (`llm.embedding_client`, `llm.local.embedding`)."""

    def request(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector for each text. Raises AppError."""

    def interrupt(self) -> None:
        """End what is under way."""

    def close(self) -> None:
        """Close the connections."""


@dataclass(frozen=True, slots=True)
class ServerEmbedding:
    """A choice, ready to be asked."""

    choice: EmbeddingChoice
    client: VectorClient

    def create_embedder(self) -> Embedder:
        """Return the embedder; nothing is asked yet."""
        choice = self.choice
        return ServerEmbedder(
            choice.stamped,
            self.client.request,
            _BATCH if choice.server_id == BUILT_IN_SERVER_ID else 32,
            fingerprint=choice.fingerprint,
            prefixes=choice.prefixes,
        )


@dataclass(frozen=True, slots=True)
class EmbeddingTrial:
    """A model that was tried: the cosines of a sentence with one that says the same, and with one that does not.

    `rule` says where its prefixes come from; `seconds` is what a text took on average, once it was loaded.
    """

    choice: EmbeddingChoice
    rule: PrefixRule
    near: float
    far: float
    seconds: float


def try_embedding_model(
    client: VectorClient,
    choice: EmbeddingChoice,
    rule: PrefixRule,
    sentences: Sequence[str] = (),
    *,
    name: str = "",
    clock: Callable[[], float] = time.perf_counter,
) -> EmbeddingTrial:
    """Ask a model for some vectors, close `client`, and return what they are like; `choice` says which model, and `name` what
    a person calls it.

    `sentences` are three of the person's, of which the first two say the same; else TRIAL_SENTENCES. Raises
    VectorsRefused where they are no vectors, or those of TRIAL_SENTENCES do not tell like from unlike; else AppError.
    """
    try:
        found = client.request([PROBE])
        name = name or choice.model
        stamped = EmbeddingModel(name, len(found[0]))
        probe = checked_vectors(found, 1, stamped)[0]
        passages = [rule.prefixes.passage + text for text in TRIAL_SENTENCES]
        first, second, third = checked_vectors(client.request(passages), 3, stamped)
        near, far = _cosine(first, second), max(_cosine(first, third), _cosine(second, third))
        if near <= far:
            raise VectorsRefused(
                model=name,
                detail=f"two sentences that say the same are not nearer ({near:.2f}) than two that do not ({far:.2f})",
            )
        if sentences:
            own = [rule.prefixes.passage + text for text in sentences]
            first, second, third = checked_vectors(client.request(own), 3, stamped)
            near, far = _cosine(first, second), _cosine(first, third)
        begun = clock()
        client.request(passages * (_SPEED_TEXTS // len(passages)))
        seconds = (clock() - begun) / (_SPEED_TEXTS // len(passages) * len(passages))
    finally:
        client.close()
    tried = replace(
        choice,
        dimension=stamped.dimension,
        fingerprint=tuple(fingerprint_of(probe)),
        prefixes=rule.prefixes,
    )
    return EmbeddingTrial(tried, rule, near, far, seconds)


def _cosine(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    return float(one @ other)


def _digest(choice: EmbeddingChoice) -> str:
    # A model that is chosen again after it was swapped under its name gets vectors of its own.
    told = repr(choice.fingerprint)
    if choice.pooling:
        told += choice.pooling
    if choice.prefixes:
        told += repr((choice.prefixes.query, choice.prefixes.passage))
    return hashlib.sha256(told.encode()).hexdigest()[:12]
