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


def test_what_the_question_says_itself_is_no_answer() -> None:
    assert "date asked, missing" in held(
        "When was the treaty of 1992 signed?", "The treaty of 1992 was signed."
    )
    assert "counted thing beside a number" not in held("How many members are there?", "The club has a house.")
    assert "person asked, whole name held" not in held("Who knew Ottmar Ammann?", "Ottmar Ammann was known.")
