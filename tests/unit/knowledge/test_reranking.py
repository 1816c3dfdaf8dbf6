"""In which order passages come, and what a model is shown of a search that looked for more."""

from __future__ import annotations

from chatbot_app.core.documents import Evidence, Passage, Retrieval, StageScores
from chatbot_app.knowledge.search.reranking import PassageReader, best_for_model, rerank
from chatbot_app.knowledge.words.neighbouring_words import share_held
from chatbot_app.knowledge.words.word_forms import WordForms
from chatbot_app.storage.passages import PlacedPassage


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


WEIGHTS = {"steam": 1.0, "engine": 1.0}


def placed(number: int, document: str, text: str) -> PlacedPassage:
    return PlacedPassage(
        Passage(number, document, number, 0, len(text), text, None, (), ""), document, "path"
    )


def ranked(
    *passages: PlacedPassage, question: str = "Who made the steam engine?", words_alone: float = 1.0
) -> list[int]:
    fused = {place.passage.id: 0.5 for place in passages}
    reader = PassageReader(WordForms(WEIGHTS), None, question)
    found = rerank(passages, reader, fused, {}, {}, words_alone=words_alone)
    return [item.placed.passage.id for item in found]


def test_neighbouring_words_of_the_question_count_where_they_are_neighbours() -> None:
    apart = placed(1, "a", "The engine was made by Watt, who knew much of steam.")
    together = placed(2, "b", "The steam engine was made by Watt, who knew much.")
    assert ranked(apart, together) == [2, 1]
    assert ranked(apart, together, question="steam") == [1, 2]
    assert ranked(apart, together, words_alone=0.0) == [1, 2]


def test_a_document_of_which_more_was_found_comes_before_another() -> None:
    alone = placed(1, "a", "Watt made the steam engine.")
    first = placed(2, "b", "Watt made his steam engine.")
    other = placed(3, "b", "No word of it.")
    assert ranked(alone, first, other) == [2, 1, 3]
    assert ranked(alone, first, other, words_alone=0.0) == [1, 2, 3]


def test_a_score_is_the_same_in_whatever_order_words_are_looked_at() -> None:
    """Sets of words have another order in each process, and sums of fractions another last digit for it."""

    class Ordered(WordForms):
        order: tuple[str, ...] = ()

        def inside(self, _text: str) -> set[str]:
            return dict.fromkeys(self.order).keys()  # type: ignore[return-value]

    weights = {"tin": 0.1, "lead": 0.2, "zinc": 0.3}  # whose sum is another one from behind
    coverages, shares = set(), set()
    for order in (tuple(weights), tuple(weights)[::-1]):
        words = Ordered(weights)
        words.order = order
        coverages.add(PassageReader(words).read(placed(1, "d", "Nothing.")).coverage)
        asked = dict.fromkeys([(word, "ore") for word in order]).keys()
        shares.add(share_held(asked, {("tin", "ore")}, {**weights, "ore": 0.0}))
    assert len(coverages) == len(shares) == 1
