"""Words of other languages than English that say the opposite."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.words.inflected_opposites import are_opposite


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("verlust", "überschusses", "de"),
        ("kaltem", "warmen", "de"),
        ("auftragnehmers", "auftraggeber", "de"),
        ("locataires", "bailleur", "fr"),
        ("rechazaron", "aprobaron", "es"),
        ("арендатора", "арендодателя", "ru"),
        ("августе", "июля", "ru"),
    ],
)
def test_opposites_are_known_in_their_forms(one: str, other: str, language: str) -> None:
    assert are_opposite(one, other, language)
    assert are_opposite(other, one, language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("gewinn", "überschuss", "de"),
        ("kalt", "verlust", "de"),
        ("больше", "меньше", "ru"),  # what is smaller when the two are exchanged
        ("warm", "cold", "en"),
    ],
)
def test_the_same_and_comparatives_are_no_opposites(one: str, other: str, language: str) -> None:
    assert not are_opposite(one, other, language)


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("Der Verein schloss das Jahr mit einem Verlust ab.", Verdict.CONTRADICTED),
        ("Der Verein schloss das Jahr mit einem Gewinn ab.", Verdict.SUPPORTED),
    ],
)
def test_an_opposite_contradicts_and_a_synonym_does_not(statement: str, verdict: Verdict) -> None:
    source = Source(
        "Der Verein hat das Jahr mit einem Überschuss abgeschlossen. Die Halle wird im Mai eröffnet."
    )
    [check] = check_statement(statement, [source])
    assert check.verdict is verdict, check.reason
