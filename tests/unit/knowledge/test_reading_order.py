"""Who reads what was found may change its order: of questions in a language that is read, and of nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.cross_encoding import CrossEncoding, ReadText
from chatbot_app.knowledge.search.reading_order import LEAST, READ, WEIGHT, ordered_by_reading, read_and_cut

QUESTION = "Who made the steam engine?"


class Reader:
    """Gives log odds by the text of a passage, and remembers what it was asked."""

    def __init__(self, odds: dict[str, float] | None = None) -> None:
        self._odds = odds or {}
        self.asked: list[ReadText] = []

    def encode_pairs(self, _question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        self.asked += passages
        return [
            CrossEncoding(self._odds.get(one.text, -9.0), 0.0, np.zeros(0, np.float32), ())
            for one in passages
        ]


class Broken(Reader):
    def encode_pairs(self, _question: str, passages: Sequence[ReadText]) -> list[CrossEncoding]:
        raise AppError


def found(*fused: float, below: Sequence[float] = (), **fields: Any) -> Retrieval:
    def evidence(number: int, score: float) -> Evidence:
        text = f"text {number}"
        passage = Passage(number, f"d{number}", 0, 0, len(text), text, None, (), "", familiarity=1.0)
        return Evidence(passage, f"title {number}", "path", StageScores(1.0 - number / 100, 0.5, 0.5, score))

    kept = [evidence(number, score) for number, score in enumerate(fused)]
    rest = [evidence(len(fused) + number, score) for number, score in enumerate(below)]
    told = {"familiarity": 1.0, "vector_weight": 0.5, **fields}
    return Retrieval(QUESTION, QUESTION, tuple(kept), tuple(rest), **told)


def order(retrieval: Retrieval) -> list[int]:
    return [item.passage.id for item in retrieval.evidence]


def test_the_passage_that_answers_comes_first() -> None:
    before = found(0.9, 0.8, 0.7, below=[0.2])
    after = ordered_by_reading(before, Reader({"text 2": 5.0, "text 0": -4.0}))
    assert order(after) == [2, 0, 1]
    # By the logarithm of the probability that it is this one of them.
    assert after.evidence[0].scores.fused == pytest.approx(0.7 - WEIGHT * LEAST, abs=0.001)
    assert after.evidence[2].scores.fused == pytest.approx(0.8)  # so little is told apart no more
    assert after.evidence[1].scores.fused == pytest.approx(0.9)
    assert after.below_floor == before.below_floor


def test_it_reads_the_first_passages_with_their_titles() -> None:
    reader = Reader()
    ordered_by_reading(found(*np.linspace(1, 0.1, READ + 5)), reader)
    assert reader.asked == [ReadText(f"title {number}", f"text {number}") for number in range(READ)]


@pytest.mark.parametrize(
    "changed",
    [
        {"searched": "The steam engine was made by Watt."},
        {"familiarity": 0.4},
        {"is_foreign": True},
        {"come_again": frozenset({"d0", "d1"})},  # the newest is meant
    ],
)
def test_what_it_cannot_tell_keeps_its_order(changed: dict[str, Any]) -> None:
    reader, before = Reader({"text 1": 9.0}), replace(found(0.9, 0.8), **changed)
    assert ordered_by_reading(before, reader) == before
    assert reader.asked == []


@pytest.mark.parametrize("come_again", [frozenset({"d0"}), frozenset({"d1", "d2"})])
def test_reports_that_are_not_first_or_alone_change_nothing(come_again: frozenset[str]) -> None:
    before = found(0.9, 0.8, 0.7, come_again=come_again)
    assert order(ordered_by_reading(before, Reader({"text 1": 9.0}))) == [1, 0, 2]


def test_what_names_its_documents_keeps_its_order() -> None:
    reader, before = Reader({"text 1": 9.0}), found(0.9, 0.8)
    named = replace(before, evidence=(replace(before.evidence[0], match=FieldMatch.FITS), before.evidence[1]))
    assert ordered_by_reading(named, reader) == named
    assert reader.asked == []


def test_as_many_are_returned_as_are_wanted() -> None:
    before = found(0.9, 0.85, 0.8, 0.75, below=[0.5, 0.4])
    assert order(read_and_cut(before, Reader({"text 3": 5.0}), 2)) == [3, 0]
    for cannot in (None, Broken()):
        cut = read_and_cut(before, cannot, 2)
        assert order(cut) == [0, 1]
        assert cut.below_floor == ()
    whole = read_and_cut(before, Reader(), 5)
    assert (len(whole.evidence), len(whole.below_floor)) == (4, 1)
    assert read_and_cut(before, None, 9) == before
    assert read_and_cut(found(), Reader(), 5) == found()
