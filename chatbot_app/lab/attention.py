"""Attention: how much each token of a text takes from each other one.

Scaled dot-product attention is that of Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser & Polosukhin,
"Attention Is All You Need" (2017): softmax(Q Kᵀ / √d + mask) V. Heads that share keys and values ("grouped") are those of
Ainslie, Lee-Thorp, de Jong, Zemlyanskiy, Lebrón & Sanghai, "GQA: Training Generalized Multi-Query Transformer Models from
Multi-Head Checkpoints" (2023); with one group they are the multi-query attention of Shazeer (2019), with a group for each
head the multi-head attention of the first paper.

Letters in shapes: L layers, H heads that ask (queries), G heads that are asked (keys and values; G divides H), n tokens,
d numbers of a head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AttentionRecord:
    """What the attention of one text was, in all layers; arrays are float32.

    `weights`: (L, H, n, n), row i says what token i takes from each token j; each row sums to 1.
    `queries`: (L, H, n, d) and `keys`: (L, G, n, d), as they are multiplied, positions turned in.
    `scale` is what their products are multiplied with; `softcap` bends them to less than that, 0 where nothing does.
    """

    weights: FloatArray
    queries: FloatArray
    keys: FloatArray
    scale: float
    softcap: float = 0.0

    def pair(self, layer: int, head: int, asking: int, asked: int) -> PairProduct:
        """Return how one weight came about: token `asking` looks at token `asked`."""
        group = self.queries.shape[1] // self.keys.shape[1]
        query = self.queries[layer, head, asking]
        key = self.keys[layer, head // group, asked]
        scores = capped(self.keys[layer, head // group] @ query * self.scale, self.softcap)
        return PairProduct(query, key, query * key, scores, self.weights[layer, head, asking])


@dataclass(frozen=True, slots=True)
class PairProduct:
    """One query and one key, element by element, and the softmax that their sum goes into.

    `query`, `key`, `product`: (d,). `scores`: (n,), scaled products of the query with each key, before the mask.
    `weights`: (n,), the softmax of the scores that the mask leaves.
    """

    query: FloatArray
    key: FloatArray
    product: FloatArray
    scores: FloatArray
    weights: FloatArray


def causal_mask(length: int, window: int = 0) -> BoolArray:
    """Return which token may see which, shape (length, length): itself and what stands before it.

    A `window` leaves only so many tokens in sight (Beltagy, Peters & Cohan, "Longformer", 2020); 0 leaves all.
    """
    asking, asked = np.ogrid[:length, :length]
    seen: BoolArray = asked <= asking
    return seen & (asking - asked < window) if window else seen


def bidirectional_mask(length: int) -> BoolArray:
    """Return the mask of an encoder, shape (length, length): every token sees every other."""
    return np.ones((length, length), np.bool_)


def softmax(scores: FloatArray) -> FloatArray:
    """Return the scores as shares that sum to 1 along the last axis; −∞ becomes 0. Writes over `scores`."""
    scores -= scores.max(axis=-1, keepdims=True)  # the largest becomes exp(0): nothing overflows
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores


def capped(scores: FloatArray, softcap: float) -> FloatArray:
    """Return scores bent smoothly into −softcap … softcap (Gemma 2, 2024), as they are where it is 0."""
    return np.tanh(scores / np.float32(softcap)) * np.float32(softcap) if softcap else scores


def attend(
    queries: FloatArray,
    keys: FloatArray,
    values: FloatArray,
    mask: BoolArray,
    scale: float,
    softcap: float = 0.0,
) -> tuple[FloatArray, FloatArray]:
    """Return what the heads gather, (H, n, v), and their weights, (H, n, n).

    `queries`: (H, n, d), `keys`: (G, n, d), `values`: (G, n, v), `mask`: (n, n), True where token i may see token j.
    Head h asks the keys and values h · G // H.
    """
    heads, length, size = queries.shape
    groups = len(keys)
    # All heads of a group in one product: their queries below each other.
    asked: FloatArray = queries.reshape(groups, heads // groups * length, size) * np.float32(scale)
    scores = capped(asked @ keys.transpose(0, 2, 1), softcap).reshape(heads, length, length)
    scores[:, ~mask] = -np.inf
    weights = softmax(scores)
    gathered = weights.reshape(groups, heads // groups * length, length) @ values
    return gathered.reshape(heads, length, -1), weights
