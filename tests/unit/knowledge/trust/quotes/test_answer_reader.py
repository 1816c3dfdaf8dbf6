"""Sentences with the question's words that answer another question are told from the one that answers it."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.embedder import TokenVectors
from chatbot_app.knowledge.trust.quotes.answer_reader import log_odds


@pytest.fixture(scope="module")
def embedder() -> BuiltInEmbedder:
    return BuiltInEmbedder()


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        (
            "When was the old bridge opened?",
            (
                "The old bridge was opened to traffic on 4 May 1902 by Queen Louise.",
                "The old bridge is 312 metres long and was built of steel.",
                "Every year some 2,000 people walk across the old bridge.",
            ),
        ),
        (
            "Who invented the safety lamp?",
            (
                "Ada Mills, a glass blower from Leeds, invented the safety lamp.",
                "The safety lamp was invented in a cellar near the river.",
                "The safety lamp made coal mines less dangerous.",
            ),
        ),
        (
            "How many people work at the harbour?",
            (
                "The harbour employs 1,450 men and women.",
                "People who work at the harbour live in the northern part of the town.",
                "The harbour works day and night.",
            ),
        ),
        (
            "Why was the match abandoned?",
            (
                "The match was abandoned because of heavy snow.",
                "The match was to be played on Sunday in Leeds.",
                "The match will be played again in March.",
            ),
        ),
    ],
)
def test_the_sentence_that_answers_comes_first_among_those_with_the_words(
    question: str, sentences: tuple[str, ...], embedder: BuiltInEmbedder
) -> None:
    asked, *said = embedder.embed_tokens([question, *sentences])
    odds = log_odds(asked, said)
    assert int(np.argmax(odds)) == 0, odds


def test_a_sentence_is_read_alike_whatever_stands_beside_it(embedder: BuiltInEmbedder) -> None:
    asked, *said = embedder.embed_tokens(
        ["Who is Ada?", "Ada is a smith.", "It rained all day in the valley."]
    )
    together = log_odds(asked, said)
    assert together.shape == (2,)
    assert together.dtype == np.float32
    assert together[0] > together[1]
    assert log_odds(asked, said[1:]) == pytest.approx(together[1:], abs=1e-4)


def test_texts_without_tokens_say_nothing(embedder: BuiltInEmbedder) -> None:
    (said,) = embedder.embed_tokens(["Ada is a smith."])
    empty = TokenVectors(said.vector, said.tokens[:0], ())
    assert log_odds(empty, [said, empty]) == pytest.approx([0.0, 0.0])
    assert log_odds(said, []).shape == (0,)


def test_texts_of_any_length_are_read(embedder: BuiltInEmbedder) -> None:
    asked, long = embedder.embed_tokens(["why " * 200, "because it is so and so " * 100])
    assert np.isfinite(log_odds(asked, [long])).all()
