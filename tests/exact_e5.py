"""multilingual-e5-small computed plainly in float32: what the program's graph is compared with, and measured for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.children.e5_file import E5File

Array = npt.NDArray[np.float32]


def exact_hidden(file: E5File, texts: Sequence[Sequence[int]]) -> tuple[list[Array], Array]:
    """Return (what the model makes of texts of such tokens, each of shape (tokens, width); the greatest magnitudes met).

    Those are of each channel over all texts, shape (layers, 2 · width + inner): of what goes into attention, into the first and
    into the second product of the feed-forward part, side by side.
    """
    sizes = file.sizes
    ends = np.cumsum([len(ids) for ids in texts])[
        :-1
    ]  # where the tokens of the next text begin: all stand in one array
    state = _normed(file, np.concatenate([file.rows(list(ids)) for ids in texts]), "emb.ln")
    met = np.zeros((sizes.layers, 2 * sizes.width + sizes.inner), np.float32)
    for layer in range(sizes.layers):
        name = f"l{layer}"
        query, key, value = (_product(file, state, f"{name}.{part}", sizes.width) for part in "qkv")
        parts = zip(*(np.split(values, ends) for values in (query, key, value)), strict=True)
        context = np.concatenate([_attention(*part, sizes.heads) for part in parts])
        attended = _normed(file, _product(file, context, f"{name}.ao", sizes.width) + state, f"{name}.aln")
        inner = _gelu(_product(file, attended, f"{name}.fi", sizes.width))
        met[layer] = np.concatenate([np.abs(part).max(axis=0) for part in (state, attended, inner)])
        state = _normed(file, _product(file, inner, f"{name}.fo", sizes.inner) + attended, f"{name}.oln")
    return np.split(state, ends), met


def exact_vectors(file: E5File, texts: Sequence[Sequence[int]]) -> Array:
    """Return the unit vectors of texts of such tokens, shape (texts, width)."""
    hidden, _ = exact_hidden(file, texts)
    means = np.stack([values.mean(axis=0) for values in hidden])
    unit: Array = means / np.linalg.norm(means, axis=1, keepdims=True)
    return unit


def _attention(query: Array, key: Array, value: Array, heads: int) -> Array:
    query, key, value = (
        part.reshape(len(part), heads, -1).transpose(1, 0, 2) for part in (query, key, value)
    )
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    return (shares @ value).transpose(1, 0, 2).reshape(query.shape[1], -1)


def _product(file: E5File, values: Array, name: str, inputs: int) -> Array:
    result: Array = values @ file.weights(f"{name}.w", inputs).T + file.numbers(f"{name}.b")
    return result


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
