"""A decoder of the LLaMA family, whole: what the models compute that write text token by token.

    ids → vectors → L × [ norm → attention → + ] [ norm → feed-forward → + ] → norm → a score for each token of the vocabulary

The transformer is that of Vaswani et al. (2017), its decoder alone as in GPT (Radford et al. 2018), with what
LLaMA (Touvron et al. 2023) made usual: norms in front of each layer (Xiong et al. 2020) without means ("Root Mean Square Layer
Normalization", Zhang & Sennrich 2019), positions as rotations ("RoFormer", Su et al. 2021), a gate in the feed-forward layer
("GLU Variants Improve Transformer", Shazeer 2020), and heads that share keys and values (Ainslie et al. 2023).

Letters in shapes: n tokens, w numbers of a token's vector, L layers, H heads that ask, G heads that are asked, d numbers of a head,
f numbers in the middle of the feed-forward layer, V tokens of the vocabulary. All arrays are float32.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from chatbot_app.lab.attention import AttentionRecord, FloatArray, attend, causal_mask
from chatbot_app.lab.decoder_family import decoder_shape
from chatbot_app.lab.decoder_layer import layer_names, read_layer
from chatbot_app.lab.linear import rms_norm
from chatbot_app.lab.weights import Weights

_EMBEDDING, _NORM, _OUTPUT = "token_embd.weight", "output_norm.weight", "output.weight"
_TURNS = "rope_freqs.weight"  # what LLaMA 3.1 and later divide the speed of each rotation by
_TURNS_SHORT, _TURNS_LONG = (
    "rope_factors_short.weight",
    "rope_factors_long.weight",
)  # Phi: for short and long texts
_NOT_LAYERS = frozenset((_EMBEDDING, _NORM, _OUTPUT, _TURNS, _TURNS_SHORT, _TURNS_LONG))


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a text became: `hidden`, (n, w), each token's vector behind the last norm, and the attention of all layers."""

    hidden: FloatArray
    attention: AttentionRecord


