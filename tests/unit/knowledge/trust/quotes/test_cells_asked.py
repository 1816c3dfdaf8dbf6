"""Rows of a cell that a question names with the head of its column come first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes import quote_confidence
from chatbot_app.knowledge.trust.quotes.cells_asked import (
    BESIDE_THE_NUMBER,
    BESIDE_THE_WORD,
    at_cells_asked,
)
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes

PLAN = (
    "| Week | Topic | Homework |\n|---|---|---|\n| 1 | Shutter | Shoot one roll |\n| 5 | Dodging | A portrait |\n"
    "| 15 | Toning | None |"
)
FLIGHTS = (
    "| Flight | From | To | Departs |\n|---|---|---|---|\n| TP1327 | Leeds T1 | Lisbon T1 | 06:20 |\n"
    "| TP1326 | Lisbon T1 | Leeds T1 | 19:05 |"
)
METERS = "| Meter | Reading |\n|---|---|\n| Electricity | 38,214 kWh |\n| Water | 1,143 m³ |"
SPESEN = "| Bestellung | Ware | Genehmigt von |\n|---|---|---|\n| 1044 | Torte | K. Voss |\n| 1045 | Brot | H. Lund |"


def evidence(number: int, text: str) -> Evidence:
    passage = Passage(number, f"d{number}", number, 0, len(text), text, None, (), "")
    return Evidence(passage, "plan", "/folder/plan.md", StageScores(1.0, 0.5, 0.5, 1.0))


def told(question: str, *items: Evidence) -> tuple[list[str], float]:
    """Return the first cells of the rows that are told from the others, and what these have less."""
    sentences = sentences_of([item.passage for item in items])
    held = at_cells_asked(question, sentences, items)
    assert (held.scores <= 0).all()
    best = [
        one.text.partition(";")[0]
        for one, score in zip(sentences, held.scores, strict=True)
        if held.is_any and not score
    ]
    return best, -float(held.scores.min())


@pytest.mark.parametrize(
    ("text", "question", "row", "score"),
    [
        (PLAN, "What is the homework of week 5?", "Week: 5", BESIDE_THE_NUMBER),
        (PLAN, "homework week #5", "Week: 5", BESIDE_THE_NUMBER),
        (PLAN, "What is the homework of the fifth week?", "Week: 5", BESIDE_THE_NUMBER),
        (PLAN, "What is due in the 5th week?", "Week: 5", BESIDE_THE_NUMBER),
        (PLAN, "What is due in week fifteen?", "Week: 15", BESIDE_THE_NUMBER),
        (FLIGHTS, "When does my flight to Lisbon leave?", "Flight: TP1327", BESIDE_THE_WORD),
        (FLIGHTS, "And the way back from Lisbon?", "Flight: TP1326", BESIDE_THE_WORD),
        (FLIGHTS, "When does flight TP1326 leave?", "Flight: TP1326", BESIDE_THE_NUMBER),
        (METERS, "And the water meter?", "Meter: Water", BESIDE_THE_WORD),
        (SPESEN, "Was wurde mit Bestellung Nr. 1045 gekauft?", "Bestellung: 1045", BESIDE_THE_NUMBER),
        (SPESEN, "Was wurde von Voss genehmigt?", "Bestellung: 1044", BESIDE_THE_WORD),
    ],
)
def test_the_row_of_the_cell_that_is_asked_for(text: str, question: str, row: str, score: float) -> None:
    assert told(question, evidence(0, text)) == ([row], score)


@pytest.mark.parametrize(
    "question",
    [
        "What is the homework of week 6?",
        "How many weeks does it take?",
        "What is the homework of the course?",
        "",
        "week",
        "5",
    ],
)
def test_other_questions_name_no_row(question: str) -> None:
    assert told(question, evidence(0, PLAN)) == ([], 0)


def test_a_cell_of_all_rows_chooses_none_of_them() -> None:
    rows = "| Year | Place |\n|---|---|\n| 2021 | Rome |\n| 2021 | Bonn |"
    assert told("Where was it in the year 2021?", evidence(0, rows)) == ([], 0)


def test_rows_of_the_same_table_in_another_passage_have_less_and_other_tables_nothing() -> None:
    first, second = evidence(0, PLAN), evidence(0, "| Week | Topic |\n|---|---|\n| 16 | Frames |")
    question = "What is due in week 5?"
    assert told(question, first, second) == (["Week: 5"], BESIDE_THE_NUMBER)
    sentences = sentences_of([first.passage, second.passage, evidence(0, METERS).passage])
    held = at_cells_asked(question, sentences, [first, second, evidence(0, METERS)])
    assert held.scores.tolist() == [-6, 0, -6, -6, 0, 0]
    assert held.is_numbered.tolist() == [False, True, False, False, False, False]


def test_two_cells_are_asked_for() -> None:
    assert told("What is due in week 5 and in week 15?", evidence(0, PLAN))[0] == ["Week: 5", "Week: 15"]


def test_a_document_that_another_one_is_asked_for_has_none() -> None:
    other = replace(evidence(0, PLAN), match=FieldMatch.DIFFERS)
    assert told("What is the homework of week 5?", other) == ([], 0)


def test_a_follow_up_names_its_own_row_and_is_sure_of_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = "And the water meter? electricity reading"
    terms = (("water", 3.0), ("meter", 2.0), ("electricity", 3.0), ("reading", 2.0))
    found = Retrieval("And the water meter?", searched, (evidence(0, METERS),), terms=terms, passages=300)
    assert find_quotes(found).quotes[0].text.startswith("| Water")

    asked = "What is the homework of week 5?"
    found = Retrieval(asked, asked, (evidence(0, PLAN),), terms=(("homework", 3.0),), passages=300)
    with_number = find_quotes(found)
    assert with_number.quotes[0].text.startswith("| 5 |")
    monkeypatch.setattr(quote_confidence, "NUMBER_HELD", 0.0)
    assert with_number.confidence > find_quotes(found).confidence


def test_a_follow_up_that_names_no_row_asks_for_the_one_before() -> None:
    text = "| Week | Leeds | Lisbon |\n|---|---|---|\n| 4 | 11 | 12 |\n| 5 | 13 | 14 |"
    found = Retrieval(
        "And in Lisbon?",
        "And in Lisbon? stays week 5",
        (evidence(0, text),),
        terms=(("lisbon", 3.0), ("stays", 2.0), ("week", 1.0)),
        passages=300,
    )
    assert find_quotes(found).quotes[0].text.startswith("| 5 |")


def test_another_number_than_all_rows_have_is_less_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "What is the homework of week 11?"
    found = Retrieval(asked, asked, (evidence(0, PLAN),), terms=(("homework", 3.0),), passages=300)
    without_number = find_quotes(found).confidence
    monkeypatch.setattr(quote_confidence, "NUMBER_MISSED", 0.0)
    assert without_number < find_quotes(found).confidence

    few = "\n".join(PLAN.split("\n")[:4])  # of two rows nobody knows what the third is
    sentences = sentences_of([evidence(0, few).passage])
    assert not at_cells_asked(asked, sentences, [evidence(0, few)]).is_missed.any()


def test_a_date_that_heads_a_column_is_no_cell_of_it() -> None:
    """Of "July 29, 2023" the 29 is in the head itself, and not the row of a figure 29 is meant."""
    stocks = "|  | July 29, 2023 | July 30, 2022 |\n|---|---:|---:|\n| Inventories | 5,651 | 6,043 |\n| Goodwill | 29 | 31 |\n| Debt | 15 | 15 |"
    assert told("What inventories were there at July 29, 2023?", evidence(1, stocks)) == ([], 0.0)
