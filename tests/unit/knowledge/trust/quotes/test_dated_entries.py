"""Entries that begin with a day are quoted for a question that names their time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot_app.core.document_fields import DocumentFields, FieldMatch
from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes import quote_confidence
from chatbot_app.knowledge.trust.quotes.dated_entries import AT_THE_DATE, are_of_other_times, at_dates_asked
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes

CARD = "| Day | Weight | Remarks |\n|---|---|---|\n| 04.02.2023 | 7.1 kg | vaccinated |\n| 19.08.2023 | 8.4 kg | ear |\n| 02.01.2024 | 11 kg | well |"
LOG = "2024-07-01 pump started\n2024-07-02 pump stopped, E12\n2024-08-02 pump started"


def evidence(number: int, text: str) -> Evidence:
    passage = Passage(number, f"d{number}", number, 0, len(text), text, None, (), "")
    return Evidence(passage, "card", "/folder/card.txt", StageScores(1.0, 0.5, 0.5, 1.0))


def gained(question: str, *items: Evidence) -> list[str]:
    sentences = sentences_of([item.passage for item in items])
    scores = at_dates_asked(question, sentences, items)
    assert set(scores.tolist()) <= {0.0, AT_THE_DATE}
    return [one.text[:24] for one, score in zip(sentences, scores, strict=True) if score]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What did she weigh in August 2023?", ["Day: 19.08.2023; Weight:"]),
        ("Wie schwer war sie am 2. Januar 2024?", ["Day: 02.01.2024; Weight:"]),
        ("Combien pesait-elle en février 2023 ?", ["Day: 04.02.2023; Weight:"]),
        ("What did she weigh in 2023?", []),
        ("What did she weigh?", []),
    ],
)
def test_the_entries_of_the_time_that_is_asked_for(question: str, meant: list[str]) -> None:
    assert gained(question, evidence(0, CARD)) == meant


@pytest.mark.parametrize(("asked_for", "counts"), [("in August 2023", True), ("in August 2021", False)])
def test_an_entry_of_the_time_that_is_asked_for_is_surer(
    asked_for: str, counts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = f"What did she weigh {asked_for}?"
    terms = tuple((word, 3.0) for word in ("weigh", "august", asked_for[-4:]))
    found = Retrieval(question, question, (evidence(0, CARD),), terms=terms, passages=300)
    with_date = find_quotes(found).confidence
    monkeypatch.setattr(quote_confidence, "DATE_HELD", 0.0)
    assert (with_date > find_quotes(found).confidence) is counts


def test_a_day_without_a_year_and_a_line_that_is_no_row() -> None:
    assert gained("Why did the pump stop on 2 July?", evidence(0, LOG)) == ["2024-07-02 pump stopped,"]


def test_a_time_of_all_entries_chooses_none_and_a_document_of_it_is_meant_alone() -> None:
    july = evidence(0, LOG.rpartition("\n")[0])
    assert not gained("What happened to the pump in July 2024?", july)
    fits = replace(july, match=FieldMatch.FITS)
    other = "| Day | Weight | Remarks |\n|---|---|---|\n| 04.07.2024 | 7.1 kg | ear |\n| 19.08.2024 | 8.4 kg | tail |"
    assert gained("And in July 2024?", evidence(1, other)) == ["Day: 04.07.2024; Weight:"]
    assert not gained("And in July 2024?", fits, evidence(1, other))


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What did she weigh in August?", ["Day: 19.08.2023; Weight:"]),
        ("Was wog sie im Januar?", ["Day: 02.01.2024; Weight:"]),
        ("What has she weighed since August?", []),
        ("What did she weigh before 2 January 2024?", []),
        ("Was wog sie bis zum 2. Januar 2024?", []),
    ],
)
def test_a_month_alone_is_a_time_but_not_where_it_is_an_end(question: str, meant: list[str]) -> None:
    assert gained(question, evidence(0, CARD)) == meant


@pytest.mark.parametrize(
    ("question", "doubted"),
    [
        ("What did she weigh in June?", True),
        ("What did she weigh in August 2024?", True),
        ("What did she weigh on 3 February 2023?", True),
        ("What did she weigh in August?", False),
        ("What did she weigh in 2022?", False),
        ("What did she weigh after June?", False),
        ("What did she weigh?", False),
    ],
)
def test_an_entry_of_another_time_may_not_answer(question: str, doubted: bool) -> None:
    terms = tuple((word, 3.0) for word in ("weigh", "remarks", "kg"))
    found = Retrieval(question, question, (evidence(0, CARD),), terms=terms, passages=300)
    sentences = sentences_of([evidence(0, CARD).passage])
    assert are_of_other_times(question, sentences, evidence(0, CARD)) is doubted
    if doubted:
        assert not find_quotes(found).certain


def test_what_else_says_the_time_answers_it() -> None:
    sentences = sentences_of([evidence(0, CARD).passage])
    own = replace(evidence(0, CARD), fields=DocumentFields(date="2024-06"))
    assert not are_of_other_times("What did she weigh in June?", sentences, own)
    assert not are_of_other_times(
        "What did she weigh in June?", sentences, evidence(0, f"{CARD}\n\nIn June she rests.")
    )
    prose = evidence(1, "She weighs 11 kg. In summer she rests.")
    assert not are_of_other_times("What did she weigh in June?", sentences_of([prose.passage]), prose)
