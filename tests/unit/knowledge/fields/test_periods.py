"""Periods are read whatever letters a word is written in."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.fields.periods import periods_of


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("six months of 2024", "H1"),
        ("Six Months 2024", "H1"),
        ("sıx months of 2024", ""),
        ("nİne months 2023", ""),
    ],
)
def test_a_number_of_months_in_letters_of_another_alphabet_is_none(text: str, part: str) -> None:
    assert [mention.part for mention in periods_of(text)] == [part][: bool(part)]
