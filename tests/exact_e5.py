"""multilingual-e5-small computed plainly in float32: what the program's graph is compared with, and measured for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.children.e5_file import E5File

Array = npt.NDArray[np.float32]


def exact_hidden(
    file: E5File, texts: Sequence[Sequence[int]], greatest: list[Array] | None = None
) -> list[Array]:
    """Return what the model makes of texts of such tokens, each of shape (tokens, width).

    To `greatest` the greatest magnitude of each channel over all texts is added, a layer an array: of what goes into attention,
    into the first and into the second product of the feed-forward part, side by side.
    """
    sizes = file.sizes
    states = [_normed(file, file.rows(list(ids)), "emb.ln") for ids in texts]
    for layer in range(sizes.layers):
        name = f"l{layer}"
        parts = {
            part: (
                file.weights(f"{name}.{part}.w", sizes.inner if part == "fo" else sizes.width),
                file.numbers(f"{name}.{part}.b"),
            )
            for part in ("q", "k", "v", "ao", "fi", "fo")
        }
        met = np.zeros(2 * sizes.width + sizes.inner, np.float32)
        for row, state in enumerate(states):
            query, key, value = (_by_head(_product(state, *parts[part]), sizes.heads) for part in "qkv")
            scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
            shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
            shares /= shares.sum(axis=-1, keepdims=True)
            context = (shares @ value).transpose(1, 0, 2).reshape(state.shape)
            attended = _normed(file, _product(context, *parts["ao"]) + state, f"{name}.aln")
            inner = _gelu(_product(attended, *parts["fi"]))
            states[row] = _normed(file, _product(inner, *parts["fo"]) + attended, f"{name}.oln")
            met = np.maximum(met, np.concatenate([np.abs(part).max(0) for part in (state, attended, inner)]))
        if greatest is not None:
            greatest.append(met)
    return states


def exact_vectors(file: E5File, texts: Sequence[Sequence[int]]) -> Array:
    """Return the unit vectors of texts of such tokens, shape (texts, width)."""
    means = np.stack([hidden.mean(axis=0) for hidden in exact_hidden(file, texts)])
    unit: Array = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


def _product(values: Array, weights: Array, bias: Array) -> Array:
    result: Array = values @ weights.T + bias
    return result


def _by_head(values: Array, heads: int) -> Array:
    return values.reshape(len(values), heads, -1).transpose(1, 0, 2)


def _normed(file: E5File, values: Array, norm: str) -> Array:
    centred = values - values.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + file.sizes.epsilon)
    result: Array = centred / deviation * file.numbers(f"{norm}.w") + file.numbers(f"{norm}.b")
    return result


def _gelu(values: Array) -> Array:
    """Return x · Φ(x); the error function by formula 7.1.26 of Abramowitz & Stegun 1964, within 1.5e-7."""
    x = np.abs(values) / np.sqrt(np.float32(2))
    t = 1 / (1 + np.float32(0.3275911) * x)
    powers = 0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429
    sum_ = np.zeros_like(t)
    for factor in reversed(powers):
        sum_ = (sum_ + np.float32(factor)) * t
    result: Array = values * (1 + np.sign(values) * (1 - sum_ * np.exp(-x * x))) / 2
    return result
