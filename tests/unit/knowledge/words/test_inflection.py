"""Forms of German and French words: endings, participles, prefixes that stand apart, strong verbs, parts of compounds."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.words.inflection import forms_of

LEAFLET = (
    "Nehmen Sie die Tabletten täglich morgens mit einem Glas Wasser ein. Nicht über 25 °C lagern. Der Betrieb wurde 1906 von"
    " 38 Landwirten gegründet. Die Mitglieder lehnten den Antrag der Gemeinde im Mai ab. Selten kommt es zu Ausschlag."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gründeten", "gegründet"),
        ("übernimmt", "übernahme"),
        ("verringert", "verringern"),
        ("mitbringen", "mitgebracht"),
        ("geschlossen", "schließt"),
        ("gestrichen", "streichen"),
        ("tabletten", "tablette"),
    ],
)
def test_forms_of_one_german_word_meet(one: str, other: str) -> None:
    assert forms_of(one, "de").own & forms_of(other, "de").own


@pytest.mark.parametrize(
    ("part", "whole"), [("nehmen", "eingenommen"), ("lehnten", "abgelehnt"), ("fahrt", "klassenfahrt")]
)
def test_a_verb_without_its_prefix_and_a_part_of_a_compound_are_near(part: str, whole: str) -> None:
    assert forms_of(part, "de").own & forms_of(whole, "de").parts


def test_other_words_do_not_meet() -> None:
    one, other = forms_of("einnahme", "de"), forms_of("ausnahme", "de")
    assert not one.own & other.own
    assert not one.own & other.parts


def test_endings_are_read_in_the_language_itself_and_of_no_unknown_one() -> None:
    assert forms_of("détruites", "fr").own == forms_of("détruite", "fr").own
    assert not forms_of("detruites", "xx").own


@pytest.mark.parametrize(
    "statement",
    [
        "Die Tabletten werden jeden Morgen mit Wasser eingenommen.",
        "38 Landwirte gründeten den Betrieb im Jahr 1906.",
        "Der Antrag der Gemeinde wurde im Mai von den Mitgliedern abgelehnt.",
    ],
)
def test_a_german_statement_in_other_forms_is_supported(statement: str) -> None:
    [check] = check_statement(statement, [Source(LEAFLET)])
    assert check.verdict is Verdict.SUPPORTED, check.reason


@pytest.mark.parametrize(
    "statement",
    [
        "Die Tabletten werden täglich abends mit einem Glas Wasser eingenommen.",
        "Die Tabletten müssen über 25 °C gelagert werden.",
        "Häufig kommt es zu Ausschlag.",
    ],
)
def test_a_german_statement_that_says_the_opposite_is_flagged(statement: str) -> None:
    [check] = check_statement(statement, [Source(LEAFLET)])
    assert check.verdict is Verdict.CONTRADICTED


def test_a_word_that_is_none_has_no_forms() -> None:
    assert forms_of("geländefahrt", "de").own
    assert not forms_of("fahrt" * 200, "de").own
