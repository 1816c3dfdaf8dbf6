"""What a sentence says against a statement of nearly the same words, in an answer as it is checked."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

MAIL = Source(
    "Bitte packt bis Mittwochabend eure Kisten. Bildschirme werden von der Werkstatt abgebaut. Frau Yilmaz verteilt die Schlüssel"
    " am Empfang, Herr Pohl beantwortet Fragen zum Parkplatz. Der Mieter zahlt die Reinigung; der Vermieter zahlt die Heizung."
)


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("Die Kisten müssen bis Dienstagabend gepackt sein.", Verdict.CONTRADICTED),
        ("Die Kisten müssen bis Mittwochabend gepackt sein.", Verdict.SUPPORTED),
        ("Herr Pohl verteilt die Schlüssel am Empfang.", Verdict.CONTRADICTED),
        ("Die Schlüssel werden am Empfang von Frau Yilmaz verteilt.", Verdict.SUPPORTED),
        ("Die Monitore baut die Werkstatt ab.", Verdict.SUPPORTED),
        ("Die Reinigung wird vom Vermieter gezahlt.", Verdict.CONTRADICTED),
        ("Die Reinigung wird vom Mieter gezahlt.", Verdict.SUPPORTED),
    ],
)
def test_german_statements_are_told_apart(statement: str, verdict: Verdict) -> None:
    [check] = check_statement(statement, [MAIL])
    assert check.verdict is verdict, check.reason


def test_a_question_with_its_answer_has_an_order_of_its_own() -> None:
    [check] = check_statement("Wer verteilt neben Herrn Pohl am Empfang die Schlüssel? Frau Yilmaz.", [MAIL])
    assert check.verdict is Verdict.SUPPORTED, check.reason
