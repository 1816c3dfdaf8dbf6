"""Opposites tell against a statement where both texts speak of the same."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.contradictions.opposed import opposed


@pytest.mark.parametrize(
    ("said", "source", "pair"),
    [
        ("Online sales rose last year.", "Online sales declined last year.", ("rose", "declined")),
        ("Shares closed up 5 % in Madrid.", "Shares closed down 5 % in Madrid.", ("up", "down")),
        ("The bins are emptied every week.", "The bins are emptied monthly.", ("week", "monthly")),
        ("海平面上升了。", "海平面下降了。", ("上升", "下降")),
        ("Der größte Saal hat Fenster.", "Der kleinste Saal hat Fenster.", ("größte", "kleinste")),
        ("Die Wand im Flur ist weiß.", "Die Wand im Flur ist rot.", ("weiß", "rot")),
        ("Der grösste Saal hat Fenster.", "Der kleinste Saal hat Fenster.", ("grösste", "kleinste")),
    ],
)
def test_opposites_of_the_same_are_told(said: str, source: str, pair: tuple[str, str]) -> None:
    assert list(opposed(said, source)) == [pair]
    assert list(opposed(source, said)) == [pair[::-1]]
    assert list(opposed(said, said)) == []


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("Online sales rose.", "Rents declined."),  # of other things
        ("The bank bought the tower.", "The fund sold the tower."),  # who buys has a seller
        ("Lunch is before the talk.", "The talk is after lunch."),
        ("The North Carolina team plays.", "The South Carolina team plays."),  # names
        ("The old tower is lower than ours.", "The old tower is higher than ours."),  # `comparisons` tells
    ],
)
def test_what_may_both_be_so_is_not_told(said: str, source: str) -> None:
    assert list(opposed(said, source)) == []


def test_what_one_text_alone_denies_is_no_opposite() -> None:
    said, source = "Online sales did not rise.", "Online sales fell."
    assert list(opposed(said, source)) == [("rise", "fell")]
    assert list(opposed(said, source, [{"rise"}])) == []
