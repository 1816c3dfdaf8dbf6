"""A sentence-embedding model of the person's as ONNX makes vectors, in a child of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from chatbot_app.core.errors import AppError
from chatbot_app.core.model_errors import ModelFileError
from chatbot_app.knowledge.children.sentence_client import SentenceClient
from chatbot_app.knowledge.children.sentence_embedder import SentenceEmbedder
from tests.tiny_onnx import DIMENSION, write_sentence_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sentence_model(tmp_path_factory.mktemp("words"))


@pytest.fixture
def client(model: Path) -> Iterator[SentenceClient]:
    client = SentenceClient(model)
    yield client
    client.close()


def vectors(embedder: SentenceEmbedder, *texts: str) -> npt.NDArray[np.float32]:
    found = np.zeros((len(texts), DIMENSION), np.float32)
    for rows, part in embedder.embed_batches(texts):
        found[rows] = part
    return found


def test_poolings_are_what_they_are_called(model: Path, tmp_path: Path) -> None:
    mean, cls, last = (
        vectors(SentenceEmbedder(model, how), "the cat", "the fox") for how in ("mean", "cls", "last")
    )
    assert np.allclose(np.linalg.norm(mean, axis=1), 1, atol=1e-5)
    assert not np.allclose(mean[0], mean[1])
    assert np.allclose(cls[0], cls[1])  # this model's first token is always the same, and so is its last one
    assert np.allclose(last[0], last[1])
    assert not np.allclose(cls[0], last[0])
    made = write_sentence_model(tmp_path, output="sentence_embedding")
    assert vectors(SentenceEmbedder(made, "cls"), "the cat").shape == (
        1,
        DIMENSION,
    )  # there is nothing to pool


def test_vectors_do_not_depend_on_their_neighbours_and_long_texts_are_cut(model: Path) -> None:
    embedder = SentenceEmbedder(model)
    texts = ["cat", "the cat sleeps on the warm sofa .", "", "fox " * 5000, "fox " * 62, "🦊"]
    together = vectors(embedder, *texts)
    alone = np.concatenate([vectors(embedder, text) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(together[3], together[4], atol=1e-6)
    assert [row.vector.shape for row in embedder.embed_tokens(["cat", "fox"])] == [(DIMENSION,)] * 2


def test_the_child_makes_the_same_and_is_replaced_when_it_dies(client: SentenceClient, model: Path) -> None:
    texts = ["the cat sleeps", "import duties rose"]
    found = np.array(client.request(texts), np.float32)
    assert np.allclose(found, vectors(SentenceEmbedder(model), *texts), atol=1e-5)
    child = client.pid
    assert child is not None
    os.kill(child, signal.SIGKILL)
    assert np.allclose(client.request(texts[:1]), found[:1], atol=1e-6)
    client.interrupt()
    with pytest.raises(AppError):
        client.request(texts)


def test_what_onnxruntime_cannot_load_is_said(tmp_path: Path) -> None:
    path = write_sentence_model(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"Gather", b"Gothar"))
    client = SentenceClient(path)
    try:
        with pytest.raises(ModelFileError, match="onnxruntime cannot load it"):
            client.request(["cat"])
    finally:
        client.close()
