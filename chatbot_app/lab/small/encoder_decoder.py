"""An encoder that reads a source in both directions, and a decoder that looks at it while it writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy

from chatbot_app.lab.attention import Part
from chatbot_app.lab.small.attention import HeadsSeen
from chatbot_app.lab.small.block import Block, initial_norm, norm
from chatbot_app.lab.small.dropout import Dropout
from chatbot_app.lab.small.gpt import embedded, initial_embedding
from chatbot_app.lab.small.model_shape import ModelShape
from chatbot_app.lab.small.next_token import Choose, generate
from chatbot_app.lab.small.operations import Array, Ids, linear
from chatbot_app.lab.small.parameters import Parameters, normal


class EncoderDecoder:
    """The transformer as it was published for translation: Vaswani et al. 2017. Both halves have all layers."""

    def __init__(self, shape: ModelShape) -> None:
        self.shape = shape
        self._encoder = [Block(shape, is_causal=False) for _ in range(shape.layers)]
        self._decoder = [
            Block(shape, is_causal=shape.is_causal, has_cross=shape.has_cross_attention)
            for _ in range(shape.layers)
        ]

    def initial(self, random: numpy.random.Generator) -> Parameters:
        """Return weights to start with; both halves share the table of tokens."""
        weights: Parameters = {
            **initial_embedding(self.shape, random),
            "head": normal(random, self.shape.width, self.shape.vocabulary),
        }
        for number, (reader, writer) in enumerate(zip(self._encoder, self._decoder, strict=True)):
            weights[f"encoder{number}"] = reader.initial(random)
            weights[f"decoder{number}"] = writer.initial(random)
        if self.shape.has_layer_norm:
            weights["after_encoder"] = initial_norm(self.shape.width)
            weights["before_head"] = initial_norm(self.shape.width)
        return weights

    def memory(
        self,
        weights: Parameters,
        source: Ids,
        dropout: Dropout | None = None,
        watched: list[HeadsSeen] | None = None,
    ) -> Array:
        """Return what the encoder makes of source (B, S): (B, S, C)."""
        x = embedded(self.shape, weights, source)
        for number, block in enumerate(self._encoder):
            x = block(weights[f"encoder{number}"], x, dropout=dropout, watched=watched)
        return norm(weights["after_encoder"], x) if self.shape.has_layer_norm else x

    def logits(
        self, weights: Parameters, ids: Ids, source: Ids | None = None, dropout: Dropout | None = None
    ) -> Array:
        """Return (B, T, V) for ids (B, T), written while looking at source (B, S). Raises ValueError without one."""
        if source is None:
            raise ValueError("an encoder-decoder reads a source")
        memory = self.memory(weights, source, dropout) if self.shape.has_cross_attention else None
        x = self._written(weights, ids, memory, dropout)
        if self.shape.has_layer_norm:
            x = norm(weights["before_head"], x)
        return linear(x, weights["head"])

    def attention(
        self, weights: Parameters, ids: Ids, source: Ids | None = None
    ) -> dict[Part, list[HeadsSeen]]:
        """Return what tokens look at, a value for each layer of a part: those of ids (1, T), and of source (1, S).

        Raises ValueError without a source.
        """
        if source is None:
            raise ValueError("an encoder-decoder reads a source")
        read: list[HeadsSeen] = []
        written: list[HeadsSeen] = []
        self._written(weights, ids, self.memory(weights, source, watched=read), None, written)
        if not self.shape.has_cross_attention:
            return {Part.DECODER: written, Part.ENCODER: read}
        return {Part.CROSS: written[1::2], Part.DECODER: written[::2], Part.ENCODER: read}

    def _written(
        self,
        weights: Parameters,
        ids: Ids,
        memory: Array | None,
        dropout: Dropout | None,
        watched: list[HeadsSeen] | None = None,
    ) -> Array:
        x = embedded(self.shape, weights, ids)
        for number, block in enumerate(self._decoder):
            x = block(weights[f"decoder{number}"], x, memory, dropout, watched)
        return x

    def generate(
        self,
        weights: Parameters,
        ids: Sequence[int],
        count: int,
        choose: Choose,
        source: Sequence[int] | None = None,
    ) -> Iterator[int]:
        """Yield `count` ids that follow `ids` (one at least) while looking at `source`."""
        return generate(self, weights, ids, count, choose, source)
