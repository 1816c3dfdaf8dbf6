"""The operations that cost the time, each with its backward pass (a vector-Jacobian product, VJP).

`autograd` differentiates everything else. A VJP gets the gradient of the loss by the operation's output and
returns the one by its input; all of them are held against numerical gradients in `tests/unit/lab/small`.
Shapes: B sequences in a batch, T positions, C channels, V tokens.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from autograd.extend import defvjp, primitive
from numpy.typing import NDArray

from chatbot_app.core.softmax import softmax

Array = NDArray[Any]  # float32 while training, float64 in checks of gradients
Ids = NDArray[np.integer[Any]]

EPSILON = 1e-5  # added to variances, so that constant rows stay finite


@primitive
def linear(x: Array, weight: Array) -> Array:
    """Return x @ weight: (…, C) by (C, D) is (…, D). One product over all rows, whatever their shape."""
    return (_rows(x) @ weight).reshape(*x.shape[:-1], weight.shape[1])


defvjp(
    linear,
    lambda _, x, weight: lambda g: (_rows(g) @ weight.T).reshape(x.shape),
    lambda _, x, __: lambda g: _rows(x).T @ _rows(g),
)


@primitive
def embed(table: Array, ids: Ids) -> Array:
    """Return the rows of `table` (V, C) that `ids` (…) name: (…, C)."""
    return table[ids]


def _embed_vjp(_: Array, table: Array, ids: Ids) -> Any:
    def vjp(g: Array) -> Array:
        # Rows of one token are summed; sorted first, which is twenty times faster than np.add.at.
        flat = ids.ravel()
        order = np.argsort(flat, kind="stable")
        tokens, starts = np.unique(flat[order], return_index=True)
        summed = np.zeros_like(table)
        summed[tokens] = np.add.reduceat(_rows(g)[order], starts, axis=0)
        return summed

    return vjp


defvjp(embed, _embed_vjp, None)


@primitive
def masked_softmax(scores: Array, mask: Array) -> Array:
    """Return softmax(scores + mask) over the last axis; the mask is 0 where one may look, −1e9 where not."""
    return softmax(scores + mask)


def _softmax_vjp(weights: Array, _: Array, __: Array) -> Any:
    def vjp(g: Array) -> Array:
        scaled = g * weights
        scaled -= weights * scaled.sum(axis=-1, keepdims=True)
        return scaled

    return vjp


defvjp(masked_softmax, _softmax_vjp, None)


@primitive
def layer_norm(x: Array, gain: Array, bias: Array) -> Array:
    """Return each row of x (…, C) with mean 0 and variance 1, times gain plus bias (Ba, Kiros & Hinton 2016)."""
    normal, _ = _normalised(x)
    return normal * gain + bias


def _normalised(x: Array) -> tuple[Array, Array]:
    centred = x - x.mean(axis=-1, keepdims=True)
    scale = 1 / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + EPSILON)
    return centred * scale, scale


def _layer_norm_x_vjp(_: Array, x: Array, gain: Array, __: Array) -> Any:
    def vjp(g: Array) -> Array:
        normal, scale = _normalised(x)
        inner = g * gain
        return scale * (
            inner
            - inner.mean(axis=-1, keepdims=True)
            - normal * (inner * normal).mean(axis=-1, keepdims=True)
        )

    return vjp


defvjp(
    layer_norm,
    _layer_norm_x_vjp,
    lambda _, x, __, ___: lambda g: _rows(g * _normalised(x)[0]).sum(axis=0),
    lambda *_: lambda g: _rows(g).sum(axis=0),
)


@primitive
def squared_relu(x: Array) -> Array:
    """Return max(x, 0)²: learns as well as GELU (So et al. 2021, "Primer") and costs a fifth of it here."""
    positive = np.maximum(x, 0)
    return positive * positive


def _squared_relu_vjp(_: Array, x: Array) -> Any:
    return lambda g: 2 * g * np.maximum(x, 0)


defvjp(squared_relu, _squared_relu_vjp)


@primitive
def cross_entropy(logits: Array, targets: Ids, weights: Array) -> Array:
    """Return the mean of −log softmax(logits)[target], in nats a token.

    logits (…, V), targets (…) ids, weights (…): 1 where a token counts, 0 where it does not.
    """
    losses = token_losses(logits, targets)
    return np.asarray((losses * weights).sum() / weights.sum(), logits.dtype)


def token_losses(logits: Array, targets: Ids) -> Array:
    """Return −log softmax(logits)[target] of each token: (…, V) and (…) give (…)."""
    highest = logits.max(axis=-1, keepdims=True)
    log_sum = np.log(np.exp(logits - highest).sum(axis=-1)) + highest[..., 0]
    chosen = np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    losses: Array = log_sum - chosen
    return losses


def _cross_entropy_vjp(_: Array, logits: Array, targets: Ids, weights: Array) -> Any:
    def vjp(g: Array) -> Array:
        probabilities = np.exp(logits - logits.max(axis=-1, keepdims=True))
        probabilities /= probabilities.sum(axis=-1, keepdims=True)
        rows, chosen = _rows(probabilities), targets.ravel()
        rows[np.arange(len(rows)), chosen] -= 1
        probabilities *= (g * weights / weights.sum()).astype(logits.dtype)[..., None]
        return probabilities

    return vjp


defvjp(cross_entropy, _cross_entropy_vjp, None, None)


def _rows(x: Array) -> Array:
    return x.reshape(-1, x.shape[-1])
