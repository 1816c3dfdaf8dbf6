"""Two sentences side by side: which tokens correspond, and where attention differs."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot_app.lab.sentence_pairs import difference, matched_tokens


@pytest.mark.parametrize(
    ("first", "second", "pairs"),
    [
        ("the nurse . She was", "the nurse . He was", [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)]),
        ("the nurse slept", "the old nurse slept", [(0, 0), (1, 2), (2, 3)]),
        ("a b c d", "a x y c d", [(0, 0), (2, 3), (3, 4)]),
        ("one two", "drei vier fünf", []),
        ("", "a", []),
        ("a a a", "a a", [(0, 0), (1, 1)]),
    ],
)
def test_tokens_correspond(first: str, second: str, pairs: list[tuple[int, int]]) -> None:
    assert matched_tokens(first.split(), second.split()) == pairs


def test_the_difference_is_between_corresponding_tokens() -> None:
    first = np.full((2, 3, 3), 0.25, np.float32)
    second = np.arange(32, dtype=np.float32).reshape(2, 4, 4) / 32
    found = difference(first, second, [(0, 0), (1, 2), (2, 3)])
    assert found.shape == (2, 3, 3)
    assert found[1, 1, 2] == second[1, 2, 3] - 0.25


def test_without_a_common_token_there_is_no_difference() -> None:
    assert difference(np.ones((2, 2), np.float32), np.ones((3, 3), np.float32), []).shape == (0, 0)
