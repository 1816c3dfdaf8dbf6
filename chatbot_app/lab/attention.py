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
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from chatbot_app.core.softmax import softmax

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]


class Part(StrEnum):
    """Which attention of a transformer (Vaswani et al. 2017): whose tokens look, and whose are looked at."""

    CROSS = "cross"  # the decoder's look at the encoder's
    DECODER = "decoder"  # the decoder's at each other
    ENCODER = "encoder"  # the encoder's at each other


@dataclass(frozen=True, slots=True)
class AttentionRecord:
    """What the attention of one text was, in all layers; arrays are float32. Where tokens look at each other, m is n.

    `weights`: (L, H, n, m), row i says what token i takes from each token j; each row sums to 1.
    `queries`: (L, H, n, d) and `keys`: (L, G, m, d), as they are compared, positions turned in.
    `scale` is what their products are multiplied with; `softcap` bends them to less than that, 0 where nothing does.
    `additive`: (L, H, d) where a score is v · tanh(q + k) instead of a product (Bahdanau, Cho & Bengio 2014): v.
    """

    weights: FloatArray
    queries: FloatArray
    keys: FloatArray
    scale: float
    softcap: float = 0.0
    additive: FloatArray | None = None

    def pair(self, layer: int, head: int, asking: int, asked: int) -> PairProduct:
        """Return how one weight came about: token `asking` looks at token `asked`."""
        group = self.queries.shape[1] // self.keys.shape[1]
        query, keys = self.queries[layer, head, asking], self.keys[layer, head // group]
        if self.additive is None:
            products = query * keys
        else:
            products = np.tanh(query + keys) * self.additive[layer, head]
        scores = capped(products.sum(axis=-1) * np.float32(self.scale), self.softcap)
        return PairProduct(
            query, keys[asked], products[asked], products, scores, self.weights[layer, head, asking]
        )


@dataclass(frozen=True, slots=True)
class PairProduct:
    """One query and one key, element by element, and the softmax that their sum goes into.

    `query`, `key`, `product`: (d,). `products`: (m, d), of the query with each key, of which `product` is one.
    `scores`: (m,), their scaled sums, before the mask. `weights`: (m,), the softmax of the scores that the mask leaves.
    """

    query: FloatArray
    key: FloatArray
    product: FloatArray
    products: FloatArray
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
