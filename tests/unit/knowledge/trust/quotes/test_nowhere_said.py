"""What a question names and nothing that was found says."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.quotes.nowhere_said import (
    ODDS,
    Found,
    Unsaid,
    counts_in,
    is_doubted,
    odds_of_unsaid,
    unsaid,
)
from chatbot_app.knowledge.trust.quotes.quote_weights import MEASURED_PASSAGES
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes
from tests.unit.knowledge.trust.quotes.test_quotes import found

FEW, MANY = MEASURED_PASSAGES
PUMP = (
    "Aqualift 9 garden pump\nRated power: 900 W. Delivery rate: 3,600 l/h. The pump is not suitable for salt water.\n"
    "The filter is washed each month. Spare parts: seal set 4417-02."
)
BIRDS = "Bird count at Mere Lake\nMallard: 212. Coot: 88. Mute swan: 14. Counted by J. Finch."
SALON = (
    "Salon Schnittig\nDie Hochsteckfrisur braucht eine Stunde und kostet 65 €. Der Kinderschnitt ist einfach."
)
FILTER = "Luftreiniger Avo 2\nDer Filter wird alle 6 Monate gewechselt. Taste 1 schaltet ein, Taste 2 wählt die Stufe."


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("What is the delivery rate of the Aqualift 7?", PUMP, {Unsaid.NUMBER}),
        ("Wofür ist die Taste 3?", FILTER, {Unsaid.NUMBER}),
        ("How many herons were counted?", BIRDS, {Unsaid.COUNTED}),
        ("Who saw the birds with Miss Reeve?", BIRDS, {Unsaid.NAME}),
        ("How heavy is the pump?", PUMP, {Unsaid.MEASURE}),
        ("What does the pump cost?", PUMP, {Unsaid.PRICE}),
        ("Was kostet der Filter?", FILTER, {Unsaid.PRICE}),
        ("Was kostet eine Dauerwelle?", SALON, {Unsaid.THING}),
        ("Which university owns the pump?", PUMP, set()),  # asked in a form that tells too little
        ("What is the line regulation of the pump?", PUMP, {Unsaid.PROPERTY}),
    ],
)
def test_what_is_asked_for_and_never_named_is_told(question: str, text: str, missing: set[Unsaid]) -> None:
    assert unsaid(question, Found(text, text)) == missing


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the delivery rate of the Aqualift 9?", PUMP),
        ("What is the delivery rate of the Aqualift?", PUMP),
        ("How many mute swans were counted?", BIRDS),
        ("How many birds did Finch count?", BIRDS),
        ("What is washed each month?", PUMP),
        ("Was kostet die Hochsteckfrisur?", SALON),
        ("Was kostet das Hochstecken der Frisur?", SALON),  # parts of a compound
        ("Welche Taste wählt die Stufe?", FILTER),
        ("Wie lange hält der Filter im Jahr 2024?", FILTER),  # no number of a kind
        ("How many people were there on 7 March?", BIRDS),
    ],
)
def test_what_is_named_in_any_form_is_not(question: str, text: str) -> None:
    assert unsaid(question, Found(text, text)) == set()


def test_another_document_that_says_the_number_is_enough() -> None:
    question = "What is the delivery rate of the Aqualift 7?"
    assert unsaid(question, Found(f"{PUMP}\nAqualift 7: see the other manual.", PUMP)) == set()


def test_a_name_that_only_another_document_says_is_told() -> None:
    question = "Which pump does Miss Reeve use?"
    assert unsaid(question, Found(f"{PUMP}\nMiss Reeve counts birds.", PUMP)) == {Unsaid.ELSEWHERE}
    assert unsaid(question, Found(PUMP, PUMP)) == {Unsaid.NAME}
    assert unsaid("Was kostet die Dauerwelle?", Found(f"{SALON}\nDauerwelle", SALON)) == {Unsaid.ELSEWHERE}
    assert odds_of_unsaid({Unsaid.ELSEWHERE}, FEW) == 0
    assert is_doubted({Unsaid.ELSEWHERE}, FEW)


def test_a_price_is_looked_for_in_the_document_that_is_quoted() -> None:
    assert unsaid("What does the pump cost?", Found(f"{PUMP}\nThe bus costs £2.", PUMP)) == {Unsaid.PRICE}
    assert unsaid("What does the pump cost?", Found(PUMP, f"{PUMP} The seal set is free.")) == set()


def test_words_are_compared_in_a_language_of_both_alone() -> None:
    assert unsaid("How many herons were counted?", Found(FILTER, FILTER)) == set()
    assert unsaid("Combien de hérons ont été comptés ?", Found(BIRDS, BIRDS)) == set()


def test_the_larger_a_library_the_less_it_tells() -> None:
    one = {Unsaid.PRICE}
    assert odds_of_unsaid(one, FEW) == ODDS[Unsaid.PRICE]
    assert 0 < odds_of_unsaid(one, 200) < ODDS[Unsaid.PRICE]
    assert odds_of_unsaid(one, MANY) == 0
    assert odds_of_unsaid(set(), FEW) == 0
    assert (is_doubted(one, FEW), is_doubted(one, MANY), is_doubted(set(), FEW)) == (True, False, False)
    assert not is_doubted({Unsaid.PROPERTY}, FEW)


@pytest.mark.parametrize("passages", [1, FEW, 150, 300, 600, 1000, MANY, 10 * MANY])
def test_where_it_counts_not_it_tells_nothing(passages: int) -> None:
    every = set(Unsaid)
    tells = odds_of_unsaid(every, passages) > 0 or is_doubted(every, passages)
    assert counts_in(passages) is tells


def test_another_model_is_refused_and_its_own_is_not() -> None:
    own, other = (find_quotes(found(f"What is the delivery rate of the Aqualift {n}?", PUMP)) for n in (9, 7))
    assert not own.refused
    assert own.certain
    assert other.refused


def test_a_thing_that_is_never_named_is_doubted_at_least() -> None:
    quotes = find_quotes(found("How many herons were counted at Mere Lake by J. Finch?", BIRDS))
    assert quotes.refused or not quotes.certain


def test_a_quote_without_the_type_of_answer_is_shown_with_a_doubt() -> None:
    text = (
        "Programme of the harbour\n15:00 Boat trip, meeting point at the fish market. Register at the desk."
    )
    asked, own = (
        find_quotes(found(question, text))
        for question in ("How long does the boat trip take?", "Where is the meeting point of the boat trip?")
    )
    assert not asked.refused
    assert not asked.certain
    assert own.certain
