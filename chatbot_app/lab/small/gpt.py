"""A decoder: tokens → vectors → blocks that look back → a number for each token that may follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy

from chatbot_app.lab.attention import Part
from chatbot_app.lab.small.attention import HeadsSeen
from chatbot_app.lab.small.block import Block, initial_norm, norm
from chatbot_app.lab.small.dropout import Dropout
from chatbot_app.lab.small.model_shape import ModelShape, Positions
from chatbot_app.lab.small.next_token import Choose, generate
from chatbot_app.lab.small.operations import Array, Ids, embed, linear
from chatbot_app.lab.small.parameters import Parameters, normal
from chatbot_app.lab.small.positions import sinusoidal


class GPT:
    """Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training"."""

    def __init__(self, shape: ModelShape) -> None:
        self.shape = shape
        self._blocks = [Block(shape, is_causal=shape.is_causal) for _ in range(shape.layers)]

    def initial(self, random: numpy.random.Generator) -> Parameters:
        """Return weights to start with."""
        weights: Parameters = {
            **initial_embedding(self.shape, random),
            "head": normal(random, self.shape.width, self.shape.vocabulary),
        }
        for number, block in enumerate(self._blocks):
            weights[f"block{number}"] = block.initial(random)
        if self.shape.has_layer_norm:
            weights["before_head"] = initial_norm(self.shape.width)
        return weights

    def logits(
        self, weights: Parameters, ids: Ids, source: Ids | None = None, dropout: Dropout | None = None
    ) -> Array:
        """Return (B, T, V) for ids (B, T); a decoder alone reads no source."""
        x = self._run(weights, ids, dropout)
        if self.shape.has_layer_norm:
            x = norm(weights["before_head"], x)
        return linear(x, weights["head"])

    def attention(
        self, weights: Parameters, ids: Ids, source: Ids | None = None
    ) -> dict[Part, list[HeadsSeen]]:
        """Return what the tokens of ids (1, T) look at, a value for each layer."""
        watched: list[HeadsSeen] = []
        self._run(weights, ids, None, watched)
        return {Part.DECODER: watched}

    def _run(
        self,
        weights: Parameters,
        ids: Ids,
        dropout: Dropout | None,
        watched: list[HeadsSeen] | None = None,
    ) -> Array:
        x = embedded(self.shape, weights, ids)
        for number, block in enumerate(self._blocks):
            x = block(weights[f"block{number}"], x, dropout=dropout, watched=watched)
        return x

    def generate(
        self,
        weights: Parameters,
        ids: Sequence[int],
        count: int,
        choose: Choose,
        source: Sequence[int] | None = None,
    ) -> Iterator[int]:
        """Yield `count` ids that follow `ids` (one at least), each chosen by `choose` from the logits."""
        return generate(self, weights, ids, count, choose)


def initial_embedding(shape: ModelShape, random: numpy.random.Generator) -> Parameters:
    """Return the table of tokens, and that of positions where they are learned.

    Sines are as large as 1: beside them, tokens begin √width times as large (Vaswani et al. 2017, section 3.4), else what
    a token is drowns in where it stands, and nothing is learned for long.
    """
    tables: Parameters = {"tokens": _small(random, shape.vocabulary, shape.width)}
    if shape.positions is Positions.SINUSOIDAL:
        tables["tokens"] *= numpy.float32(numpy.sqrt(shape.width))
    if shape.positions is Positions.LEARNED:
        tables["positions"] = _small(random, shape.context, shape.width)
    return tables


def embedded(shape: ModelShape, tables: Parameters, ids: Ids) -> Array:
    """Return the vectors of ids (B, T) with what tells their places: (B, T, C)."""
    x = embed(tables["tokens"], ids)
    length = ids.shape[1]
    if shape.positions is Positions.LEARNED:
        x = x + embed(tables["positions"], numpy.arange(length))
    elif shape.positions is Positions.SINUSOIDAL:
        x = x + sinusoidal(length, shape.width).astype(x.dtype)
    return x


def _small(random: numpy.random.Generator, rows: int, width: int) -> Array:
    return (random.standard_normal((rows, width)) * 0.1).astype(numpy.float32)
