"""A price, an address, a duration: quoted where it has to do with what is asked about, refused where nothing of it does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from chatbot_app.core.documents import Retrieval
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.embedder import EmbeddingModel, Vectors
from chatbot_app.knowledge.trust.answer_types import answer_type
from chatbot_app.knowledge.trust.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quote_features import Sentence
from chatbot_app.knowledge.trust.quotes import find_quotes
from chatbot_app.knowledge.trust.typed_answers import TypedAnswers, typed_answers
from tests.benchmarks.asked_questions import short_texts
from tests.unit.knowledge.trust.test_quotes import found

COURSE = "Gita asked for a first aid course. The subscription stays at £25."
BUS = "The bus takes an hour. It costs 9,900 krónur. The hut is warm."
SIGNED = "Moira Flint wrote the invoice for Kestrel Print Works.\nKestrel Print Works, Unit 6, Canal Yard, Leeds LS11 5QT"


ANSWERED = [
    (question, text)
    for half, is_answered, question, text in short_texts()
    if is_answered and half == "1A" and answer_type(question) is not None
]


class SubjectNearer:
    """Vectors by which every sentence is nearer to what is asked about than to the question."""

    @property
    def model(self) -> EmbeddingModel:
        return EmbeddingModel("subject nearer", 2)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1.0, 0.0] for _ in texts], np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.array([[float("?" not in text), float("?" in text)] for text in texts], np.float32)


@pytest.fixture(scope="module")
def embedder() -> BuiltInEmbedder:
    return BuiltInEmbedder()


def sentences_in(retrieval: Retrieval) -> Sequence[Sentence]:
    return sentences_of([item.passage for item in retrieval.evidence])


def typed(retrieval: Retrieval) -> TypedAnswers | None:
    return typed_answers(
        retrieval.question,
        dict(retrieval.terms),
        retrieval.evidence,
        sentences_in(retrieval),
        is_foreign=retrieval.is_foreign,
    )


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How much does a first aid course cost?", COURSE),
        ("What does the gardener earn?", "The gardener lives by the lock. Rent is 300 euros."),
        ("What is the address of the tailor?", "The tailor shortens trousers in a day. He is called Joe."),
    ],
)
def test_the_value_of_something_else_is_no_answer(
    question: str, text: str, embedder: BuiltInEmbedder
) -> None:
    quotes = find_quotes(found(question, text), embedder)

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
    asked = found("How long can I be away before theft is not insured?", "Cover ends after 45 days in a row.")
    answers = typed(asked)

    assert answers is not None
    assert answers.shares.max() < 0.5
    assert not answers.are_missing(asked.question, 0, sentences_in(asked), None)


@pytest.mark.parametrize("entry", ANSWERED, ids=lambda entry: entry[0])
def test_an_answer_of_no_known_shape_is_refused_for_nothing_else(entry: tuple[str, str]) -> None:
    """What says the words of the question and no price, address … known here is as sure as without the rule."""
    asked = found(*entry)
    answers = typed(asked)

    assert answers is not None
    best = int(np.argmax(answers.said))
    assert not answers.are_missing(asked.question, best, sentences_in(asked), None)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What does a UPS cost?", "The UPS weighs 410 kg."),  # measures something else
        ("What is Priya Nair's home address?", "Priya Nair"),  # says nothing
        ("How much does a replacement air filter cost?", "Wash the ducts weekly."),  # says little of it
    ],
)
def test_what_cannot_be_an_answer_is_told_by_more_than_a_shape(question: str, text: str) -> None:
    asked = found(question, text)
    answers = typed(asked)

    assert answers is not None
    assert answers.are_missing(question, 0, sentences_in(asked), None)


def test_the_sentence_that_goes_on_may_answer() -> None:
    asked = found(
        "How much does the harbour tour cost?", "The harbour tour leaves from pier two. It is on the captain."
    )
    paid = found(
        "How much does the harbour tour cost?",
        "The harbour tour leaves from pier two. It is paid by the town.",
    )
    silent, answered = typed(asked), typed(paid)

    assert silent is not None
    assert answered is not None
    assert silent.are_missing(asked.question, 0, sentences_in(asked), SubjectNearer())
    assert not answered.are_missing(paid.question, 0, sentences_in(paid), SubjectNearer())


def test_nearness_tells_of_english_questions_alone() -> None:
    asked = found("¿Cuánto cuesta el piano?", "El piano está en la sala.")
    answers = typed(asked)

    assert answers is not None
    assert not answers.are_missing(asked.question, 0, sentences_in(asked), SubjectNearer())


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
