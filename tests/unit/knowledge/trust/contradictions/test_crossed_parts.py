"""Parallel parts of a sentence."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.contradictions.crossed_parts import crossed, denied_beside

SCREWS = "Die langen Schrauben gehören in die Seiten und die kurzen in den Boden."
NOTICE = "Le locataire respecte un préavis de trois mois ; le bailleur respecte un préavis de six mois."
TRAY = "Die Schale ist spülmaschinenfest, der Tank nicht."


@pytest.mark.parametrize(
    ("said", "source", "language"),
    [
        ("Die kurzen Schrauben gehören in die Seiten.", SCREWS, "de"),
        (
            "In den Höhen ist der Fluss schiffbar.",
            "In den Tälern ist der Fluss schiffbar, in den Höhen reißend.",
            "de",
        ),
        (
            "В низовьях река порожистая.",
            "В верховьях река порожистая, в низовьях судоходна.",
            "ru",
        ),
    ],
)
def test_one_thing_of_each_part_is_of_neither(said: str, source: str, language: str) -> None:
    assert crossed(said, source, language) is not None


@pytest.mark.parametrize(
    ("said", "source", "language"),
    [
        ("Die langen Schrauben gehören in die Seiten.", SCREWS, "de"),
        ("Die kurzen Schrauben gehören in den Boden.", SCREWS, "de"),
        ("Lange Schrauben gehören in die Seiten, kurze in den Boden.", SCREWS, "de"),
        ("Le bailleur respecte un préavis de six mois.", NOTICE, "fr"),
        ("The short screws go into the sides.", "The long screws go into the sides.", "en"),
    ],
)
def test_what_a_part_says_is_not_crossed(said: str, source: str, language: str) -> None:
    assert crossed(said, source, language) is None


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Der Tank ist spülmaschinenfest.", "Tank"),
        ("Der Tank ist spülmaschinenfest, die Schale nicht.", "Tank"),
        ("Die Schale ist spülmaschinenfest.", None),
        ("Die Schale ist spülmaschinenfest, der Tank nicht.", None),
        ("Der Tank ist nicht spülmaschinenfest.", None),
    ],
)
def test_what_a_short_denial_is_of(said: str, found: str | None) -> None:
    assert denied_beside(said, TRAY, "de") == found
