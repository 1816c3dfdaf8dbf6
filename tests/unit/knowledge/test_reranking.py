"""What a model is shown of a search that looked for more."""

from __future__ import annotations

from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.knowledge.search.reranking import best_for_model


def found(*scores: tuple[float | None, float | None], vector_weight: float = 0.55) -> Retrieval:
    evidence = tuple(
        Evidence(
            Passage(number, "d", number, 0, 1, "x", None, (), ""),
            "Title",
            "path",
            StageScores(keyword, vector, 0.5, 1.0 - number / 100),
        )
        for number, (keyword, vector) in enumerate(scores)
    )
    return Retrieval("q", "q", evidence, vector_weight=vector_weight)


def shown(retrieval: Retrieval, limit: int) -> list[int]:
    return [item.passage.id for item in best_for_model(retrieval, limit)]


def test_what_either_list_put_first_comes_along() -> None:
    scores: list[tuple[float | None, float | None]] = [(5.0, 0.5)] * 7
    scores += [(9.0, None), (1.0, 0.9), (None, 0.1)]
    assert shown(found(*scores), 5) == [0, 1, 2, 7, 8]
    assert shown(found(*scores), 3) == [0, 1, 2]
    assert shown(found(*scores, vector_weight=0.0), 5) == [0, 1, 2, 3, 7]


def test_fewer_than_the_limit_are_all_shown() -> None:
    assert shown(found((1.0, None), (None, None)), 5) == [0, 1]
    assert shown(found(), 5) == []
