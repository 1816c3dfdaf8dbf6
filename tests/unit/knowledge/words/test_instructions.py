"""What only says how a question is to be answered is not searched."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.words.instructions import without_instructions


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("What is the rent? Answer in one sentence.", "What is the rent?"),
        ("Please answer briefly. What is the rent?", "What is the rent?"),
        ("What is the rent? Be brief, please. Who pays it?", "What is the rent? Who pays it?"),
        (
            "What were the sales in 2018? Give a response to the question by relying on the income statement.",
            "What were the sales in 2018?",
        ),
        (
            "What were total assets (in USD millions) at the end of 2017?",
            "What were total assets at the end of 2017?",
        ),
        (
            "How far did it grow (in units of percents and round to one decimal place)?",
            "How far did it grow?",
        ),
        ("Wie hoch ist der Umsatz (in Mio. Euro)?", "Wie hoch ist der Umsatz?"),
        ("Wie hoch ist die Miete? Bitte antworte in einem Satz.", "Wie hoch ist die Miete?"),
        ("Quel est le loyer ? Réponds en une phrase.", "Quel est le loyer ?"),
        ("¿Cuál es el alquiler? Responde en español.", "¿Cuál es el alquiler?"),
    ],
)
def test_sentences_that_say_how_to_answer_are_left_out(message: str, asked: str) -> None:
    assert without_instructions(message) == asked


@pytest.mark.parametrize(
    "message",
    [
        "What is the rent?",
        "What is the rent (in Leeds)?",
        "How many mills stood there (in 1870)?",
        "Answer in one sentence.",  # nothing else is asked
        "Give the address of the landlord.",
        "Where does he live? Give the address.",
        "How do I reply to the tax office? I have to answer in writing.",
        "Can you give a short answer to the question of who pays?",
        "State the rent in one sentence. It is for my mother.",
        "",
    ],
)
def test_all_else_stays_as_it_is(message: str) -> None:
    assert without_instructions(message) == message


def test_a_pasted_page_is_not_looked_through() -> None:
    page = "What is the rent? Answer briefly. " * 2000
    assert without_instructions(page) is page
