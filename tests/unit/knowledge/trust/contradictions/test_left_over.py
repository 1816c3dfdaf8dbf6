"""A word in the place of another one."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.contradictions.left_over import left_over, may_say_the_same


@pytest.mark.parametrize(
    ("said", "source", "language", "found"),
    [
        (
            "Der Kessel wird mit heißem Regenwasser gefüllt.",
            "Dann den Kessel mit kaltem Regenwasser füllen.",
            "de",
            ("heißem", "kaltem"),
        ),
        (
            "Das Treffen mit dem Lieferanten aus Linz wurde verschoben.",
            "Die Besprechung mit dem Kunden aus Linz habe ich verschoben.",
            "de",
            ("Lieferanten", "Kunden"),
        ),
        (
            "Das Ergebnis sank vor allem wegen höherer Personalkosten.",
            "Wegen höherer Energiekosten sank vor allem das Ergebnis.",
            "de",
            ("Personalkosten", "Energiekosten"),
        ),
        (
            "Die Rechte gehen mit Vertragsschluss auf den Käufer über.",
            "Die Rechte gehen erst mit vollständiger Bezahlung auf den Käufer über.",
            "de",
            ("Vertragsschluss", "Bezahlung"),
        ),
        (
            "Пожар на заводе начался в сборочном цехе.",
            "Пожар на заводе начался ночью в литейном цехе.",
            "ru",
            ("сборочном", "литейном"),
        ),
    ],
)
def test_a_word_in_the_place_of_another_is_found_in_any_order(
    said: str, source: str, language: str, found: tuple[str, str]
) -> None:
    assert left_over(said, source, language) == found


@pytest.mark.parametrize(
    "said",
    [
        "Die Bildschirme werden am Freitag von der Werkstatt abgeholt.",  # a synonym
        "Am Freitag holt die Werkstatt die Monitore ab.",  # another order and voice
        "Die Geräte werden am Freitag von der Werkstatt abgeholt.",  # what a monitor is one of
    ],
)
def test_what_may_say_the_same_is_not_in_the_place_of_another(said: str) -> None:
    assert left_over(said, "Die Monitore werden am Freitag von der Werkstatt abgeholt.", "de") is None


def test_a_compound_is_no_other_thing_than_what_it_is_one_of() -> None:
    said = "Die Unternehmen in Ulm klagten gestern gegen die Stadt."
    assert left_over(said, "Die Bauunternehmen in Ulm klagten gestern gegen die Stadt.", "de") is None


def test_of_a_statement_of_other_words_nothing_is_said() -> None:
    assert (
        left_over("Der Bürgermeister eröffnete das Fest.", "Die Pumpe fördert kaltes Wasser.", "de") is None
    )


def test_english_is_left_to_others() -> None:
    assert left_over("Fill the tank with warm water.", "Fill the tank with cold water.", "en") is None


def test_two_compounds_of_one_beginning_are_not_one_word() -> None:
    assert not may_say_the_same("auftragnehmer", "auftraggeber", "de")
    assert may_say_the_same("auftrag", "auftrages", "de")
