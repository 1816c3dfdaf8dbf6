"""Halves and quarters in words."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.values.values import values_of


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("half an hour", "30 minutes"),
        ("the first half hour", "30 minutes"),
        ("half a minute", "30 seconds"),
        ("a year and a half", "18 months"),
        ("an hour and a half", "90 minutes"),
        ("two and a half million euros", "€2.5 million"),
        ("half a million dollars", "$500,000"),
        ("eine halbe Stunde", "30 minutes"),
        ("half past seven", "7.30 pm"),
        ("a quarter to eight", "7:45 am"),
        ("halb acht", "7:30 am"),
        ("at noon", "12:00"),
        ("a fortnight", "14 days"),
        ("about a quarter work there", "25 %"),
        ("nearly half were there", "48 %"),
        ("de 9,8 a 10,6 millones de euros", "9,8 millones de euros"),
        ("from 60 to 30 seconds", "one minute, that is 60 seconds"),
    ],
)
def test_an_amount_in_words_is_a_value(written: str, same: str) -> None:
    claimed = values_of(written)
    assert any(value.says(one) or one.says(value) for one in claimed for value in values_of(same))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("half an hour", "50 minutes"),
        ("half past seven", "7:00 am"),
        ("more than half were there", "48 %"),
        ("a third party", "33 %"),
        ("half of the quarter ended", "25 %"),
        ("10-20 people", "10 million people"),
    ],
)
def test_what_is_no_such_amount_is_none(text: str, other: str) -> None:
    [theirs, *_] = values_of(other)
    assert not any(theirs.says(value) for value in values_of(text) if value.dimension == theirs.dimension)
