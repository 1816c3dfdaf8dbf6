"""On which side of a value something lies, and what it is counted by."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.values.bounds import Bound, bound_of, rate_of
from chatbot_app.knowledge.values.values import values_of


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("More than 300 people came.", Bound.ABOVE),
        ("No less than 300 people came.", Bound.ABOVE),
        ("No more than 300 people came.", Bound.BELOW),
        ("It was built before 1990.", Bound.BELOW),
        ("It was built after 1990.", Bound.ABOVE),
        ("3 days or more", Bound.ABOVE),
        ("300 employees or more", Bound.ABOVE),
        ("人口超过300", Bound.ABOVE),
        ("There were 300 people.", None),
        # Words that only begin with one that says it.
        ("It was built about 1990.", None),
        ("Overall 300 people came.", None),
        ("It fell in minute 90.", None),
    ],
)
def test_a_bound_is_said_by_a_whole_word(text: str, bound: Bound | None) -> None:
    [value] = values_of(text)
    assert bound_of(text, value) is bound


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("1.5 % per month", "month"),
        ("EUR 40 je Woche", "week"),
        ("$ 12/hour", "hour"),
        ("40 kg daily", "day"),
        ("It has 400 visitors daily.", "day"),
        ("It has a daily average of 400 visitors.", "day"),
        ("She has an annual salary of $40,000.", "year"),
        ("Il a 400 visiteurs chaque jour.", "day"),
        ("400 посетителей в день", "day"),
        ("每天400人", "day"),
        ("3 litres per person", "person"),
        ("5 per cent", ""),
        ("300 people", ""),
    ],
)
def test_a_rate_is_the_english_word_for_its_period(text: str, rate: str) -> None:
    [value] = values_of(text)
    assert rate_of(text, value) == rate


def test_a_date_behind_a_word_for_a_period_is_counted_by_nothing() -> None:
    text = "It stands in the annual report of 2019."
    [value] = values_of(text)
    assert rate_of(text, value) == ""
