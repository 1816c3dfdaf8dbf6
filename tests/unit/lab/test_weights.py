"""Weights out of GGUF files: what is refused before anything is loaded, and files that are not what they say."""

from __future__ import annotations

import os
from pathlib import Path

import gguf
import numpy as np
import pytest

from chatbot_app.lab.decoder import Decoder
from chatbot_app.lab.weights import Weights, WeightsUnusable
from tests.decoder_files import WIDTH, write_decoder


def write_announced(path: Path, rows: int, columns: int, layers: int) -> Path:
    """Write a file that announces so many weights in Q4_0, and has a hole where they should be."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(layers)
    size = rows * columns // 32 * 18
    for layer in range(layers):
        writer.add_tensor_info(
            f"blk.{layer}.ffn_up.weight",
            (rows, columns),
            np.dtype(np.float16),
            size,
            gguf.GGMLQuantizationType.Q4_0,
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size + size * layers + 4096)
    return path


def test_a_model_of_forty_gigabytes_is_answered_and_not_loaded(tmp_path: Path) -> None:
    path = write_announced(tmp_path / "llama-70b.gguf", 30_000, 30_000, 80)
    assert path.stat().st_size > 40e9
    assert os.stat(path).st_blocks * 512 < 1e6  # noqa: PTH116
    with Weights(path) as weights, pytest.raises(WeightsUnusable) as caught:
        weights.require_room(Decoder.unpacked(weights), 100)
    assert "72.0 billion weights take 288.0 GB" in caught.value.summary
    assert "llama-70b.gguf" in caught.value.summary
    assert caught.value.next_step


def test_a_model_that_would_take_minutes_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_announced(tmp_path / "slow.gguf", 30_000, 30_000, 80)
    monkeypatch.setattr("chatbot_app.lab.weights.available_memory", lambda: None)
    with Weights(path) as weights, pytest.raises(WeightsUnusable, match="minutes"):
        weights.require_room(Decoder.unpacked(weights), 100)


def test_a_small_model_has_room(tmp_path: Path) -> None:
    with Weights(write_decoder(tmp_path / "small.gguf", "llama")) as weights:
        weights.require_room(Decoder.unpacked(weights), 128)


def test_rows_are_those_of_the_whole(tmp_path: Path) -> None:
    with Weights(write_decoder(tmp_path / "small.gguf", "llama", "Q8_0")) as weights:
        whole = weights.array("token_embd.weight")
        np.testing.assert_array_equal(weights.rows("token_embd.weight", [7, 3, 7]), whole[[7, 3, 7]])
        assert whole.shape == weights.shape("token_embd.weight")
        assert whole.shape[1] == WIDTH


def test_arrays_outlive_their_file(tmp_path: Path) -> None:
    with Weights(write_decoder(tmp_path / "small.gguf", "llama")) as weights:
        kept = weights.array("output_norm.weight")
    (tmp_path / "small.gguf").unlink()
    assert np.isfinite(kept).all()


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"", "empty"), (b"no model", "GGUF"), (b"GGUF\x03\0\0\0", "too early"), (None, "No such file")],
)
def test_what_is_no_model_is_said(tmp_path: Path, content: bytes | None, word: str) -> None:
    path = tmp_path / "wrong.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WeightsUnusable, match=word):
        Weights(path)


def test_a_file_that_is_cut_short_is_said(tmp_path: Path) -> None:
    path = write_decoder(tmp_path / "cut.gguf", "llama")
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(WeightsUnusable, match="not whole"):
        Weights(path)
