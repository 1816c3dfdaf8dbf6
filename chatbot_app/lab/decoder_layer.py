"""One layer of a decoder: how vectors become queries, keys and values, and what is done with what attention gathered.

Letters in shapes as in `decoder`. A matrix is kept as files have it, (out, in): x @ matrix.T.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chatbot_app.lab.attention import FloatArray
from chatbot_app.lab.decoder_family import DecoderShape
from chatbot_app.lab.linear import Linear, gelu, heads_apart, heads_joined, rms_norm, silu
from chatbot_app.lab.weights import Weights

_OPTIONAL_BIASES = ("attn_q", "attn_k", "attn_v", "attn_qkv", "attn_output")
_NORMS = ("attn_norm", "ffn_norm", "attn_q_norm", "attn_k_norm", "post_attention_norm", "post_ffw_norm")
_MATRICES = ("attn_q", "attn_k", "attn_v", "attn_qkv", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


@dataclass(frozen=True, slots=True)
class DecoderLayer:
    """The weights of a layer; norms that a family does not have are None.

    `query`: (H·d, w), `key`, `value`: (G·d, w), `output`: (w, H·d), `gate`, `up`: (f, w), `down`: (w, f).
    """

    shape: DecoderShape
    query: Linear
    key: Linear
    value: Linear
    output: Linear
    gate: Linear
    up: Linear
    down: Linear
    attention_norm: FloatArray | None
    feed_norm: FloatArray | None
    query_norm: FloatArray | None  # (d,) for each head, or (H·d,) for all: Qwen 3, Gemma 3; OLMo 2
    key_norm: FloatArray | None
    after_attention_norm: FloatArray | None
    after_feed_norm: FloatArray | None

    def projected(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(n, w) → queries (H, n, d), keys (G, n, d), values (G, n, v): what each token asks for, answers to, and gives."""
        shape = self.shape
        normed = self._normed(x, self.attention_norm)
        q = self._heads(self.query(normed), shape.heads, self.query_norm)
        k = self._heads(self.key(normed), shape.key_heads, self.key_norm)
        return q, k, self._heads(self.value(normed), shape.key_heads, None)

    def joined(self, x: FloatArray, gathered: FloatArray) -> FloatArray:
        """(n, w) and what the heads gathered, (H, n, v), → (n, w): the heads side by side, mixed, and added ("residual")."""
        return self._added(x, self.output(heads_joined(gathered)), self.after_attention_norm)

    def fed_forward(self, x: FloatArray) -> FloatArray:
        """(n, w) → (n, w): each token by itself, through f numbers that a gate opens and shuts."""
        normed = self._normed(x, self.feed_norm)
        opened = gelu(self.gate(normed)) if self.shape.family.gelu else silu(self.gate(normed))
        opened *= self.up(normed)
        return self._added(x, self.down(opened), self.after_feed_norm)

    def _heads(self, x: FloatArray, heads: int, norm: FloatArray | None) -> FloatArray:
        """(n, heads · d) → (heads, n, d)."""
        if norm is not None and len(norm) == x.shape[-1]:
            x = self._normed(x, norm)
            norm = None
        return self._normed(heads_apart(x, heads), norm)

    def _added(self, x: FloatArray, change: FloatArray, norm: FloatArray | None) -> FloatArray:
        return x + self._normed(change, norm) * np.float32(self.shape.residual_scale)

    def _normed(self, x: FloatArray, norm: FloatArray | None) -> FloatArray:
        return x if norm is None else rms_norm(x, norm, self.shape.epsilon)


def layer_names(weights: Weights, shape: DecoderShape) -> frozenset[str]:
    """Return the names of all tensors that the layers of a file may have and that are used here."""
    known = [f"{name}.weight" for name in (*_MATRICES, *_NORMS)] + [
        f"{name}.bias" for name in _OPTIONAL_BIASES
    ]
    return (
        frozenset(f"blk.{number}.{name}" for number in range(shape.layers) for name in known) & weights.names
    )


def read_layer(weights: Weights, shape: DecoderShape, number: int) -> DecoderLayer:
    """Unpack one layer. Raises WeightsUnusable where tensors are missing or of another shape."""
    prefix = f"blk.{number}."
    present = [name for name in layer_names(weights, shape) if name.startswith(prefix)]
    arrays = {name.removeprefix(prefix): array for name, array in weights.arrays(present).items()}

    def linear(name: str, sizes: tuple[int, ...], part: slice = slice(None)) -> Linear:
        matrix, bias = arrays.get(f"{name}.weight"), arrays.get(f"{name}.bias")
        if matrix is None or matrix.shape != sizes or (bias is not None and bias.shape != sizes[:1]):
            raise weights.unusable(
                f"the weights “{prefix}{name}” are missing, or have a shape that is not theirs."
            )
        return Linear(matrix[part], bias if bias is None else bias[part])

    q, k, w = shape.heads * shape.head_size, shape.key_heads * shape.head_size, shape.width
    if "attn_qkv.weight" in arrays:
        fused = (q + 2 * k, w)
        parts = [linear("attn_qkv", fused, part) for part in (slice(q), slice(q, q + k), slice(q + k, None))]
    else:
        parts = [linear("attn_q", (q, w)), linear("attn_k", (k, w)), linear("attn_v", (k, w))]
    up = arrays.get("ffn_up.weight")
    inner = len(up) if up is not None else 0
    if "ffn_gate.weight" in arrays:
        gate, raised = linear("ffn_gate", (inner, w)), linear("ffn_up", (inner, w))
    else:
        inner //= 2
        gate, raised = (linear("ffn_up", (2 * inner, w), part) for part in (slice(inner), slice(inner, None)))

    def norm(name: str, *sizes: int) -> FloatArray | None:
        found = arrays.get(f"{name}.weight")
        if found is not None and found.shape not in [(size,) for size in sizes]:
            raise weights.unusable(f"the weights “{prefix}{name}” have a shape that is not theirs.")
        return found

    return DecoderLayer(
        shape=shape,
        query=parts[0],
        key=parts[1],
        value=parts[2],
        output=linear("attn_output", (w, q)),
        gate=gate,
        up=raised,
        down=linear("ffn_down", (w, inner)),
        attention_norm=norm("attn_norm", w),
        feed_norm=norm("ffn_norm", w),
        query_norm=norm("attn_q_norm", shape.head_size, q),
        key_norm=norm("attn_k_norm", shape.head_size, k),
        after_attention_norm=norm("post_attention_norm", w),
        after_feed_norm=norm("post_ffw_norm", w),
    )
