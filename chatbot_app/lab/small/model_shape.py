"""What a small model is made of: every switch of the page, as one value that is stored with the model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from chatbot_app.lab.small.refusals import Refused, Why


class Kind(StrEnum):
    """How a token learns of those before it."""

    GPT = "gpt"  # a decoder with self-attention
    GRU = "gru"  # a recurrence
    ENCODER_DECODER = "encoder-decoder"  # self-attention, and cross-attention to what an encoder read


class Score(StrEnum):
    """How a query is compared with a key."""

    DOT = "dot"  # q·k / sqrt(d): Vaswani et al. 2017
    GENERAL = "general"  # qᵀ W k: Luong, Pham & Manning 2015
    ADDITIVE = "additive"  # vᵀ tanh(q + k): Bahdanau, Cho & Bengio 2014


class Positions(StrEnum):
    """How the model knows where a token stands."""

    NONE = "none"
    LEARNED = "learned"  # a vector a position: Radford et al. 2018
    SINUSOIDAL = "sinusoidal"  # Vaswani et al. 2017
    ROTARY = "rotary"  # queries and keys turned by their position: Su et al. 2021


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The architecture of one model. Raises Refused where the numbers do not fit each other."""

    vocabulary: int  # tokens
    kind: Kind = Kind.GPT
    context: int = 64  # tokens that the model sees at once
    width: int = 128  # channels of a token's vector
    layers: int = 3
    heads: int = 4
    key_value_heads: int = 4  # heads: multi-head attention; 1: multi-query (Shazeer 2019); between: grouped
    score: Score = Score.DOT
    positions: Positions = Positions.ROTARY
    is_causal: bool = True
    has_layer_norm: bool = True
    has_skip_connections: bool = True
    has_cross_attention: bool = True  # of an encoder-decoder; without it nothing of the source is seen
    dropout: float = 0.0  # share of the channels of each sub-layer that is dropped while training

    def __post_init__(self) -> None:
        if min(self.vocabulary, self.context, self.width, self.layers, self.heads, self.key_value_heads) < 1:
            raise Refused(Why.SIZES)
        if self.width % self.heads:
            raise Refused(Why.HEADS, heads=self.heads, width=self.width)
        if self.heads % self.key_value_heads:
            raise Refused(Why.KEY_HEADS, key_heads=self.key_value_heads, heads=self.heads)
        if self.positions is Positions.ROTARY and self.head_width % 2:
            raise Refused(Why.ROTARY)
        if not 0 <= self.dropout < 1:
            raise Refused(Why.DROPOUT)

    @property
    def head_width(self) -> int:
        """Channels of one head."""
        return self.width // self.heads

    def to_dict(self) -> dict[str, Any]:
        """Return what `from_dict` reads."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> ModelShape:
        """Raises ValueError, KeyError or TypeError where `stored` is no shape."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        for name, enum in (("kind", Kind), ("score", Score), ("positions", Positions)):
            if name in values:
                values[name] = enum(values[name])
        return cls(**values)
