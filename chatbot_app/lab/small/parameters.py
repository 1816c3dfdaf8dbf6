"""Weights of a model: arrays in a tree of names, which autograd differentiates as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from chatbot_app.lab.small.operations import Array

Parameters = dict[str, Any]  # name → Array, or → Parameters of a part


def normal(random: np.random.Generator, *size: int) -> Array:
    """Return float32 from a normal distribution with variance 1 / (rows of the matrix)."""
    return (random.standard_normal(size) * size[-2] ** -0.5).astype(np.float32)


def flattened(parameters: Parameters, before: str = "") -> Iterator[tuple[str, Array]]:
    """Yield the arrays with their dotted names ("block0.attention.query"), always in the same order."""
    for name, value in sorted(parameters.items()):
        if isinstance(value, dict):
            yield from flattened(value, f"{before}{name}.")
        else:
            yield before + name, value


def unflattened(arrays: dict[str, Array]) -> Parameters:
    """Return the tree whose `flattened` form is given."""
    tree: Parameters = {}
    for name, array in arrays.items():
        *parts, last = name.split(".")
        branch = tree
        for part in parts:
            branch = branch.setdefault(part, {})
        branch[last] = array
    return tree


def count(parameters: Parameters) -> int:
    """Return how many numbers the model has."""
    return sum(array.size for _, array in flattened(parameters))
