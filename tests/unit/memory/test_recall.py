"""Exchanges that resemble the question, best first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from chatbot_app.memory.recall import RECALLED_CHARACTERS, exchange_text, rank_exchanges, recalled_text
from tests.unit.memory.histories import exchange


def test_the_most_alike_come_first_and_those_below_the_floor_not_at_all() -> None:
    query = np.array([1, 0], np.float32)
    vectors = np.array([[0.6, 0.8], [1, 0], [0.1, 0.99], [0.6, -0.8]], np.float32)
    assert rank_exchanges(query, ["a", "b", "c", "d"], vectors) == ["b", "d", "a"]
    assert rank_exchanges(query, ["a", "b", "c", "d"], vectors, limit=1) == ["b"]
    assert rank_exchanges(query, [], np.empty((0, 0), np.float32)) == []


def test_an_exchange_is_read_with_its_speakers_and_without_what_was_excluded() -> None:
    question, answer = exchange(1, 1)
    assert exchange_text([question, answer]) == "User: why1\nAssistant: so"
    assert exchange_text([question, replace(answer, excluded=True)]) == "User: why1"
    assert recalled_text([replace(question, excluded=True), replace(answer, excluded=True)]) == ""


def test_a_long_exchange_is_cut_off() -> None:
    text = recalled_text(exchange(1, 1, 5000))
    assert text.endswith("…")
    assert len(text) <= RECALLED_CHARACTERS + 50
