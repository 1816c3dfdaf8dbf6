"""The numbers of the model that reads answers: those of all-MiniLM-L6-v2 trained on, which take their place in its graph.

The graph and the vectors of words are all-MiniLM-L6-v2's own. What ships besides is the rest of the numbers, as bytes with a
scale for each output, by the names that they have in the graph: `resources/embedding/cross-encoder.npz`, made by
`tests/benchmarks/train_cross_encoder.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.core.paths import resources_dir
from chatbot_app.llm.local.onnx_messages import read_model

_HEADS = "heads"  # the name of the weights of what is read off, shape (3, 384)
_SHIFTS = "heads.shifts"  # shape (2,): a token has none


@dataclass(frozen=True, slots=True)
class Heads:
    """What is read off of the last layer: `passage` and `whole` of its first row, `token` of each; shape (384,)."""

    passage: npt.NDArray[np.float32]
    whole: npt.NDArray[np.float32]
    token: npt.NDArray[np.float32]
    passage_shift: float
    whole_shift: float


def heads_of_cross_encoder() -> Heads:
    """Return what is read off of the last layer. Raises OSError."""
    numbers = _numbers()
    passage, whole, token = numbers[_HEADS].astype(np.float32)
    of_passage, of_whole = numbers[_SHIFTS].tolist()
    return Heads(passage, whole, token, of_passage, of_whole)


def with_numbers_of_cross_encoder(model: bytes) -> bytes:
    """Return all-MiniLM-L6-v2, as it was published or rewritten, as the model that reads answers.

    Raises OSError, or ValueError where `model` is another one.
    """
    read = read_model(model)
    missing = {name: numbers for name, numbers in _numbers().items() if name not in (_HEADS, _SHIFTS)}
    for tensor in read.graph.initializer:
        numbers = missing.pop(tensor.name, None)
        if numbers is None:
            continue
        if list(tensor.dims) != list(numbers.shape):
            raise ValueError(f"{tensor.name} is of another shape")
        tensor.raw_data = numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()
    if missing:
        raise ValueError(f"it has no {min(missing)}")
    written: bytes = read.SerializeToString()
    return written


@cache
def _numbers() -> dict[str, npt.NDArray[Any]]:
    with np.load(resources_dir() / "embedding" / "cross-encoder.npz") as stored:
        return {name: stored[name] for name in stored.files}
