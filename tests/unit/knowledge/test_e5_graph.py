"""The graph of the multilingual model: the same bytes each time, kept once, made again where it is damaged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.core.checksums import sha256_of
from chatbot_app.knowledge.children import e5_graph as making
from chatbot_app.knowledge.children.e5_file import E5File
from chatbot_app.knowledge.children.e5_graph import (
    GRAPH_INPUT,
    GRAPH_OUTPUT,
    SIGNED_NAME,
    SIGNED_SHA256,
    UNSIGNED_NAME,
    UNSIGNED_SHA256,
    prepared_graph,
    smoothing,
)
from chatbot_app.knowledge.children.onnx_session import load_onnxruntime


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of models of this test."""
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path / "models"))
    return tmp_path / "models"


def test_what_values_are_divided_by_ships_and_is_sane() -> None:
    factors = smoothing()
    assert (factors.shape, factors.dtype) == ((12, 2 * 384 + 1536), np.float16)
    assert np.isfinite(factors).all()
    assert factors.min() > 0


def test_it_is_made_once_and_again_where_it_is_damaged(
    folder: Path, e5_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = prepared_graph(e5_model, is_signed=True)
    assert place == folder / SIGNED_NAME
    assert [path.name for path in folder.iterdir()] == [SIGNED_NAME]  # nothing half written beside it
    assert sha256_of(place) == SIGNED_SHA256
    with monkeypatch.context() as patched:
        patched.setattr(making, "e5_graph", lambda *_, **__: pytest.fail("made again"))
        assert prepared_graph(e5_model, is_signed=True) == place
    place.write_bytes(place.read_bytes()[:-1])
    assert prepared_graph(e5_model, is_signed=True) == place
    assert sha256_of(place) == SIGNED_SHA256


def test_a_folder_that_takes_nothing_costs_the_time_and_nothing_else(folder: Path, e5_model: Path) -> None:
    folder.write_bytes(b"a file in its place")
    made = prepared_graph(e5_model, is_signed=True)
    assert isinstance(made, bytes)
    assert hashlib.sha256(made).hexdigest() == SIGNED_SHA256


def test_another_file_is_no_model(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"E5S1 and no more")
    with pytest.raises(ValueError, match="another file"):
        prepared_graph(other)
    assert not folder.exists()


def test_weights_without_a_sign_make_the_same_vectors(folder: Path, e5_model: Path) -> None:
    onnxruntime = load_onnxruntime()
    given = {GRAPH_INPUT: E5File(e5_model).rows([0, 41, 1294, 12, 40469, 54397, 442, 32, 2])[None]}
    signed, unsigned = (
        onnxruntime.InferenceSession(
            prepared_graph(e5_model, is_signed=is_signed), providers=["CPUExecutionProvider"]
        ).run([GRAPH_OUTPUT], given)[0]
        for is_signed in (True, False)
    )
    assert sha256_of(folder / UNSIGNED_NAME) == UNSIGNED_SHA256
    # Sums that run over, without an instruction for them, are the reason for the second kind: 0.02 is rounding alone.
    assert np.abs(signed - unsigned).max() < 0.02 * np.abs(signed).max()
