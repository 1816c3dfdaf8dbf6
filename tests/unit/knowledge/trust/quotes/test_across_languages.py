"""Questions in another language than the documents: the multilingual model compares their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from chatbot_app.core.document_fields import FieldsAsked
from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.knowledge.embedder import EmbeddingModel, Vectors
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.across_languages import (
    NEAR,
    NEARER_OF_FEW,
    SHARPNESS,
    confidence_across,
    confidence_of_passages,
    scores_across,
)
from chatbot_app.knowledge.trust.quotes.embedded_sentences import EMBEDDED, EMBEDDED_CHARACTERS
from chatbot_app.knowledge.trust.quotes.quote_weights import MEASURED_PASSAGES, PASSAGES_AND_TOKENS
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes

_, MANY = MEASURED_PASSAGES
QUESTION = "Von wem wurde die Hängebrücke entworfen?"
DESIGNED = "The bridge was designed by Ottmar Ammann."
TEXT = f"Work on it began in May 1927 and took four years. It carries 103 million vehicles. {DESIGNED}"


class Bridge:
    """Knows how near each sentence is, 0 where nothing is said; remembers what it was asked."""

    model = EmbeddingModel("bridge", 2)

    def __init__(self, near: dict[str, float]) -> None:
        self._near = near
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.tile(np.array([1, 0], np.float32), (len(texts), 1))

    def cosines_across(self, question: str, texts: Sequence[str]) -> Vectors:
        self.asked.append((question, tuple(texts)))
        return np.array([self._near.get(text, 0.0) for text in texts], np.float32)


def found(
    *texts: str, cosine: float = 0.3, passages: int = MANY, exact: Sequence[float] = (0.0, 0.0)
) -> Retrieval:
    evidence = tuple(
        Evidence(
            Passage(n, f"d{n}", n, 0, len(text), text, None, (), ""),
            f"Document {n}",
            f"/{n}.txt",
            StageScores(None, cosine, 0.0, 1.0 - n / 10, exact=exact[n]),
        )
        for n, text in enumerate(texts)
    )
    return Retrieval(QUESTION, QUESTION, evidence, is_foreign=True, is_multilingual=True, passages=passages)


def test_the_sentence_that_lies_nearest_is_quoted_first() -> None:
    bridge = Bridge({DESIGNED: 0.6})
    quotes = find_quotes(found("The river is tidal up to Troy.", TEXT), bridge)
    assert DESIGNED in quotes.quotes[0].text
    assert quotes.quotes[0].document_id == "d1"
    assert not quotes.refused
    assert quotes.certain
    ((asked, texts),) = bridge.asked
    assert asked == QUESTION
    assert texts[0] == "The river is tidal up to Troy."


@pytest.mark.parametrize(
    ("nearer", "refused", "certain"),
    [(-0.02, True, False), (0.02, False, False), (0.05, False, False), (0.07, False, True)],
)
@pytest.mark.parametrize(("passages", "near"), [(MANY, NEAR), (3, NEAR - NEARER_OF_FEW)])
def test_the_nearest_sentence_decides_whether_it_answers_and_for_certain(
    nearer: float, refused: bool, certain: bool, passages: int, near: float
) -> None:
    quotes = find_quotes(found(TEXT, passages=passages), Bridge({DESIGNED: near + nearer}))
    assert (quotes.refused, quotes.certain) == (refused, certain)


def test_what_holds_an_exact_thing_that_is_asked_for_is_quoted_with_doubt() -> None:
    rent = "The rent is due on the third day."
    asked = found(rent, TEXT, exact=(0.0, 1.0))
    quotes = find_quotes(asked, Bridge({DESIGNED: 0.1, rent: 0.25}))
    assert DESIGNED in quotes.quotes[0].text
    assert not quotes.refused
    assert not quotes.certain


def test_where_no_model_knows_both_languages_the_nearest_passage_decides() -> None:
    assert not find_quotes(found(TEXT, cosine=0.3)).refused
    assert find_quotes(found(TEXT, cosine=0.2)).refused


@pytest.mark.parametrize("length", [10, 200, 4000])
def test_only_the_first_sentences_are_compared_and_the_others_stay_behind(length: int) -> None:
    sentences = [Sentence(0, n * length, (n + 1) * length, f"{n} ".ljust(length)) for n in range(50)]
    bridge = Bridge({})
    scores = scores_across(QUESTION, None, found("x" * 10).evidence, sentences, bridge)
    ((_, texts),) = bridge.asked
    assert len(texts) == max(1, min(EMBEDDED, EMBEDDED_CHARACTERS // length))
    assert scores.tolist() == [0.0] * len(texts) + [-SHARPNESS] * (50 - len(texts))


TABLE = "| Product | Q3 2022 |\n| --- | --- |\n| iPhone | 40,665 |\n| Total net sales | 82,959 |"


def test_of_rows_the_labels_are_compared_and_of_the_question_what_it_asks_of_a_report() -> None:
    asked = "Wie hoch war der Nettoumsatz von Apple im dritten Quartal 2022?"
    bridge = Bridge({"Product: Total net sales": 0.5, "Product: iPhone": 0.2})
    retrieval = replace(found(TABLE), question=asked, searched=asked)
    names = FieldsAsked(companies=("Apple Inc.",), periods=("Q3 2022",), documents=1)
    quotes = find_quotes(replace(retrieval, asked=names), bridge)
    ((compared, texts),) = bridge.asked
    assert compared == "Wie hoch war der Nettoumsatz von im ?"
    assert {"Product: iPhone", "Product: Total net sales"} <= set(texts)
    assert "82,959" in quotes.quotes[0].text
    assert not quotes.refused
    assert not quotes.certain
    find_quotes(
        replace(retrieval, question="Apple, Q3 2022?", searched="Apple, Q3 2022?", asked=names), bridge
    )
    assert bridge.asked[-1][0] == "Apple, Q3 2022?"  # nothing else is asked


@pytest.mark.parametrize(("with_music", "certain"), [("", True), (" mit Musik", False)])
def test_a_row_that_is_named_by_all_that_is_asked_is_no_guess(with_music: str, certain: bool) -> None:
    asked = f"Wie hoch war der Nettoumsatz von Apple{with_music} im dritten Quartal 2022?"
    retrieval = replace(found(TABLE), question=asked, searched=asked)
    names = FieldsAsked(companies=("Apple Inc.",), periods=("Q3 2022",), documents=1)
    terms = tuple(
        (word, 8.2) for word in ("hoch", "nettoumsatz", "musik", "dritten") if word in asked.casefold()
    )
    quotes = find_quotes(
        replace(retrieval, asked=names, terms=terms), Bridge({"Product: Total net sales": 0.5})
    )
    assert "82,959" in quotes.quotes[0].text
    assert quotes.certain is certain


def test_at_the_limits_the_confidence_is_the_threshold() -> None:
    threshold = PASSAGES_AND_TOKENS.threshold
    at_limit = SHARPNESS * NEAR
    assert confidence_across(at_limit, threshold, MANY) == pytest.approx(threshold, abs=1e-5)
    assert confidence_across(at_limit, threshold, 1) > threshold
    assert confidence_of_passages([], threshold) < 0.01
