"""The rewritten graph of the built-in embedding model: made once, pinned, and never taken for another model's."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from chatbot_app.core.checksums import sha256_of
from chatbot_app.knowledge.children import prepared_model as preparing
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder, model_path
from chatbot_app.knowledge.children.prepared_model import (
    BYTES_NAME,
    BYTES_SHA256,
    KEPT_SHA256,
    ORIGINAL_SHA256,
    PREPARED_NAME,
    PREPARED_SHA256,
    WORDS_NAME,
    WORDS_SHA256,
    model_of_bytes,
    origin_of,
    prepared_model,
    rewritten,
)
from chatbot_app.knowledge.children.vectors import VectorsProcess
from chatbot_app.llm.model_files import EMBEDDING_MODEL, is_intact


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of models of this test."""
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path / "models"))
    return tmp_path / "models"


def test_it_is_rewritten_once_and_read_from_then_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = prepared_model(model_path(), sha256_of(model_path()))
    assert place == folder / PREPARED_NAME
    assert (sha256_of(place), sha256_of(folder / WORDS_NAME)) == (KEPT_SHA256, WORDS_SHA256)
    # Nothing half written beside them.
    assert sorted(path.name for path in folder.iterdir()) == [PREPARED_NAME, WORDS_NAME]
    monkeypatch.setattr(preparing, "rewritten", lambda model: pytest.fail("rewritten again"))
    assert prepared_model(model_path(), sha256_of(model_path())) == place


@pytest.mark.parametrize("name", [PREPARED_NAME, WORDS_NAME])
def test_what_lies_there_damaged_is_made_again(folder: Path, name: str) -> None:
    place = prepared_model(model_path(), sha256_of(model_path()))
    (folder / name).write_bytes((folder / name).read_bytes()[:-1])
    assert prepared_model(model_path(), sha256_of(model_path())) == place
    assert isinstance(place, Path)
    assert (sha256_of(place), sha256_of(folder / WORDS_NAME)) == (KEPT_SHA256, WORDS_SHA256)


def test_what_an_earlier_version_kept_is_made_anew(folder: Path) -> None:
    folder.mkdir()
    (folder / PREPARED_NAME).write_bytes(rewritten(model_path().read_bytes()))
    place = prepared_model(model_path(), sha256_of(model_path()))
    assert isinstance(place, Path)
    assert sha256_of(place) == KEPT_SHA256


def test_a_folder_that_takes_nothing_costs_the_time_and_nothing_else(folder: Path) -> None:
    folder.write_bytes(b"a file in its place")
    made = prepared_model(model_path(), sha256_of(model_path()))
    assert isinstance(made, bytes)
    assert hashlib.sha256(made).hexdigest() == PREPARED_SHA256


def test_the_form_of_bytes_is_made_once_and_again_where_it_is_damaged(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = model_of_bytes(model_path(), ORIGINAL_SHA256)
    assert place == folder / BYTES_NAME
    assert isinstance(place, Path)
    carried = tmp_path / "model.onnx"  # as a package has it
    carried.write_bytes(rewritten(model_path().read_bytes()))
    words = folder / WORDS_NAME
    for torn in (place, words):
        torn.write_bytes(b"torn")
        assert model_of_bytes(carried, PREPARED_SHA256) == place
        assert (sha256_of(place), sha256_of(words)) == (BYTES_SHA256, WORDS_SHA256)
    with monkeypatch.context() as patched:
        patched.setattr(preparing, "rewritten", lambda _model: pytest.fail("rewritten again"))
        assert model_of_bytes(model_path(), ORIGINAL_SHA256) == place
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(carried))  # a folder that takes nothing
    made = model_of_bytes(carried, PREPARED_SHA256)
    assert isinstance(made, bytes)
    assert len(made) > place.stat().st_size + words.stat().st_size - 1000  # with all that it needs


def test_another_model_never_gets_this_ones_place(folder: Path, tmp_path: Path) -> None:
    prepared_model(model_path(), sha256_of(model_path()))
    other = tmp_path / "other.onnx"
    # A name more at the end of the message, which protobuf hands on: another file with another hash.
    other.write_bytes(model_path().read_bytes() + b"\x12\x04ours")
    made = prepared_model(other, sha256_of(other))
    assert isinstance(made, bytes)
    assert hashlib.sha256(made).hexdigest() != PREPARED_SHA256
    assert origin_of(sha256_of(other)) == hashlib.sha256(other.read_bytes()).hexdigest()


def test_a_package_that_carries_the_rewritten_form_makes_the_same_vectors_under_the_same_stamp(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = tmp_path / "model.onnx"
    carried.write_bytes(rewritten(model_path().read_bytes()))
    assert prepared_model(carried, sha256_of(carried)) == carried
    ours = BuiltInEmbedder()
    vectors, stamp = ours.embed(["a mill by the river"]), ours.model.stamp
    for user in ("built_in_embedder", "vectors"):
        monkeypatch.setattr(f"chatbot_app.knowledge.children.{user}.model_path", lambda: carried)
    assert VectorsProcess().model.stamp == stamp  # as the window and the command line have it
    packaged = BuiltInEmbedder()
    assert packaged.model.stamp == stamp
    assert (packaged.embed(["a mill by the river"]) == vectors).all()


def test_both_forms_of_the_model_that_ships_are_known_as_whole(tmp_path: Path) -> None:
    assert (EMBEDDING_MODEL.sha256, EMBEDDING_MODEL.prepared_sha256) == (ORIGINAL_SHA256, PREPARED_SHA256)
    carried = tmp_path / "model.onnx"
    carried.write_bytes(rewritten(model_path().read_bytes()))
    assert is_intact(EMBEDDING_MODEL, carried)
    assert is_intact(EMBEDDING_MODEL, model_path())
    with carried.open("r+b") as stream:
        stream.write(b"\0")
    assert not is_intact(EMBEDDING_MODEL, carried)
