"""What is trained, on what and for how long: everything that a person chooses, as one value that is stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from chatbot_app.lab.small.additions import MOST_DIGITS
from chatbot_app.lab.small.model_shape import Kind, ModelShape
from chatbot_app.lab.small.refusals import Refused, Why

MEMORY_BYTES = 2 * 1024**3  # that a training may take
LONGEST_TEXT = 20_000_000  # characters
LEAST_TOKENS, MOST_TOKENS = 64, 4096  # of byte pairs


class Source(StrEnum):
    """Where the text comes from."""

    BOOK = "book"  # the novel that ships
    DOCUMENTS = "documents"  # of the person
    ADDITIONS = "additions"


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Raises Refused for what cannot be trained. The shape's vocabulary is replaced by the text's."""

    shape: ModelShape = field(default_factory=lambda: ModelShape(vocabulary=1))
    source: Source = Source.BOOK
    byte_pair_tokens: int = 0  # 0: by character
    digits: int = 2  # of the numbers that are added
    is_staged: bool = True
    steps: int = 1500
    batch: int = 32  # sequences a step
    learning_rate: float = 4e-3
    weight_decay: float = 0.1
    seed: int = 1

    def __post_init__(self) -> None:
        if self.byte_pair_tokens and not LEAST_TOKENS <= self.byte_pair_tokens <= MOST_TOKENS:
            raise Refused(Why.VOCABULARY, least=LEAST_TOKENS, most=MOST_TOKENS)
        if self.byte_pair_tokens and self.source is Source.ADDITIONS:
            raise Refused(Why.SUMS_BY_CHARACTER)
        if not 1 <= self.digits <= MOST_DIGITS:
            raise Refused(Why.DIGITS, most=MOST_DIGITS)
        if min(self.steps, self.batch) < 1:
            raise Refused(Why.TOO_LITTLE_TRAINING)
        if not 0 < self.learning_rate < 1:
            raise Refused(Why.LEARNING_RATE)
        if self.estimated_bytes() > MEMORY_BYTES:
            needed = self.estimated_bytes() / 1024**3
            raise Refused(Why.MEMORY_NEEDED, gigabytes=f"{needed:.1f}")

    @property
    def has_source(self) -> bool:
        """Return whether an encoder reads a part of each sequence."""
        return self.shape.kind is Kind.ENCODER_DECODER

    def estimated_bytes(self) -> int:
        """Return about what a training step holds: weights, their moments, and what the way back needs."""
        shape = self.shape
        weights = 14 * shape.layers * shape.width**2 + 2 * max(shape.vocabulary, 512) * shape.width
        tokens = self.batch * shape.context
        seen = shape.layers * tokens * (24 * shape.width)
        if shape.kind is not Kind.GRU:
            seen += shape.layers * 4 * shape.heads * tokens * shape.context
            if shape.score == "additive":
                seen += shape.layers * 3 * shape.width * tokens * shape.context
        logits = 3 * tokens * max(shape.vocabulary, self.byte_pair_tokens, 100)
        return 4 * (5 * weights + seen + logits) * (2 if self.has_source else 1)

    def to_dict(self) -> dict[str, Any]:
        """Return what `from_dict` reads."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> TrainingPlan:
        """Raises ValueError, KeyError or TypeError where `stored` is no plan."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        if "shape" in values:
            values["shape"] = ModelShape.from_dict(values["shape"])
        if "source" in values:
            values["source"] = Source(values["source"])
        return cls(**values)


def text_limited(text: str) -> str:
    """Return what of a text is learned from: all, up to 20 million characters."""
    return text[:LONGEST_TEXT]
