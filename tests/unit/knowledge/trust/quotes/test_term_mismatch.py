"""A word of the question that nothing comes near to is told by the built-in model's tokens, not by a list of what may be asked."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.trust.quotes.quote_weights import MEASURED_PASSAGES
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes
from chatbot_app.knowledge.trust.quotes.term_mismatch import odds_of_mismatch
from tests.unit.knowledge.trust.quotes.test_quotes import found

FEW, MANY = MEASURED_PASSAGES
PRICE_ASKED = "How much does a replacement air filter cost?"
CLEANED = "Wash the air filter in lukewarm water every two weeks and let it dry completely."
PRICED = "A replacement air filter is 14.90 euros, the filter for pollen 19.90."


@pytest.fixture(scope="module")
def embedder() -> BuiltInEmbedder:
    return BuiltInEmbedder()


@pytest.mark.parametrize(
    ("question", "near", "answer"),
    [
        (PRICE_ASKED, CLEANED, PRICED),
        (
            "How old is the terrier Pendulum?",
            "He leaves three children and a one-eyed terrier called Pendulum.",
            "The terrier Pendulum is aged nine.",
        ),
        (
            "What is the serial number of the pH meter?",
            "The pH meter was calibrated with buffers 4.01 and 7.00.",
            "pH meter, serial no. 88-1204.",
        ),
        (
            "Who is cleaning the old office after the move?",
            "We move into the new office on Friday.",
            "After the move Brightways cleans the old office.",
        ),
    ],
)
def test_what_has_the_subject_alone_loses_more_than_what_answers(
    question: str, near: str, answer: str, embedder: BuiltInEmbedder
) -> None:
    of_near, of_answer = (
        odds_of_mismatch(question, [text], embedder, passages=FEW) for text in (near, answer)
    )

    assert of_near < of_answer <= 0


def test_a_word_may_stand_in_the_title_or_the_headings(embedder: BuiltInEmbedder) -> None:
    question, sentence = "How large is the garden of Larkspur Cottage?", "The garden has 400 square metres."

    without = odds_of_mismatch(question, [sentence], embedder, passages=FEW)
    below = odds_of_mismatch(question, [sentence, "Larkspur Cottage", ""], embedder, passages=FEW)

    assert without < below


@pytest.mark.parametrize(
    ("question", "said", "passages"),
    [
        ("Was kostet ein neuer Luftfilter?", CLEANED, FEW),  # its words are pieces to the model
        ("滤网多少钱？", CLEANED, FEW),
        (
            "How much is the property tax?",
            "Taxe foncière : 1 480 euros par an, à la charge du propriétaire.",
            FEW,
        ),
        ("property tax", CLEANED, FEW),  # is searched for, and not asked
        ("How much does an air filter cost?", "", FEW),
        ("", CLEANED, FEW),
        ("How much does an air filter cost?", CLEANED, MANY),  # a large library is asked in other words
        ("How much does an air filter cost?", CLEANED, 10 * MANY),
    ],
)
def test_where_it_tells_nothing_nothing_is_lost(
    question: str, said: str, passages: int, embedder: BuiltInEmbedder
) -> None:
    assert odds_of_mismatch(question, [said], embedder, passages=passages) == 0


def test_the_fewer_passages_the_more_it_tells(embedder: BuiltInEmbedder) -> None:
    lost = [
        odds_of_mismatch(PRICE_ASKED, [CLEANED], embedder, passages=size) for size in (0, FEW, 500, 2_000)
    ]

    assert lost == sorted(lost)
    assert lost[0] == lost[1] < lost[2] < lost[3] < 0


def test_of_documents_that_the_question_names_it_tells_in_any_library(embedder: BuiltInEmbedder) -> None:
    named, not_named = (
        odds_of_mismatch(PRICE_ASKED, [CLEANED], embedder, passages=10 * MANY, names_documents=names)
        for names in (True, False)
    )

    assert named < not_named == 0


def test_few_documents_that_have_the_subject_alone_are_silent(embedder: BuiltInEmbedder) -> None:
    question, keys = (
        "How much is the rent at Saddler's Wharf?",
        "We get the keys for Saddler's Wharf on Friday 24 May.",
    )

    assert find_quotes(found(question, keys), embedder).refused
    assert not find_quotes(
        found(question, keys, "The rent at Saddler's Wharf is 950 pounds."), embedder
    ).refused
