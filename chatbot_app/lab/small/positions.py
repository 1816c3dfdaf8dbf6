"""Positional encodings: what is added to a token's vector, or how its query and key are turned."""

from __future__ import annotations

from typing import Any

import numpy as np
from autograd.extend import defvjp, primitive

from chatbot_app.lab.small.operations import Array

BASE = 10_000.0  # the longest wavelength, in positions over 2π: Vaswani et al. 2017, Su et al. 2021


def angles(length: int, width: int) -> Array:
    """Return position × frequency, (length, width / 2): frequencies fall from 1 to 1/BASE in equal ratios."""
    frequencies = BASE ** (-np.arange(0, width, 2) / width)
    return np.arange(length)[:, None] * frequencies


def sinusoidal(length: int, width: int) -> Array:
    """Return the vectors that are added to tokens, (length, width): sines in even channels, cosines in odd ones."""
    turned = angles(length, width)
    table = np.empty((length, 2 * turned.shape[1]))
    table[:, 0::2], table[:, 1::2] = np.sin(turned), np.cos(turned)
    return table[:, :width]


@primitive
def rotate(x: Array, turned: Array) -> Array:
    """Turn the pairs (channel i, channel i + d/2) of x (…, T, d) by the angles (T, d/2) of their positions.

    The product of a query and a key that were turned depends on how far apart they stand, not on where
    (Su et al. 2021, "RoFormer").
    """
    half = x.shape[-1] // 2
    cosine, sine = np.cos(turned).astype(x.dtype), np.sin(turned).astype(x.dtype)
    first, second = x[..., :half], x[..., half:]
    return np.concatenate([first * cosine - second * sine, first * sine + second * cosine], axis=-1)


def _rotate_vjp(_: Array, __: Array, turned: Array) -> Any:
    return lambda g: rotate(g, -turned)  # the transpose of a rotation turns back


defvjp(rotate, _rotate_vjp, None)