class Decoder:
    """One model, its layers unpacked. The tables of the vocabulary stay packed until rows of them are asked for."""

    def __init__(self, weights: Weights, progress: Callable[[float], None] = lambda _: None) -> None:
        """Unpack the layers; `progress` hears how much is done, 0 to 1. Raises WeightsUnusable.

        `weights` must stay open: vectors of tokens are read when they occur.
        """
        self.shape = decoder_shape(weights)
        self._weights = weights
        for name in sorted(weights.names - _NOT_LAYERS - layer_names(weights, self.shape)):
            raise weights.unusable(f"it has weights “{name[:60]}” whose use is not known here.")
        width = self.shape.width
        for name, wanted in ((_EMBEDDING, (None, width)), (_OUTPUT, (None, width)), (_NORM, (width,))):
            found = weights.shape(name) if name in weights.names else wanted
            if len(found) != len(wanted) or found[-1] != width:
                raise weights.unusable(f"the weights “{name}” have a shape that is not theirs.")
        self._layers = []
        for number in range(self.shape.layers):
            progress(number / self.shape.layers)
            self._layers.append(read_layer(weights, self.shape, number))
        self._norm = weights.array(_NORM)
        self._turns = self._speeds(self.shape.base, self.shape.stretch, factors=True)
        self._window_turns = self._speeds(
            self.shape.family.window_base or self.shape.base, 1.0, factors=False
        )
        self._output: FloatArray | None = None

    @staticmethod
    def unpacked(weights: Weights) -> frozenset[str]:
        """Return the tensors that are held unpacked: what memory is needed for."""
        return frozenset(name for name in weights.names if name not in _NOT_LAYERS)

    @property
    def vocabulary(self) -> int:
        """V, the number of tokens that have a vector."""
        return self._weights.shape(_EMBEDDING)[0]

    def run(self, ids: Sequence[int], check: Callable[[], None] = lambda: None) -> Decoded:
        """Return what the model makes of a text of n tokens, n at least 1.

        `check` is called before each layer and may raise. Raises IndexError for an id outside the vocabulary.
        """
        shape, length = self.shape, len(ids)
        if min(ids) < 0:  # numpy would count from the end
            raise IndexError(f"token {min(ids)} is none of the {self.vocabulary}")
        x = self._weights.rows(_EMBEDDING, ids) * np.float32(shape.embedding_scale)  # (n, w)
        whole = causal_mask(length)
        near = causal_mask(length, shape.window)
        turns, near_turns = self._rotation(length, self._turns), self._rotation(length, self._window_turns)
        weights = np.empty((shape.layers, shape.heads, length, length), np.float32)
        queries = np.empty((shape.layers, shape.heads, length, shape.head_size), np.float32)
        keys = np.empty((shape.layers, shape.key_heads, length, shape.head_size), np.float32)
        for number, layer in enumerate(self._layers):
            check()
            windowed = shape.has_window(number)
            q, k, v = layer.projected(x)
            if shape.turns(number):
                q, k = (
                    rotate(part, near_turns if windowed else turns, shape.family.halves) for part in (q, k)
                )
            mask = near if windowed else whole
            gathered, weights[number] = attend(q, k, v, mask, shape.scale, shape.score_cap)
            queries[number], keys[number] = q, k
            x = layer.fed_forward(layer.joined(x, gathered))
        hidden = rms_norm(x, self._norm, shape.epsilon)
        return Decoded(hidden, AttentionRecord(weights, queries, keys, shape.scale, shape.score_cap))

    def logits(self, hidden: FloatArray) -> FloatArray:
        """Return the score of each token to come next, (…, V), after tokens with vectors (…, w) of `Decoded.hidden`.

        Models without a matrix of their own for it compare with the vectors that tokens come in with ("Using the Output
        Embedding to Improve Language Models", Press & Wolf 2017). The first call unpacks the matrix, w · V numbers.
        """
        if self._output is None:
            tied = _OUTPUT not in self._weights.names
            self._output = self._weights.array(_EMBEDDING if tied else _OUTPUT)
        scores: FloatArray = hidden @ self._output.T * np.float32(self.shape.logit_scale)
        cap = np.float32(self.shape.logit_cap)
        return np.tanh(scores / cap) * cap if cap else scores

    def _speeds(self, base: float, stretch: float, *, factors: bool) -> FloatArray:
        """Return by what angle a position turns each pair of numbers, (turned / 2,)."""
        turned = self.shape.turned
        speeds = base ** (-np.arange(0, turned, 2) / turned) / stretch
        present = [name for name in (_TURNS, _TURNS_SHORT) if factors and name in self._weights.names]
        for name in present:
            divisors = self._weights.array(name).reshape(-1)
            if len(divisors) != len(speeds):
                raise self._weights.unusable(f"the weights “{name}” have a shape that is not theirs.")
            speeds = speeds / divisors
        return speeds.astype(np.float32)

    def _rotation(self, length: int, speeds: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return cosine and sine of the angle at each position, both (n, turned / 2)."""
        angles = np.outer(np.arange(length, dtype=np.float32), speeds)
        magnitude = np.float32(self.shape.magnitude)
        return np.cos(angles) * magnitude, np.sin(angles) * magnitude


def rotate(x: FloatArray, rotation: tuple[FloatArray, FloatArray], halves: bool) -> FloatArray:
    """Return queries or keys, (heads, n, d), with their positions turned in.

    Pairs of numbers are turned like points around the origin, each at a speed of its own; the product of a query with a key
    then depends on how far apart they stand alone. `rotation` is that of `Decoder._rotation`, (n, turned / 2) each; numbers
    behind `turned` stay as they are. Pairs are (i, i + turned/2) where `halves`, else (2i, 2i + 1).
    """
    cosine, sine = rotation
    half = cosine.shape[-1]
    first, second = (
        (slice(0, half), slice(half, 2 * half)) if halves else (slice(0, 2 * half, 2), slice(1, 2 * half, 2))
    )
    turned = x.copy()
    turned[..., first] = x[..., first] * cosine - x[..., second] * sine
    turned[..., second] = x[..., first] * sine + x[..., second] * cosine
    return turned
