"""Attention with several heads: each token looks at others and takes a weighted mean of their values.

Shapes: B sequences, T positions that ask, S positions that are looked at, H heads of d = C / H channels, K heads of
keys and values (H: multi-head; 1: multi-query), G = H / K heads of queries that share one of keys.
"""

from __future__ import annotations

from dataclasses import dataclass

import autograd.numpy as np
import numpy

from chatbot_app.lab.small.model_shape import ModelShape, Positions, Score
from chatbot_app.lab.small.operations import Array, linear, masked_softmax
from chatbot_app.lab.small.parameters import Parameters, normal
from chatbot_app.lab.small.positions import angles, rotate

NOT_SEEN = -1e9  # added to a score: its weight becomes 0


@dataclass(frozen=True, slots=True)
class HeadsSeen:
    """What one sub-layer of attention did with one sequence; each row of the weights sums to 1.

    `weights`: (H, T, S), `queries`: (H, T, d) and `keys`: (K, S, d), as they are compared. `additive`: (H, d), the vector
    that a sum of query and key is multiplied with, None where queries and keys are multiplied with each other.
    """

    weights: Array
    queries: Array
    keys: Array
    additive: Array | None = None


class MultiHeadSelfAttention:
    """Queries, keys and values from the tokens themselves; keys and values from `memory` for cross-attention.

    Vaswani et al. 2017, "Attention Is All You Need"; one head of keys for all: Shazeer 2019, "Fast Transformer
    Decoding: One Write-Head is All You Need".
    """

    def __init__(self, shape: ModelShape, *, is_causal: bool, is_cross: bool = False) -> None:
        self._shape = shape
        self._is_causal = is_causal
        self._turns = shape.positions is Positions.ROTARY and not is_cross

    def initial(self, random: numpy.random.Generator) -> Parameters:
        """Return weights to start with, normal with variance 1 / inputs."""
        shape, width = self._shape, self._shape.width
        keys = shape.key_value_heads * shape.head_width
        weights: Parameters = {
            "query": normal(random, width, width),
            "key": normal(random, width, keys),
            "value": normal(random, width, keys),
            # Sub-layers add up: their sum starts with the variance of one (Radford et al. 2019).
            "out": normal(random, width, width) / numpy.float32((2 * shape.layers) ** 0.5),
        }
        if shape.score is Score.GENERAL:
            weights["score"] = normal(random, shape.heads, shape.head_width, shape.head_width)
        elif shape.score is Score.ADDITIVE:
            weights["score"] = normal(random, shape.heads, shape.head_width, 1)
        return weights

    def __call__(self, weights: Parameters, x: Array, memory: Array | None = None) -> Array:
        """Return (B, T, C) for x (B, T, C), looking at memory (B, S, C), or at x itself."""
        batch, length, width = x.shape
        attention, values = self._attention(weights, x, x if memory is None else memory)
        heads, groups = values.shape[1], self._shape.heads // values.shape[1]
        mixed = np.matmul(attention, values)  # (B, K, G T, d)
        mixed = np.reshape(mixed, (batch, heads * groups, length, -1))
        return linear(np.reshape(np.transpose(mixed, (0, 2, 1, 3)), (batch, length, width)), weights["out"])

    def attention_weights(self, weights: Parameters, x: Array, memory: Array | None = None) -> Array:
        """Return how much each position looks at each, (B, H, T, S): rows sum to 1."""
        attention, _ = self._attention(weights, x, x if memory is None else memory)
        return attention.reshape(len(x), self._shape.heads, x.shape[1], -1)

    def seen(self, weights: Parameters, x: Array, memory: Array | None = None) -> HeadsSeen:
        """Return what the first sequence of x (B, T, C) looks at, with the queries and keys that it comes from."""
        queries, keys = self._compared(weights, x, x if memory is None else memory)
        attention = self.attention_weights(weights, x, memory)[0]
        if self._shape.score is Score.GENERAL:
            queries = np.matmul(queries, weights["score"])
        additive = weights["score"][..., 0] if self._shape.score is Score.ADDITIVE else None
        return HeadsSeen(attention, queries[0], keys[0], additive)

    def _compared(self, weights: Parameters, x: Array, memory: Array) -> tuple[Array, Array]:
        """Return the queries (B, H, T, d) and the keys (B, K, S, d)."""
        queries = self._heads(linear(x, weights["query"]))
        keys = self._heads(linear(memory, weights["key"]))
        if self._turns:
            queries = rotate(queries, angles(queries.shape[2], queries.shape[3]))
            keys = rotate(keys, angles(keys.shape[2], keys.shape[3]))
        return queries, keys

    def _attention(self, weights: Parameters, x: Array, memory: Array) -> tuple[Array, Array]:
        """Return the weights (B, K, G T, S) and the values (B, K, S, d)."""
        queries, keys = self._compared(weights, x, memory)
        values = self._heads(linear(memory, weights["value"]))
        scores = self._scores(weights, queries, keys)  # (B, H, T, S)
        attention = masked_softmax(scores, self._mask(scores))
        batch, shared = keys.shape[:2]
        return np.reshape(attention, (batch, shared, -1, keys.shape[2])), values

    def _heads(self, x: Array) -> Array:
        batch, length, width = x.shape
        split = np.reshape(x, (batch, length, width // self._shape.head_width, self._shape.head_width))
        return np.transpose(split, (0, 2, 1, 3))

    def _scores(self, weights: Parameters, queries: Array, keys: Array) -> Array:
        batch, heads, length, width = queries.shape
        shared, looked_at = keys.shape[1:3]
        if self._shape.score is Score.ADDITIVE:
            grouped = np.reshape(queries, (batch, shared, heads // shared, length, 1, width))
            met = np.tanh(grouped + np.reshape(keys, (batch, shared, 1, 1, looked_at, width)))
            met = np.reshape(met, (batch, heads, length * looked_at, width))
            return np.reshape(np.matmul(met, weights["score"]), (batch, heads, length, looked_at))
        if self._shape.score is Score.GENERAL:
            queries = np.matmul(queries, weights["score"])
        # Heads that share keys stand below each other: one product for all of them.
        stacked = np.reshape(queries, (batch, shared, -1, width))
        scores = np.matmul(stacked, np.transpose(keys, (0, 1, 3, 2))) * stacked.dtype.type(width**-0.5)
        return np.reshape(scores, (batch, heads, length, looked_at))

    def _mask(self, scores: Array) -> Array:
        """Return what is added to scores (…, T, S): no position sees a later one where the mask is causal."""
        length, looked_at = scores.shape[-2:]
        mask = numpy.zeros((length, looked_at), scores.dtype)
        if self._is_causal:
            mask[numpy.triu_indices(length, 1, looked_at)] = NOT_SEEN
        return mask
