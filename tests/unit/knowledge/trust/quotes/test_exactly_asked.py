"""What is asked for by its number, its time or its version is quoted from there; what stands nowhere is no answer."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import Evidence, Passage, StageScores
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes.exactly_asked import (
    AT_A_PLACE,
    AT_A_TIME,
    NOWHERE,
    OF_ANOTHER_CODE,
    OF_ANOTHER_VERSION,
    ToldExactly,
    told_exactly,
)

LEASE = "## 7. Use\n\n7.1 Dwelling only.\n\n7.2 No deliveries after 20:00.\n\n7.3 The tenant has two bays."
AGENDA = "## 08:30 Noise\n\nNeighbours complained about engines.\n\n## 09:00 Training\n\nAll crews do the fire drill."


def evidence(number: int, text: str, name: str = "notes.txt", headings: tuple[str, ...] = ()) -> Evidence:
    passage = Passage(number, f"d{number}", number, 0, len(text), text, None, headings, "\n".join(headings))
    return Evidence(passage, name, f"/folder/{name}", StageScores(1.0, 0.5, 0.5, 1.0))


def told(question: str, *items: Evidence) -> tuple[ToldExactly, dict[str, float]]:
    sentences = sentences_of([item.passage for item in items])
    found = told_exactly(question, sentences, items)
    return found, {
        one.text: float(score) for one, score in zip(sentences, found.scores, strict=True) if score
    }


def test_the_clause_that_is_named() -> None:
    found, scores = told("What does clause 7.3 say?", evidence(0, LEASE))
    assert scores == {"7.3 The tenant has two bays.": AT_A_PLACE}
    assert found.is_place_held
    assert found.odds == 0


@pytest.mark.parametrize("question", ["What does clause 14.2 say?", "What does error E-4099 mean?"])
def test_what_stands_nowhere_is_not_answered(question: str) -> None:
    found, scores = told(question, evidence(0, LEASE))
    assert not scores
    assert found.odds == -NOWHERE
    assert not found.is_place_held


@pytest.mark.parametrize(
    "question",
    [
        "What is in the 10-K?",
        "What were sales in 4Q23?",
        "What is said in version 3?",
        "Who pays?",
        "显示C5是什么意思？",
    ],
)
def test_kinds_times_and_versions_are_no_codes(question: str) -> None:
    assert told(question, evidence(0, LEASE))[0].odds == 0


@pytest.mark.parametrize("time", ["9 am", "09:00", "9:00"])
def test_what_is_planned_for_a_time_of_day(time: str) -> None:
    _found, scores = told(f"What is planned for {time}?", evidence(0, AGENDA))
    assert scores == {"## 09:00 Training": AT_A_TIME, "All crews do the fire drill.": AT_A_TIME}


def test_a_heading_above_the_passage_says_the_time() -> None:
    _found, scores = told(
        "What is at 9 am?", evidence(0, "All crews do the drill.", headings=("09:00 Training",))
    )
    assert scores == {"All crews do the drill.": AT_A_TIME}


def test_sentences_of_another_version() -> None:
    old, new = (
        evidence(0, "The limit is 95.", "Policy v2.docx"),
        evidence(1, "The limit is 120.", "Policy v3.docx"),
    )
    other = evidence(2, "Limits are set by the board.", "board.txt")
    assert told("What is the limit in version 3?", old, new, other)[1] == {
        "The limit is 95.": -OF_ANOTHER_VERSION
    }
    assert told("What is the limit in version 4?", old, new, other)[1] == {}


OF_710 = evidence(0, "Empty the filter every two months.", "Washer WX710.txt")
OF_720 = evidence(1, "Empty the filter every month.", "Washer WX-720.txt")


@pytest.mark.parametrize("model", ["WX 720", "WX720", "WX-720"])
def test_sentences_about_another_model(model: str) -> None:
    house = evidence(2, "The filter of the pond is cleaned in May.", "house.txt")
    question = f"How often is the filter of the {model} emptied?"
    assert told(question, OF_710, OF_720, house)[1] == {OF_710.passage.text: -OF_ANOTHER_CODE}


def test_another_model_where_none_has_the_code_or_both_are_asked() -> None:
    assert told("How often is the filter of the WX 730 emptied?", OF_710, OF_720)[1] == {}
    assert told("Is the filter of the WX 710 as that of the WX 720?", OF_710, OF_720)[1] == {}


def test_a_document_that_compares_models_is_about_each() -> None:
    table = evidence(2, "The WX 710 holds 7 kg, the WX 720 8 kg.", "models.txt")
    assert told("How much does the WX 720 hold?", OF_710, table)[1] == {OF_710.passage.text: -OF_ANOTHER_CODE}
    assert told("How much does the WX 720 hold?", OF_720, table)[1] == {}


FAULTS = evidence(
    0, "4 Faults\n\nE10  No water enters. Open the tap.\n\nF08  Motor too hot. Let it stand.", "washer.txt"
)


@pytest.mark.parametrize(
    "question",
    [
        "What does F08 mean?",
        "F08",
        "Was bedeutet der Fehlercode F08?",
        "Que veut dire l’erreur F08 ?",
        "¿Qué significa el error F08?",
        "Что означает ошибка F08?",
    ],
)
def test_the_line_that_explains_a_code(question: str) -> None:
    found, scores = told(question, FAULTS)
    assert scores == {"F08  Motor too hot.": AT_A_PLACE}
    assert found.is_place_held


def test_a_row_that_explains_a_code() -> None:
    table = "| Code | Meaning |\n|---|---|\n| E10 | no water |\n| F08 | motor too hot |"
    found, scores = told("What does error F08 mean?", evidence(0, table, "washer.md"))
    assert list(scores) == ["Code: F08; Meaning: motor too hot"]
    assert found.is_place_held


@pytest.mark.parametrize("question", ["What does F08 of the dishwasher mean?", "Who repaired the F08?"])
def test_a_code_is_not_all_that_is_asked_for(question: str) -> None:
    found, scores = told(question, FAULTS)
    assert not scores
    assert not found.is_place_held


def test_what_only_mentions_a_code_does_not_explain_it() -> None:
    found, scores = told("What does F08 mean?", evidence(0, "The mechanic came because of F08 in May."))
    assert not scores
    assert not found.is_place_held
