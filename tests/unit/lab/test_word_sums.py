"""Sums of words: read, computed, and compared with words."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot_app.core.lab_errors import SumUnreadable
from chatbot_app.lab.word_sums import Term, nearest_words, read_sum, sum_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("king - man + woman", (("king", 1), ("man", -1), ("woman", 1))),
        ("king−man+woman", (("king", 1), ("man", -1), ("woman", 1))),
        ("well-known author – writer", (("well-known author", 1), ("writer", -1))),
        ("  Paris  ", (("Paris", 1),)),
        ("-night + day", (("night", -1), ("day", 1))),
        ("猫 + 犬", (("猫", 1), ("犬", 1))),
        ("🦊 - 🐶", (("🦊", 1), ("🐶", -1))),
    ],
)
def test_sums_are_read(text: str, expected: tuple[tuple[str, int], ...]) -> None:
    assert read_sum(text) == tuple(Term(words, sign) for words, sign in expected)


@pytest.mark.parametrize("text", ["", "   ", "+", "king -", "a + + b", "+ ".join(["x "] * 20)])
def test_what_is_no_sum_is_said(text: str) -> None:
    with pytest.raises(SumUnreadable):
        read_sum(text)


def test_the_words_of_the_sum_are_no_answer() -> None:
    words = ["king", "man", "woman", "queen", "table"]
    vectors = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 1, 1], [-1, -1, -1]], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    terms = read_sum("King - man + woman")
    total = sum_of(vectors[:3], terms)
    assert np.linalg.norm(total) == pytest.approx(1, abs=1e-5)
    found = nearest_words(total, words, vectors, terms, 2)
    assert [word for word, _ in found] == ["queen", "table"]
    with pytest.raises(SumUnreadable, match="Nothing is left"):
        sum_of(vectors[[0, 0]], read_sum("king - king"))
