"""What reading a question and a passage together tells: where in the passage the question is answered, and whether at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt


class ReadText(NamedTuple):
    """A passage as it is read: what stands above it (its title), and its text."""

    above: str
    text: str


@dataclass(frozen=True, slots=True)
class CrossEncoding:
    """A passage that was read for a question.

    `passage` are the log odds that it answers. `tokens` has the shape (tokens,): what each token adds to the log odds of a
    sentence it stands in, `spans` the characters that it stands for, ascending. `whole` is what all sentences have in common.
    """

    passage: float
    whole: float
    tokens: npt.NDArray[np.float32]
    spans: tuple[tuple[int, int], ...]

    def log_odds(self, start: int, end: int) -> float | None:
        """Return the log odds that characters `start` to `end` answer, None where nothing of them was read."""
        inside = [
            value
            for value, (begin, _) in zip(self.tokens.tolist(), self.spans, strict=True)
            if start <= begin < end
        ]
        return self.whole + sum(inside) / len(inside) if inside else None


@runtime_checkable
class CrossEncoder(Protocol):
    """A model that reads a question and passages together."""

    def encode_pairs(self, question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        """Return what reading the question with each passage tells. Raises AppError."""
        ...
