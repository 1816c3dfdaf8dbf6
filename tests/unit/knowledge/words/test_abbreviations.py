"""What a source says for short is said by the words in full, and the other way round."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.words.abbreviations import Abbreviations

SAME = [
    ("The European Union adopted the rule in May 2016.", "The EU adopted the rule in May 2016."),
    ("R&D spending rose to 4 million euros.", "Research and development spending rose to 4 million euros."),
    ("The Chief Financial Officer presented the results in March.", "The CFO presented the results in March."),
    ("The key performance indicators are reviewed by the board.", "The KPIs are reviewed by the board."),
    ("Deutsche Bahn (DB) carried 2 billion people. DB has a staff of 200,000.", "Deutsche Bahn has a staff of 200,000."),
    ("Die Europäische Zentralbank senkte den Zins auf 2 Prozent.", "Die EZB senkte den Zins auf 2 Prozent."),
    ("Die Allgemeinen Geschäftsbedingungen (AGB) gelten ab Mai. Die AGB umfassen 12 Seiten.", "Die Allgemeinen Geschäftsbedingungen umfassen 12 Seiten."),
    ("L'Organisation mondiale de la santé a déclaré l'urgence le 30 janvier.", "L'OMS a déclaré l'urgence le 30 janvier."),
    ("Los Estados Unidos importaron 6 millones de barriles al día.", "EEUU importaron 6 millones de barriles al día."),
    ("ЕС принял регламент в мае 2016 года.", "Европейский союз принял регламент в мае 2016 года."),
]  # fmt: skip


def verdict(source: str, statement: str) -> Verdict:
    [check] = check_statement(statement, [Source(source)])
    return check.verdict


@pytest.mark.parametrize(("source", "statement"), SAME)
def test_a_statement_in_another_notation_is_supported(source: str, statement: str) -> None:
    assert verdict(source, statement) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("The European Union adopted the rule in May 2016.", "The UN adopted the rule in May 2016."),
        ("The EU adopted the rule in May 2016.", "The United Nations adopted the rule in May 2016."),
        ("R&D spending rose to 4 million euros.", "M&A spending rose to 4 million euros."),
        ("The FBI opened the case in 2003.", "The Central Intelligence Agency opened the case in 2003."),
        (
            "Die Europäische Union verabschiedete die Regel im Mai.",
            "Die UNO verabschiedete die Regel im Mai.",
        ),
        ("L'Union européenne a adopté la règle en mai 2016.", "L'ONU a adopté la règle en mai 2016."),
        ("Европейский союз принял регламент в мае 2016 года.", "ООН приняла регламент в мае 2016 года."),
    ],
)
def test_another_abbreviation_is_not_supported(source: str, statement: str) -> None:
    assert verdict(source, statement) in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)


@pytest.mark.parametrize(
    ("source", "statement", "variant"),
    [
        ("The standard operating procedure (SOP) is new.", "The SOP is new.", "The standard operating procedure is new."),
        ("The SOP (standard operating procedure) is new.", "The SOP is new.", "The standard operating procedure is new."),
        ("Acetylsalicylic acid (ASA) thins the blood.", "ASA thins the blood.", "Acetylsalicylic acid thins the blood."),
        ("The U.S. imports oil.", "The United States imports oil.", "The US imports oil."),
        ("Acetylsalicylic acid (ASA) thins.", "Maß für Maß: acetylsalicylic acid thins.", "Maß für Maß: ASA thins."),
    ],
)  # fmt: skip
def test_what_is_introduced_in_brackets_and_what_has_the_initials(
    source: str, statement: str, variant: str
) -> None:
    assert variant in Abbreviations([source], "en").variants(statement, "")


def test_brackets_without_initials_introduce_nothing() -> None:
    assert Abbreviations(["The pump (see FIG 3) is new."], "en").variants("The FIG is new.", "") == []
