"""Vectors: the built-in model's, and what is refused."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from chatbot_app.core.errors import AppError
from chatbot_app.knowledge.embedder import (
    BuiltInEmbedder,
    EmbeddingInterrupted,
    EmbeddingModel,
    ServerEmbedder,
    VectorsRefused,
    checked_vectors,
)

MODEL = EmbeddingModel("m", 3)


@pytest.fixture(scope="module")
def built_in() -> BuiltInEmbedder:
    return BuiltInEmbedder()


def test_vectors_are_unit_and_near_where_the_meaning_is(built_in: BuiltInEmbedder) -> None:
    texts = [
        "A cat sits on the mat.",
        "A kitten rests on a rug.",
        "Interest rates rose in March.",
        "x " * 3000,
    ]
    vectors = built_in.embed(texts)
    assert vectors.shape == (4, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_a_vector_does_not_depend_on_its_batch(built_in: BuiltInEmbedder) -> None:
    texts = [f"Sentence {n} " + "about the sea " * n for n in range(1, 40)]
    together = built_in.embed(texts)
    alone = np.concatenate([built_in.embed([text]) for text in texts[::7]])
    # int8 scales are taken over a batch: close, not equal.
    assert (together[::7] * alone).sum(axis=1).min() > 0.97


def test_familiarity_falls_with_the_language(built_in: BuiltInEmbedder) -> None:
    english, german, chinese, nothing = built_in.familiarity(
        [
            "The defense of the Panthers gave up just 308 points during the whole season.",
            "Die Verteidigung der Panthers gab in der gesamten Spielzeit nur 308 Punkte ab.",
            "黑豹队的防守只丢了308分，在联赛中排名第六。",
            "",
        ]
    )
    assert english > 0.9
    assert 0.2 < german < 0.8
    assert chinese < 0.1
    assert nothing == 0


def test_token_starts_are_places_in_the_text(built_in: BuiltInEmbedder) -> None:
    assert built_in.token_starts("Hello brave world").tolist() == [0, 6, 12]
    assert len(built_in.token_starts("")) == 0


@pytest.mark.parametrize(
    "vectors",
    [[[1, 2]], [[np.nan, 0, 1]], [[np.inf, 0, 1]], [[0, 0, 0]], [[1, 0, 0], [1, 0, 0]], []],
)
def test_what_is_no_vector_is_refused(vectors: list[list[float]]) -> None:
    with pytest.raises(VectorsRefused):
        checked_vectors(vectors, 1, MODEL)


def test_a_server_embeds_in_batches() -> None:
    sizes = []

    def request(texts):
        sizes.append(len(texts))
        return [[3.0, 0.0, 4.0]] * len(texts)

    vectors = ServerEmbedder(MODEL, request, batch=4).embed(["t"] * 10)
    assert sizes == [4, 4, 2]
    assert np.allclose(vectors, [0.6, 0, 0.8])


def test_a_computation_under_way_ends_at_once_when_the_program_does() -> None:
    model = BuiltInEmbedder()
    model.embed(["loaded"])
    ended: list[AppError] = []

    def embed() -> None:
        try:
            model.embed(["The turbine was built in 1987 and turns in the wind. " * 12] * 2000)
        except EmbeddingInterrupted as error:
            ended.append(error)

    thread = threading.Thread(target=embed)
    thread.start()
    model.interrupt()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert len(ended) == 1
