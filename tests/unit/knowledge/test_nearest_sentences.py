"""The second look: which passages it is given to, what it asks of the embedding model, and what it may change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot_app.core.documents import Passage, StageScores
from chatbot_app.knowledge.embedder import TokenVectors
from chatbot_app.knowledge.search.nearest_sentences import (
    CHARACTERS,
    CLOSE,
    SENTENCE_WEIGHT,
    SENTENCES,
    nearest_first,
)
from chatbot_app.knowledge.search.reranking import ScoredPassage
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes
from chatbot_app.knowledge.words.word_forms import WordForms
from chatbot_app.storage.passages import PlacedPassage
from tests.unit.knowledge.conftest import HashEmbedder, SentenceEmbedder

QUESTION = "Who made the steam engine?"
WORDS = WordForms({"made": 1.0, "steam": 2.0, "engine": 2.0})
NEAR = "Watt made the first steam engine of iron."
FAR = "The steam engine there was made of iron."
OTHER = "Coal is black."


def scored(*passages: tuple[str, float]) -> list[ScoredPassage]:
    return [
        ScoredPassage(
            PlacedPassage(Passage(n, f"d{n}", 0, 0, len(text), text, None, (), ""), f"d{n}", "path"),
            StageScores(1.0, 0.5, 0.5, fused),
        )
        for n, (text, fused) in enumerate(passages)
    ]


def order(found: Sequence[ScoredPassage]) -> list[int]:
    return [item.placed.passage.id for item in found]


def test_the_passage_with_the_nearest_sentence_comes_first() -> None:
    before = scored((FAR, 0.80), (OTHER, 0.79), (f"{OTHER} {NEAR}", 0.75), (FAR + " It is old.", 0.60))
    found = nearest_first(before, QUESTION, WORDS, SentenceEmbedder({NEAR: QUESTION}))
    assert order(found) == [2, 0, 1, 3]
    assert found[0].scores.sentence == pytest.approx(1.0, abs=1e-3)
    # What is added is what it is nearer than the farthest: nobody loses, the order of the scores is that of the list.
    gain = SENTENCE_WEIGHT * (found[0].scores.sentence - found[2].scores.sentence)
    assert found[0].scores.fused == pytest.approx(0.75 + gain)
    assert found[2].scores.fused == pytest.approx(0.79)
    assert found[3] == before[3]


def test_who_is_clearly_first_is_not_looked_at_again() -> None:
    embedder = SentenceEmbedder({NEAR: QUESTION})
    before = scored((FAR, 0.80), (NEAR, 0.80 - CLOSE - 0.01))
    assert nearest_first(before, QUESTION, WORDS, embedder) == before
    assert nearest_first(before[:1], QUESTION, WORDS, embedder) == before[:1]
    assert nearest_first([], QUESTION, WORDS, embedder) == []
    assert embedder.asked == []


def test_only_the_sentences_with_most_of_the_questions_words_are_asked_for() -> None:
    embedder = SentenceEmbedder({NEAR: QUESTION})
    long = "Coal burns. Steam rises. An engine of steam runs. He made it. The sky is blue."
    nearest_first(scored((long, 0.8), (FAR, 0.8)), QUESTION, WORDS, embedder)
    (asked,) = embedder.asked
    assert asked == [QUESTION, "An engine of steam runs.", "Steam rises.", FAR]
    assert len(asked) == 1 + SENTENCES + 1


def test_sentences_that_would_take_too_long_are_not_looked_at() -> None:
    embedder = SentenceEmbedder({NEAR: QUESTION})
    clause = "steam " * 51
    passages = scored(*((f"{clause}{n}. {clause}{n} again.", 0.8 - n / 100) for n in range(3)))
    assert 6 * len(clause) > CHARACTERS > 4 * len(f"{clause}2 again.")
    assert nearest_first(passages, QUESTION, WORDS, embedder) == passages
    assert embedder.asked == []
    assert nearest_first(passages[:2], QUESTION, WORDS, embedder) != passages[:2]


def test_a_passage_without_a_sentence_stays_where_it_is() -> None:
    found = nearest_first(
        scored(("—", 0.80), (OTHER, 0.79), (FAR, 0.78)), QUESTION, WORDS, SentenceEmbedder({NEAR: QUESTION})
    )
    assert order(found) == [2, 0, 1]
    assert found[1].scores.sentence is None
    assert found[1].scores.fused == pytest.approx(0.80)
    signs = scored(("—", 0.80), ("…", 0.79))
    assert order(nearest_first(signs, QUESTION, WORDS, SentenceEmbedder({NEAR: QUESTION}))) == [0, 1]


@pytest.fixture
def twins(library, tmp_path: Path):
    """Two documents that hold the question's words equally, of which the second says who; and some others."""
    others = {
        "coal.txt": OTHER,
        "mill.txt": "An engine drives the mill.",
        "bath.txt": "Steam fills the bath.",
    }
    for name, text in {"iron.txt": FAR, "watt.txt": NEAR, **others}.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        library.add(path, HashEmbedder())
    return library


def test_a_search_looks_again_and_says_how_near_the_sentence_is(twins) -> None:
    embedder = SentenceEmbedder({NEAR: QUESTION})
    found = Retriever(twins.passages, embedder).search(QUESTION)
    assert len(embedder.asked) == 1
    assert [item.title for item in found.evidence[:2]] == ["watt", "iron"]
    assert [item.scores.sentence is None for item in found.evidence[:3]] == [False, False, True]


def test_a_search_stays_as_it_is_where_the_model_fails_or_tells_no_tokens(twins) -> None:
    plain = Retriever(twins.passages, HashEmbedder()).search(QUESTION)
    failing = Retriever(twins.passages, SentenceEmbedder({NEAR: QUESTION}, fails=True)).search(QUESTION)
    assert [item.scores for item in failing.evidence] == [item.scores for item in plain.evidence]
    assert {item.scores.sentence for item in plain.evidence} == {None}
    assert [item.title for item in plain.evidence[:2]] == ["iron", "watt"]


def test_a_search_in_a_language_that_the_model_half_knows_does_not_look_again(twins, monkeypatch) -> None:
    embedder = SentenceEmbedder({NEAR: QUESTION})
    monkeypatch.setattr("chatbot_app.knowledge.search.vector_share.familiarity_of", lambda _: 0.7)
    assert Retriever(twins.passages, embedder).search(QUESTION).vector_weight > 0
    assert embedder.asked == []


def test_quotes_ask_for_nothing_that_the_search_has_looked_at(twins) -> None:
    from chatbot_app.knowledge.children.recently_made import RecentlyMade

    class Remembering(SentenceEmbedder):
        recent = RecentlyMade()

        def embed_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
            return self.recent.of(texts, super().embed_tokens)

    embedder = Remembering({NEAR: QUESTION})
    found = Retriever(twins.passages, embedder).search(QUESTION)
    assert find_quotes(found, embedder).quotes
    of_search, *of_quotes = embedder.asked
    assert {QUESTION, FAR, NEAR} == set(of_search)
    assert not {QUESTION, FAR, NEAR} & {text for texts in of_quotes for text in texts}
