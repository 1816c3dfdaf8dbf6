"""From what a model says of all tokens to one token, again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import numpy as np

from chatbot_app.lab.small.model_shape import ModelShape
from chatbot_app.lab.small.operations import Array, Ids
from chatbot_app.lab.small.parameters import Parameters

Choose = Callable[[Array, Sequence[int]], int]  # logits (V,) and the ids so far → the id that follows


class LanguageModel(Protocol):
    """What every small model can do."""

    @property
    def shape(self) -> ModelShape:
        """Return its architecture."""

    def initial(self, random: np.random.Generator) -> Parameters:
        """Return weights to start with."""

    def logits(self, weights: Parameters, ids: Ids, source: Ids | None = None) -> Array:
        """Return a number for each token that may follow each position: (B, T) ids give (B, T, V).

        source (B, S): what an encoder reads, for models that have one.
        """


def next_token(
    model: LanguageModel,
    weights: Parameters,
    ids: Sequence[int],
    choose: Choose,
    source: Sequence[int] | None = None,
) -> int:
    """Return the id that `choose` picks to follow `ids`, of which the model sees the last `shape.context`."""
    seen = np.array([ids[-model.shape.context :]])
    read = None if source is None else np.array([source])
    return choose(model.logits(weights, seen, read)[0, -1], ids)


def generate(
    model: LanguageModel,
    weights: Parameters,
    ids: Sequence[int],
    count: int,
    choose: Choose,
    source: Sequence[int] | None = None,
) -> Iterator[int]:
    """Yield `count` ids that follow `ids` (one at least)."""
    written = list(ids)
    for _ in range(count):
        written.append(next_token(model, weights, written, choose, source))
        yield written[-1]


def likeliest(logits: Array, _: Sequence[int]) -> int:
    """Choose greedily."""
    return int(logits.argmax())
