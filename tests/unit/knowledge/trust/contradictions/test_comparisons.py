"""Two sides that changed places, less for more, and a condition that is turned."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.trust.contradictions.comparisons import (
    compared_otherwise,
    condition_turned,
    sides_exchanged,
)

LOSSES = "Losses were twice as high in the northern valley as in the southern one."
OWNED = "The archive owns 57 of his letters, more than any other archive."
PARSER = "The parser now raises an error instead of returning an empty list."
ALARM = "The alarm is switched on every evening, unless the holiday mode is active."


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("Losses were twice as high in the southern valley as in the northern one.", LOSSES),
        ("The archive owns fewer of his letters than any other archive.", OWNED),
        ("The parser now returns an empty list instead of raising an error.", PARSER),
    ],
)
def test_sides_that_changed_places_are_flagged(said: str, source: str) -> None:
    assert compared_otherwise(said, source)
    [check] = check_statement(said, [Source(source)])
    assert check.verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("In the northern valley, losses were twice as high as in the southern one.", LOSSES),
        ("The archive owns more of his letters than other archives.", OWNED),
        ("The parser raises an error instead of returning a list.", PARSER),
        ("More than 50 of his letters are in the archive.", OWNED),
    ],
)
def test_sides_in_their_places_are_not(said: str, source: str) -> None:
    assert not compared_otherwise(said, source)


RIVER = "The river with more fish is deeper than the lake."


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("The river with more fish is shallower than the lake.", RIVER),
        ("The lake is deeper than the river with more fish.", RIVER),
        ("Paper is more expensive than glass.", "Paper is cheaper than glass."),
        ("More men than women live in the town.", "More women than men live in the town."),
    ],
)
def test_words_that_end_as_comparatives_do_are_none(said: str, source: str) -> None:
    assert compared_otherwise(said, source)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("The lake is shallower than the river with more fish.", RIVER),
        ("Water is heavier than oil.", "Oil is lighter than water."),
        ("More women than men live in the town.", "Fewer men than women live in the town."),
        ("Le train est plus rapide que le bus.", "Le bus est moins rapide que le train."),
        ("Das Rad ist schneller als das Auto.", "Das Auto ist langsamer als das Rad."),
    ],
)
def test_sides_in_the_other_order_with_the_contrary_word_say_the_same(said: str, source: str) -> None:
    assert not compared_otherwise(said, source)
    assert sides_exchanged(said, source)
    [check] = check_statement(said, [Source(source)])
    assert check.verdict is Verdict.SUPPORTED, check.reason


def test_unless_is_no_if() -> None:
    assert condition_turned("The alarm is switched on every evening if the holiday mode is active.", ALARM)
    assert condition_turned("If the holiday mode is active, the alarm is not switched on.", ALARM) is None
    assert condition_turned("The alarm is switched on every evening.", ALARM) is None
