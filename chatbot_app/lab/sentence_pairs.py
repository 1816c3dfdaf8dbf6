"""Two texts side by side: which tokens are the same in both, and where attention differs between them.

The idea is Vig's ("A Multiscale Visualization of Attention in the Transformer Model", 2019): “The doctor asked the nurse a
question. She …” and “… He …” differ in one word, and heads that look from it at another token show what the model holds for
usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

from chatbot_app.lab.attention import FloatArray


def matched_tokens(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of places, ascending in both, of tokens that correspond to each other.

    Same tokens correspond, and so do others that stand alone, in equal number, between two same ones: “She” and “He”.
    """
    pairs: list[tuple[int, int]] = []
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    for kind, start, end, other_start, other_end in blocks:
        if kind == "equal" or (kind == "replace" and end - start == other_end - other_start):
            pairs += zip(range(start, end), range(other_start, other_end), strict=True)
    return pairs


def difference(
    first: FloatArray,
    second: FloatArray,
    pairs: Sequence[tuple[int, int]],
    asked_pairs: Sequence[tuple[int, int]] | None = None,
) -> FloatArray:
    """Return how much more the second text attends than the first, (…, p, q) for p pairs of tokens that look, −1 to 1.

    `first` and `second`: (…, n, m) each, weights, or several heads' weights, of the two texts. `asked_pairs` are q pairs of
    the tokens that are looked at, None where they are the same ones.
    """
    left, right = _apart(pairs)
    asked_left, asked_right = _apart(pairs if asked_pairs is None else asked_pairs)
    changed: FloatArray = second[..., right[:, None], asked_right] - first[..., left[:, None], asked_left]
    return changed


def _apart(pairs: Sequence[tuple[int, int]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    return left, right
