"""A price, an address, a duration: quoted where it has to do with what is asked about, refused where nothing of it does."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import Retrieval
from chatbot_app.knowledge.trust.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes import find_quotes
from chatbot_app.knowledge.trust.typed_answers import TypedAnswers, typed_answers
from tests.unit.knowledge.trust.test_quotes import found

COURSE = "Gita asked for a first aid course. The subscription stays at £25."
BUS = "The bus takes an hour. It costs 9,900 krónur. The hut is warm."
SIGNED = "Moira Flint wrote the invoice for Kestrel Print Works.\nKestrel Print Works, Unit 6, Canal Yard, Leeds LS11 5QT"


def typed(retrieval: Retrieval) -> TypedAnswers | None:
    sentences = sentences_of([item.passage for item in retrieval.evidence])
    return typed_answers(
        retrieval.question,
        dict(retrieval.terms),
        retrieval.evidence,
        sentences,
        is_foreign=retrieval.is_foreign,
    )


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How much does a first aid course cost?", COURSE),
        ("What does the warm hut cost?", "The hut is warm. The subscription stays at £25."),
        ("What is Moira Flint's phone number?", SIGNED),
    ],
)
def test_the_value_of_something_else_is_no_answer(question: str, text: str) -> None:
    quotes = find_quotes(found(question, text))

    assert quotes.refused
    assert quotes.quotes  # what stands nearest is shown all the same


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("How much is a subscription?", COURSE, "£25"),
        ("What does the bus cost?", BUS, "9,900 krónur"),
        ("What is the address of Kestrel Print Works?", SIGNED, "Canal Yard"),
    ],
)
def test_the_value_of_what_is_asked_about_is_quoted(question: str, text: str, answer: str) -> None:
    quotes = find_quotes(found(question, text))

    assert not quotes.refused
    assert answer in quotes.quotes[0].text


def test_the_sentence_before_counts_whole_where_one_goes_on_with_it() -> None:
    went_on, apart = (
        typed(found("What does the bus cost?", BUS)),
        typed(found("What does the bus cost?", "The bus takes an hour. Huts cost 9,900 krónur.")),
    )

    assert went_on is not None
    assert apart is not None
    assert went_on.shares.max() == 1.0
    assert 0 < apart.shares.max() < 0.5


def test_what_answers_in_other_words_is_not_missing() -> None:
    """Words in common are few where a question is asked in others: then it is enough that the best sentences hold it."""
    answers = typed(
        found("How long can I be away before theft is not insured?", "Cover ends after 45 days in a row.")
    )

    assert answers is not None
    assert answers.shares.max() < 0.5
    assert not answers.are_missing(0)


def test_in_another_language_only_names_connect() -> None:
    text = "Inês Carvalho is an engineer.\n\nThe hourly rate of Northgate is $145."
    german = typed(found("Was kostet Northgate in der Stunde?", text, is_foreign=True))
    silent = typed(found("Was verdient Inês Carvalho?", text, is_foreign=True))

    assert german is not None
    assert silent is not None
    assert german.shares.max() == 1.0
    assert silent.shares.max() < 0.5


def test_a_question_of_another_form_is_left_alone() -> None:
    assert typed(found("Who asked for the course?", COURSE)) is None
