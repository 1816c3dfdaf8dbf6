"""An embedding model of this computer makes vectors, in a child of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil
import pytest

from chatbot_app.core.errors import AppError
from chatbot_app.core.local_models import LocalModel
from chatbot_app.core.model_errors import ModelForAnotherUse, ModelMakesNoVectors
from chatbot_app.llm.local.embedding import LocalEmbeddingClient
from chatbot_app.llm.local.engines import Engines
from tests.random_gguf import WIDTH, write_embedding, write_random
from tests.unit.llm.local.test_engines import COMMAND, Models, model_of

WINDOW = 64


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LocalModel:
    return model_of(
        write_embedding(tmp_path_factory.mktemp("vectors") / "letters.gguf", context_length=WINDOW)
    )


@pytest.fixture
def engines(model: LocalModel, tmp_path: Path) -> Iterator[Engines]:
    chat = model_of(write_random(tmp_path / "chat.gguf")[0])
    plain = model_of(write_embedding(tmp_path / "plain.gguf", pooling=None))
    engines = Engines(Models(model, chat, plain), command=COMMAND)
    yield engines
    engines.stop()


def vectors(client: LocalEmbeddingClient, *texts: str) -> npt.NDArray[np.float32]:
    return np.asarray(client.request(texts), np.float32)


def test_vectors_are_made_and_long_texts_cut(engines: Engines, model: LocalModel) -> None:
    client = LocalEmbeddingClient(engines, model)
    try:
        found = vectors(client, "abc", "abd", "xyz", "")
        assert found.shape == (4, WIDTH)
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3)
        assert found[0] @ found[1] > found[0] @ found[2]
        # One token a letter, and two around all of them: the end is not read, and what closes a text is kept.
        whole, cut, huge = vectors(
            client, "ab" * 31, "ab" * 31 + "xyz" * 9, "ab" * 31 + "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 90_000
        )
        assert np.allclose(whole, cut, atol=1e-5)
        assert np.allclose(whole, huge, atol=1e-5)
        assert engines.running() == {model.id}
        with pytest.raises(ModelForAnotherUse, match="vectors"):
            engines.load(model.id)  # a chat does not end what makes vectors
        engines.warm(model)
        assert engines.running() == {model.id}
        engines.unload(model.id)
        assert np.allclose(vectors(client, "abc"), found[:1], atol=1e-5)  # it comes back at another address
        client.interrupt()
        assert not engines.running()
        with pytest.raises(AppError):
            client.request(["abc"])
    finally:
        client.close()


def test_a_child_that_dies_amid_a_request_is_replaced(engines: Engines, model: LocalModel) -> None:
    client = LocalEmbeddingClient(engines, model)
    others = set(psutil.Process().children(recursive=True))  # what tests before share
    try:
        vectors(client, "abc")
        (child,) = set(psutil.Process().children(recursive=True)) - others
        child.kill()
        assert vectors(client, "abc").shape == (1, WIDTH)
    finally:
        client.close()


def test_a_person_may_say_how_vectors_of_tokens_are_joined(engines: Engines, model: LocalModel) -> None:
    mean, cls = LocalEmbeddingClient(engines, model), LocalEmbeddingClient(engines, model, "cls")
    try:
        assert np.allclose(*vectors(cls, "abc", "xyz"), atol=1e-5)  # the first token is always the same
        assert not np.allclose(*vectors(mean, "abc", "xyz"), atol=1e-2)
        assert engines.running() == {model.id}
        assert np.allclose(*vectors(cls, "abc", "xyz"), atol=1e-5)  # both stay loaded
        engines.unload(model.id)
        assert not engines.running()
    finally:
        mean.close()
        cls.close()


def test_a_file_that_does_not_say_how_makes_the_mean(engines: Engines, model: LocalModel) -> None:
    plain = engines.models.find("plain")
    assert plain is not None
    assert plain.facts.pooling == ""
    client, other = LocalEmbeddingClient(engines, plain), LocalEmbeddingClient(engines, model)
    try:
        assert np.allclose(vectors(client, "hello"), vectors(other, "hello"), atol=1e-5)
    finally:
        client.close()
        other.close()


def test_what_makes_no_vectors_says_so(engines: Engines) -> None:
    chat = engines.models.find("chat")
    assert chat is not None
    with pytest.raises(ModelMakesNoVectors, match="answers questions"):
        LocalEmbeddingClient(engines, chat).request(["abc"])
