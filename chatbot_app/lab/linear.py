"""The parts that encoders and decoders have in common. Letters in shapes: n tokens, w numbers of a token's vector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chatbot_app.lab.attention import FloatArray


@dataclass(frozen=True, slots=True)
class Linear:
    """x ↦ x Wᵀ + b. `weight`: (out, in), as files have it; `bias`: (out,) or None."""

    weight: FloatArray
    bias: FloatArray | None = None

    def __call__(self, x: FloatArray) -> FloatArray:
        """(n, in) → (n, out)."""
        y: FloatArray = x @ self.weight.T
        return y if self.bias is None else y + self.bias


@dataclass(frozen=True, slots=True)
class LayerNorm:
    """Each vector with mean 0 and variance 1, stretched and moved (Ba, Kiros & Hinton, "Layer Normalization", 2016)."""

    weight: FloatArray  # (w,)
    bias: FloatArray  # (w,)
    epsilon: float

    def __call__(self, x: FloatArray) -> FloatArray:
        """(n, w) → (n, w)."""
        centred = x - x.mean(-1, keepdims=True)
        variance = np.einsum("...i,...i->...", centred, centred) / np.float32(x.shape[-1])
        normed: FloatArray = centred / np.sqrt(variance + np.float32(self.epsilon))[..., None]
        return normed * self.weight + self.bias


def rms_norm(x: FloatArray, weight: FloatArray, epsilon: float) -> FloatArray:
    """Return x, (…, w), with a root mean square of 1 along the last axis, times `weight`, (w,): no mean, no bias."""
    mean = np.einsum("...i,...i->...", x, x) / np.float32(x.shape[-1])
    normed: FloatArray = x / np.sqrt(mean + np.float32(epsilon))[..., None] * weight
    return normed


def heads_apart(x: FloatArray, heads: int) -> FloatArray:
    """(n, heads · d) → (heads, n, d): the numbers of each head by themselves."""
    return np.ascontiguousarray(x.reshape(len(x), heads, -1).transpose(1, 0, 2))


def heads_joined(x: FloatArray) -> FloatArray:
    """(heads, n, d) → (n, heads · d): side by side."""
    return x.transpose(1, 0, 2).reshape(x.shape[1], -1)


def silu(x: FloatArray) -> FloatArray:
    """Return x · sigmoid(x), element by element (Elfwing, Uchibe & Doya 2018). Writes over `x`."""
    x *= 0.5  # sigmoid(x) = (1 + tanh(x/2)) / 2, and tanh does not overflow
    x += x * np.tanh(x)
    return x


def gelu(x: FloatArray) -> FloatArray:
    """Return x · Φ(x), element by element, by tanh as it is published (Hendrycks & Gimpel 2016)."""
    inner = np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x * x * x)
    opened: FloatArray = np.float32(0.5) * x * (1 + np.tanh(inner))
    return opened


def gelu_by_error_function(x: FloatArray) -> FloatArray:
    """Return x · Φ(x), element by element, off by 2e-7 at most; Φ by formula 7.1.26 of Abramowitz & Stegun (1964)."""
    size = np.abs(x) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * size)
    series = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * t
    error = np.copysign(1 - series * np.exp(-size * size), x)
    opened: FloatArray = np.float32(0.5) * x * (1 + error)
    return opened
