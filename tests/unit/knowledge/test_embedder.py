"""Vectors: a server's, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot_app.knowledge.embedder import (
    EmbeddingModel,
    ServerEmbedder,
    VectorsRefused,
    checked_vectors,
)

MODEL = EmbeddingModel("m", 3)


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
