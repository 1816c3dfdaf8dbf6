"""Who does what to whom in German."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.contradictions.german_roles import done_by_another

BOUGHT = "Im Mai übernahm Lorenz den Hersteller Norvik."
RELIEVED = "Finanzchefin Ute Brand löste im Juli Kurt Weil ab."
PAYS = ["Der Auftraggeber zahlt die Vergütung sofort.", "Der Auftragnehmer haftet für Schäden."]


@pytest.mark.parametrize(
    ("said", "source", "found"),
    [
        ("Norvik übernahm im Mai Lorenz.", BOUGHT, ("Norvik", "Lorenz")),
        ("Lorenz wurde im Mai von Norvik übernommen.", BOUGHT, ("Norvik", "Lorenz")),
        ("Kurt Weil löste Ute Brand ab.", RELIEVED, ("Kurt Weil", "Finanzchefin Ute Brand")),
        (
            "Bei der Feier lobte der Architekt Jens Kolb die Rektorin.",
            "Bei der Feier lobte die Rektorin den Architekten Jens Kolb.",
            ("Architekt Jens Kolb", "Rektorin"),
        ),
        (
            "Gemäß Paragraf 5 lobte der Rektor den Architekten.",
            "Gemäß Paragraf 5 lobte der Architekt den Rektor.",
            ("Rektor", "Architekt"),
        ),
    ],
)
def test_who_changed_places_is_found(said: str, source: str, found: tuple[str, str]) -> None:
    assert done_by_another(said, [source], source) == found


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("Norvik wurde im Mai von Lorenz übernommen.", BOUGHT),
        ("Den Hersteller Norvik kaufte Lorenz.", BOUGHT),
        ("Kurt Weil wurde von Ute Brand abgelöst.", RELIEVED),
        ("Den Architekten Jens Kolb lobte die Rektorin.", "Die Rektorin lobte den Architekten Jens Kolb."),
        ("Den Hersteller Norvik übernahm gemäß Vertrag Lorenz.", "Norvik übernahm gemäß Vertrag Lorenz."),
    ],
)
def test_the_passive_and_what_stands_first_change_nothing(said: str, source: str) -> None:
    assert done_by_another(said, [source], source) is None


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("Herr Wolf prüft die Kasse.", "Die Kasse prüft Herr Wolf, das Protokoll führt Frau Stein."),
        ("Zwei Jahre lang gilt die Garantie.", "Die Garantie gilt zwei Jahre."),
        ("Die Garantie gilt zwei Jahre.", "Zwei Jahre gilt die Garantie."),
        ("Die Stadt kaufte das Haus.", "Das Haus kaufte die Stadt."),
        ("Die Firma Brandt liefert Ersatzteile.", "Ersatzteile liefert die Firma Brandt aus Kassel."),
    ],
)
def test_where_nothing_tells_who_does_it_nobody_is_doubted(said: str, source: str) -> None:
    assert done_by_another(said, [source], source) is None


def test_another_one_of_whom_the_source_speaks_did_not_do_it() -> None:
    said = "Die Vergütung ist vom Auftragnehmer zu zahlen."
    assert done_by_another(said, PAYS, PAYS[0]) == ("Auftragnehmer", "Auftraggeber")
    assert done_by_another("Die Vergütung ist vom Auftraggeber zu zahlen.", PAYS, PAYS[0]) is None


def test_one_who_is_named_by_what_he_is_may_be_the_same() -> None:
    sentences = [BOUGHT, "Das Unternehmen wächst."]
    assert done_by_another("Das Unternehmen übernahm den Hersteller Norvik.", sentences, BOUGHT) is None


def test_a_sentence_that_says_it_so_takes_it_back() -> None:
    sentences = [BOUGHT, "Im Juni übernahm Weiss den Hersteller Norvik."]
    assert done_by_another("Weiss übernahm den Hersteller Norvik.", sentences, sentences[1]) is None
