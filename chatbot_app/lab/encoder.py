"""An encoder of BERT's kind, whole: what turns a passage into a vector, every token of it seeing every other.

    ids → vectors → L × [ attention → + → norm ] [ feed-forward → + → norm ] → a vector for each token

"BERT: Pre-training of Deep Bidirectional Transformers" (Devlin, Chang, Lee & Toutanova 2019); all-MiniLM-L6-v2 is one of
Sentence-BERT's (Reimers & Gurevych 2019) on MiniLM (Wang et al. 2020). Beside a decoder: positions are vectors that are added
once, norms stand behind each layer, each head has keys and values of its own, and the mask leaves everything in sight.

Letters in shapes: n tokens, w numbers of a token's vector, L layers, H heads, d = w / H, f numbers in the middle of the feed-forward
layer. All arrays are float32.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from chatbot_app.lab.attention import (
    AttentionRecord,
    FloatArray,
    attend,
    bidirectional_mask,
    causal_mask,
)
from chatbot_app.lab.decoder import Decoded
from chatbot_app.lab.linear import LayerNorm, Linear, gelu_by_error_function, heads_apart, heads_joined


@dataclass(frozen=True, slots=True)
class EncoderLayer:
    """`query`, `key`, `value`, `output`: (w, w); `up`: (f, w); `down`: (w, f)."""

    query: Linear
    key: Linear
    value: Linear
    output: Linear
    attention_norm: LayerNorm
    up: Linear
    down: Linear
    feed_norm: LayerNorm


@dataclass(frozen=True, slots=True)
class Encoder:
    """One model. `words(ids)` gives the vectors of tokens, (n, w); `positions`: (longest, w); `segment`: (w,)."""

    heads: int
    words: Callable[[Sequence[int]], FloatArray]
    positions: FloatArray
    segment: FloatArray  # that marks the first of two sentences; the only one here
    norm: LayerNorm
    layers: tuple[EncoderLayer, ...]

    @property
    def longest(self) -> int:
        """How many tokens have a position."""
        return len(self.positions)

    def run(
        self, ids: Sequence[int], *, causal: bool = False, check: Callable[[], None] = lambda: None
    ) -> Decoded:
        """Return what the model makes of a text of n tokens, 1 to `longest`.

        `causal` puts a decoder's mask into its place: what the same weights do when nobody may look ahead. `check` is
        called before each layer and may raise. Raises IndexError for an id outside the vocabulary or too many tokens.
        """
        length = len(ids)
        if min(ids) < 0 or length > self.longest:
            raise IndexError(f"{length} tokens, of which {min(ids)} is the smallest")
        mask = causal_mask(length) if causal else bidirectional_mask(length)
        x = self.norm(self.words(ids) + self.positions[:length] + self.segment)  # (n, w)
        scale = (x.shape[1] // self.heads) ** -0.5
        weights, queries, keys = [], [], []
        for layer in self.layers:
            check()
            q, k, v = (heads_apart(part(x), self.heads) for part in (layer.query, layer.key, layer.value))
            gathered, shares = attend(q, k, v, mask, scale)
            weights.append(shares)
            queries.append(q)
            keys.append(k)
            x = layer.attention_norm(x + layer.output(heads_joined(gathered)))
            x = layer.feed_norm(x + layer.down(gelu_by_error_function(layer.up(x))))
        record = AttentionRecord(np.stack(weights), np.stack(queries), np.stack(keys), scale)
        return Decoded(x, record)
