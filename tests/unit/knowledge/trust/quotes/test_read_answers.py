"""What reading says of sentences is told of those that were read, and of no others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from chatbot_app.core.documents import Evidence, Passage, StageScores
from chatbot_app.knowledge.cross_encoding import CrossEncoding, ReadText
from chatbot_app.knowledge.search.reading_order import READ
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes.quote_features import FEATURES
from chatbot_app.knowledge.trust.quotes.read_answers import read_passages, with_answers

TEXT = "Ada is a smith in Leeds. It rained all day there"
OF_SENTENCE, OF_PASSAGE = FEATURES.index("read as an answer"), FEATURES.index("passage read as an answer")


class Reader:
    """Gives 8 to tokens of "Ada", -8 to others; a token is a character, and only the first 30 are read."""

    def encode_pairs(self, _question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        spans = tuple((place, place + 1) for place in range(30))
        tokens = np.where(np.arange(30) < 24, 8.0, -8.0).astype(np.float32)
        return [CrossEncoding(4.0, -4.0, tokens, spans) for _ in passages]


def evidence(count: int) -> list[Evidence]:
    return [
        Evidence(
            Passage(n, f"d{n}", 0, 0, len(TEXT), f"{TEXT} on day {n}.", None, (), ""),
            f"title {n}",
            "path",
            StageScores(1.0, 0.5, 0.5, 1.0 - n / 100),
        )
        for n in range(count)
    ]


def test_sentences_have_what_their_tokens_were_given() -> None:
    found = evidence(1)
    sentences = sentences_of([item.passage for item in found])
    table = np.zeros((len(sentences), len(FEATURES)), np.float32)
    read = with_answers(table, sentences, read_passages("Who is Ada?", found, Reader()))
    assert read[:, OF_SENTENCE] == pytest.approx([1.0, -1.0])  # log odds by four, within four
    assert read[:, OF_PASSAGE] == pytest.approx([1.0, 1.0])
    read[:, [OF_SENTENCE, OF_PASSAGE]] = 0
    assert not read.any()
    assert not table.any()


def test_what_was_not_read_promises_less_than_what_was() -> None:
    found = evidence(READ + 1)
    sentences = sentences_of([item.passage for item in found])
    table = np.zeros((len(sentences), len(FEATURES)), np.float32)
    readings = read_passages("Who is Ada?", found, Reader())
    assert sorted(readings) == list(range(READ))
    read = with_answers(table, sentences, readings)
    unread = [row for row, sentence in enumerate(sentences) if sentence.source == READ]
    assert unread
    assert (read[unread, OF_SENTENCE] < 0).all()
    assert len(set(read[unread, OF_PASSAGE].tolist())) == 1
