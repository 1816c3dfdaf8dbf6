"""Chooses the constants of the ranking over kinds of text: for each kind by the others, and by all for what is shipped.

`python -m tests.benchmarks.bench_kinds` prints the table. Chosen are the weight of the vectors and how much the best
sentence counts for a question and for a statement: three numbers, because what was fitted with twenty features (BM25F
of our own, proximity, ranks, neighbours, feedback from the best passages) did no better on what was left out.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.embedder import Embedder, is_multilingual
from chatbot_app.knowledge.search import reranking, vector_share
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.words.questions import is_question
from tests.benchmarks.kinds import Asked, Kind

TRIED_QUESTIONS = 100  # of a kind, evenly spread: enough to choose by
DEPTH = 30  # passages that are asked for, of which ten documents are to come
OF_CUT = 10


@dataclass(frozen=True)
class Constants:
    """The weight of the vectors, and of the best sentence for a question and for a statement."""

    vectors: float
    question: float
    statement: float


VECTORS, MULTILINGUAL_VECTORS = (0.5, 0.55, 0.6), (0.6, 0.7, 0.8)
QUESTION, STATEMENT = (0.5, 1.0, 1.5), (0.0, 0.3, 0.6)


def weights_tried(embedder: Embedder) -> tuple[float, ...]:
    """Return the weights that are tried for the vectors of an embedding model."""
    return MULTILINGUAL_VECTORS if is_multilingual(embedder) else VECTORS


@dataclass(frozen=True)
class Searched:
    """A kind with its library: `numbers` are those of the documents by their ids."""

    kind: Kind
    retriever: Retriever
    numbers: Mapping[str, int]
    embedder: Embedder

    def rankings(self, questions: Sequence[Asked], *, reads: bool = True) -> list[list[str]]:
        """Return what each question finds with the constants that are set, by unit.

        Not `reads`: before what is found is read with the question.
        """
        return [
            units(asked, self.retriever.search(asked.text, DEPTH, reads=reads).best_first(), self.numbers)
            for asked in questions
        ]


def units(asked: Asked, ranked: Sequence[Evidence], numbers: Mapping[str, int]) -> list[str]:
    """Return what passages count as, each once."""
    return list(
        dict.fromkeys(asked.unit_of(numbers[item.passage.document_id], item.passage) for item in ranked)
    )


def ndcg(rankings: Sequence[Sequence[str]], questions: Sequence[Asked]) -> float:
    """Return the mean nDCG@10 with binary relevance."""
    total = 0.0
    for ranking, asked in zip(rankings, questions, strict=True):
        gain = sum(
            1 / math.log2(place + 2) for place, unit in enumerate(ranking[:OF_CUT]) if unit in asked.relevant
        )
        best = min(OF_CUT, len(asked.relevant))
        total += gain / (sum(1 / math.log2(place + 2) for place in range(best)) or 1)
    return total / len(rankings)


def shipped(embedder: Embedder) -> Constants:
    """Return the constants of the program with an embedding model."""
    return Constants(
        vector_share.full_vector_weight(embedder),
        reranking.COVERAGE_OF_A_QUESTION,
        reranking.COVERAGE_OF_A_STATEMENT,
    )


@contextmanager
def constants(chosen: Constants) -> Iterator[None]:
    """Search with other constants, whichever the embedding model."""
    before = vector_share.VECTOR_WEIGHT, vector_share.MULTILINGUAL_VECTOR_WEIGHT
    sentences = reranking.COVERAGE_OF_A_QUESTION, reranking.COVERAGE_OF_A_STATEMENT
    try:
        vector_share.VECTOR_WEIGHT = vector_share.MULTILINGUAL_VECTOR_WEIGHT = chosen.vectors
        reranking.COVERAGE_OF_A_QUESTION = chosen.question
        reranking.COVERAGE_OF_A_STATEMENT = chosen.statement
        yield
    finally:
        vector_share.VECTOR_WEIGHT, vector_share.MULTILINGUAL_VECTOR_WEIGHT = before
        reranking.COVERAGE_OF_A_QUESTION, reranking.COVERAGE_OF_A_STATEMENT = sentences


def tried(searched: Searched) -> dict[Constants, float]:
    """Return the nDCG@10 of a kind with each of the constants that are tried, on a part of its questions."""
    step = -(-len(searched.kind.questions) // TRIED_QUESTIONS)
    questions = searched.kind.questions[::step]
    figures: list[dict[tuple[float, float], float]] = []
    of_vectors = weights_tried(searched.embedder)
    for asked in questions:
        weights = QUESTION if is_question(asked.text) else STATEMENT
        of_question = {}
        for vectors, weight in itertools.product(of_vectors, weights):
            with constants(Constants(vectors, weight, weight)):
                of_question[vectors, weight] = ndcg(searched.rankings([asked], reads=False), [asked])
        figures.append(of_question)
    asks = [is_question(asked.text) for asked in questions]
    return {
        one: statistics.mean(
            found[one.vectors, one.question if is_asked else one.statement]
            for found, is_asked in zip(figures, asks, strict=True)
        )
        for one in itertools.starmap(Constants, itertools.product(of_vectors, QUESTION, STATEMENT))
    }


def chosen_without(kind: str | None, results: Mapping[str, Mapping[Constants, float]]) -> Constants:
    """Return the constants with the best mean over all kinds but one."""
    others = [of_kind for name, of_kind in results.items() if name != kind]
    return max(others[0], key=lambda one: statistics.mean(of_kind[one] for of_kind in others))
