"""What a model is shown begins with what is quoted."""

from __future__ import annotations

import pytest

from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.core.trust import Quote, Quotes
from chatbot_app.knowledge.trust.quotes.quoted_passages import passages_for_model


def evidence(number: int) -> Evidence:
    return Evidence(
        Passage(number, "d", number, 100 * number, 100 * number + 90, "x", None, (), ""),
        "Title",
        "path",
        StageScores(10.0 - number, None, 0.5, 1.0 - number / 100),
    )


def quotes_in(*passages: int) -> Quotes:
    quotes = [
        Quote("d", "Title", "path", None, "", 100 * n + 1, 100 * n + 9, 0.9, "x", 100 * n, 100 * n + 90)
        for n in passages
    ]
    return Quotes(tuple(quotes), refused=False, confidence=0.9)


@pytest.mark.parametrize(
    ("quoted", "limit", "shown"),
    [
        ((), 3, [0, 1, 2]),
        ((0,), 3, [0, 1, 2]),
        ((2, 0), 3, [2, 0, 1]),
        ((5, 2, 5), 3, [5, 2, 0]),  # below what was found best, and quoted twice
        ((8, 7, 0), 3, [8, 7, 0]),  # below the floor of the search
        ((8, 7, 0), 2, [8, 7]),
        ((99,), 2, [0, 1]),  # of a passage that is not among these
    ],
)
def test_passages_that_are_quoted_come_first(quoted: tuple[int, ...], limit: int, shown: list[int]) -> None:
    retrieval = Retrieval(
        "q", "q", tuple(map(evidence, range(7))), (evidence(7), evidence(8)), vector_weight=0.0
    )
    found = passages_for_model(retrieval, quotes_in(*quoted), limit)
    assert [item.passage.id for item in found] == shown


def test_where_all_lies_below_the_floor_the_nearest_are_shown() -> None:
    retrieval = Retrieval("q", "q", (), (evidence(0), evidence(1)))
    assert [item.passage.id for item in passages_for_model(retrieval, quotes_in(), 5)] == [0, 1]
    assert passages_for_model(Retrieval("q", "q", ()), quotes_in(), 5) == []
