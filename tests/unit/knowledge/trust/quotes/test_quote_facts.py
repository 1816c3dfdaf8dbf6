"""What a question asks for is told from sentences that hold it and sentences that do not."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.quotes.quote_facts import FACTS, AskedFacts


def held(question: str, sentence: str) -> set[str]:
    values = AskedFacts(question).held_by(sentence, set())
    assert len(values) == len(FACTS)
    return {name for name, value in zip(FACTS, values, strict=True) if value}


@pytest.mark.parametrize(
    ("question", "sentence", "fact"),
    [
        ("What year did Tesla die?", "He died on 7 January 1943.", "unit asked, held"),
        ("What year did Tesla die?", "He lived in hotels.", "unit asked, missing"),
        ("What percentage voted for it?", "It won 51.6 % of the votes.", "unit asked, held"),
        ("What percentage voted for it?", "It won 516 votes.", "unit asked, missing"),
        ("How much did it cost?", "The price was $ 1.2 million.", "unit asked, held"),
        ("Wie alt war er?", "Er war damals 38 Jahre alt.", "unit asked, held"),
        ("How old was Elway?", "Elway led them at age 38.", "unit asked, held"),
        ("How long did the siege last?", "It went on for eleven months.", "unit asked, held"),
        ("How many Grammys has she won?", "She has 6 Grammy awards.", "counted thing beside a number"),
        ("How many tackles did he register?", "He led in tackles (118).", "counted thing beside a number"),
        ("Who designed it?", "It is by Ottmar Ammann of Zurich.", "person asked, whole name held"),
    ],
)
def test_a_sentence_holds_what_is_asked_for(question: str, sentence: str, fact: str) -> None:
    assert fact in held(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How often is the filter emptied?", "Empty it every month."),
        ("How often is the filter emptied?", "This is to be done weekly."),
        ("How frequently does the board meet?", "It meets twice a year."),
        ("How often is the bin collected?", "Paper goes every second Thursday."),
        ("Wie oft wird gereinigt?", "Die Küche wird wöchentlich geputzt."),
        ("Wie oft wird gereinigt?", "Das geschieht jeden zweiten Monat."),
        ("Combien de fois faut-il arroser ?", "On arrose tous les jours."),
        ("¿Cuántas veces se limpia?", "Se limpia cada semana."),
        ("Сколько раз его чистят?", "Это делают ежемесячно."),
        ("一年清洗几次？", "每月清洗。"),
    ],
)
def test_how_often_is_told_without_a_figure(question: str, sentence: str) -> None:
    found = held(question, sentence)
    assert "number asked, held" in found
    assert "number asked, missing" not in found


def test_a_frequency_is_no_other_number() -> None:
    assert "number asked, missing" in held("How often did he win?", "He won the cup after a year.")
    assert "number asked, missing" in held("How many litres run out?", "Empty it every month.")


def test_what_the_question_says_itself_is_no_answer() -> None:
    assert "date asked, missing" in held(
        "When was the treaty of 1992 signed?", "The treaty of 1992 was signed."
    )
    assert "counted thing beside a number" not in held("How many members are there?", "The club has a house.")
    assert "person asked, whole name held" not in held("Who knew Ottmar Ammann?", "Ottmar Ammann was known.")
