"""One layer of a transformer: attention, then a network for each position, each added to what came in."""

from __future__ import annotations

import numpy

from chatbot_app.lab.small.attention import HeadsSeen, MultiHeadSelfAttention
from chatbot_app.lab.small.dropout import Dropout
from chatbot_app.lab.small.model_shape import ModelShape
from chatbot_app.lab.small.operations import Array, layer_norm, linear, squared_relu
from chatbot_app.lab.small.parameters import Parameters, normal

EXPANSION = 4  # channels inside the network, in widths: Vaswani et al. 2017


class Block:
    """Layer norm before each sub-layer (Xiong et al. 2020) and a skip connection around it (He et al. 2016)."""

    def __init__(self, shape: ModelShape, *, is_causal: bool, has_cross: bool = False) -> None:
        self._shape = shape
        self._attention = MultiHeadSelfAttention(shape, is_causal=is_causal)
        self._cross = MultiHeadSelfAttention(shape, is_causal=False, is_cross=True) if has_cross else None

    def initial(self, random: numpy.random.Generator) -> Parameters:
        """Return weights to start with."""
        width, inside = self._shape.width, EXPANSION * self._shape.width
        weights: Parameters = {
            "attention": self._attention.initial(random),
            "expand": normal(random, width, inside),
            "expand_bias": numpy.zeros(inside, numpy.float32),
            "reduce": normal(random, inside, width) / numpy.float32((2 * self._shape.layers) ** 0.5),
            "reduce_bias": numpy.zeros(width, numpy.float32),
        }
        if self._cross is not None:
            weights["cross"] = self._cross.initial(random)
        if self._shape.has_layer_norm:
            for name in ("before_attention", "before_cross", "before_network")[:: 1 if self._cross else 2]:
                weights[name] = initial_norm(width)
        return weights

    def __call__(
        self,
        weights: Parameters,
        x: Array,
        memory: Array | None = None,
        dropout: Dropout | None = None,
        watched: list[HeadsSeen] | None = None,
    ) -> Array:
        """Return (B, T, C) for x (B, T, C); memory (B, S, C) is what cross-attention looks at.

        What the attention of the first sequence was is added to `watched`: among the tokens, then that to the memory.
        """
        before = self._norm(weights, "before_attention", x)
        if watched is not None:
            watched.append(self._attention.seen(weights["attention"], before))
        x = self._join(x, self._attention(weights["attention"], before), dropout)
        if self._cross is not None:
            before = self._norm(weights, "before_cross", x)
            if watched is not None:
                watched.append(self._cross.seen(weights["cross"], before, memory))
            x = self._join(x, self._cross(weights["cross"], before, memory), dropout)
        return self._join(x, self._network(weights, self._norm(weights, "before_network", x)), dropout)

    def _network(self, weights: Parameters, x: Array) -> Array:
        inside = squared_relu(linear(x, weights["expand"]) + weights["expand_bias"])
        return linear(inside, weights["reduce"]) + weights["reduce_bias"]

    def _norm(self, weights: Parameters, name: str, x: Array) -> Array:
        return norm(weights[name], x) if self._shape.has_layer_norm else x

    def _join(self, x: Array, added: Array, dropout: Dropout | None) -> Array:
        if dropout is not None:
            added = dropout(added)
        return x + added if self._shape.has_skip_connections else added


def initial_norm(width: int) -> Parameters:
    """Return the weights of a layer norm that changes nothing yet."""
    return {"gain": numpy.ones(width, numpy.float32), "bias": numpy.zeros(width, numpy.float32)}


def norm(weights: Parameters, x: Array) -> Array:
    """Return the layer norm of x (…, C) with `weights` from `initial_norm`."""
    return layer_norm(x, weights["gain"], weights["bias"])
