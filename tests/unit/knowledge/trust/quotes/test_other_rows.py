"""Rows that are quoted for others."""

from __future__ import annotations

from chatbot_app.knowledge.trust.quotes.other_rows import is_of_another_row

LAKE = "place: Mere Lake; species: Mute swan; count: 14"
POINT = "place: Gull Point; species: Curlew; count: 41"
ROWS = [LAKE, POINT]


def is_other(question: str, row: str = LAKE, above: str = "Bird count 2023") -> bool:
    return is_of_another_row(question, row, ROWS, above)


def test_a_row_of_another_place_is_told() -> None:
    assert is_other("How many mute swans were counted at Gull Point?")
    assert is_other("How many curlews were counted at Mere Lake?", POINT)


def test_the_row_that_is_asked_for_is_not() -> None:
    assert not is_other("How many mute swans were counted at Mere Lake?")
    assert not is_other("How many curlews were counted at Gull Point?", POINT)
    assert not is_other("How many mute swans were counted?")
    assert not is_other("How many more mute swans were at Mere Lake than at Gull Point?")


def test_what_stands_above_the_row_is_no_other_rows() -> None:
    assert not is_other("How many mute swans were counted at Gull Point?", above="Gull Point and lakes")


def test_figures_and_columns_that_only_one_row_has_tell_nothing() -> None:
    assert not is_of_another_row("Which species was seen 41 times?", LAKE, ROWS, "")
    assert not is_of_another_row("Was Gull Point closed?", LAKE, ["note: Gull Point closed; count: 1"], "")
    assert not is_of_another_row("Who saw the curlew?", "Curlew", ["Curlew"], "")
