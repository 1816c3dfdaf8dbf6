"""The vectors of the last texts are kept, and no more of them than said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from chatbot_app.knowledge.children.recently_made import RecentlyMade
from chatbot_app.knowledge.embedder import TokenVectors


def made(text: str) -> TokenVectors:
    return TokenVectors(np.full(3, len(text), np.float32), np.zeros((0, 3), np.float32), ())


def test_a_text_is_asked_for_once_until_others_have_taken_its_place() -> None:
    asked: list[list[str]] = []

    def make(texts: Sequence[str]) -> list[TokenVectors]:
        asked.append(list(texts))
        return [made(text) for text in texts]

    recent = RecentlyMade(most=3)
    assert [one.vector[0] for one in recent.of(["a", "bb", "a"], make)] == [1, 2, 1]
    assert [one.vector[0] for one in recent.of(["ccc", "bb", "a"], make)] == [3, 2, 1]
    assert recent.of(["a", "bb"], make)[0].vector[0] == 1
    recent.of(["dddd"], make)  # "ccc" was longest ago
    recent.of(["a", "bb", "dddd"], make)
    recent.of(["ccc"], make)
    assert asked == [["a", "bb"], ["ccc"], ["dddd"], ["ccc"]]
    assert recent.of([], make) == []


def test_more_than_are_kept_are_all_returned_and_a_failure_keeps_nothing() -> None:
    recent = RecentlyMade(most=2)
    texts = ["a", "bb", "ccc", "dddd"]
    assert [one.vector[0] for one in recent.of(texts, lambda t: [made(text) for text in t])] == [1, 2, 3, 4]

    def fail(texts: Sequence[str]) -> list[TokenVectors]:
        raise ValueError(texts)

    with pytest.raises(ValueError, match="a"):
        recent.of(["a"], fail)
    assert recent.of(["a"], lambda t: [made(text) for text in t])[0].vector[0] == 1
