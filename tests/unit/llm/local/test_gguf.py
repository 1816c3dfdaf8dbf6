"""The metadata of a GGUF file is read, and a damaged one is refused without reading past its end."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.llm.local.gguf import read_metadata
from tests.tiny_gguf import CONTROL, NORMAL, gguf_bytes, write_model


def written(folder: Path, content: bytes) -> Path:
    path = folder / "model.gguf"
    path.write_bytes(content)
    return path


def test_values_vocabulary_and_template_are_read(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    tokens = write_model(path, [("<unk>", 2), ("<s>", CONTROL)], template="{{ x }}", context_length=4096)
    metadata = read_metadata(path)
    assert [token.decode() for token in metadata.tokens] == [text for text, _ in tokens]
    assert metadata.token_types[:3] == (2, CONTROL, NORMAL)
    assert metadata.chat_template == "{{ x }}"
    assert metadata.of_architecture("context_length") == 4096
    assert metadata.of_architecture("attention.layer_norm_rms_epsilon") == pytest.approx(1e-5)


def test_a_file_without_types_has_ordinary_tokens_only(tmp_path: Path) -> None:
    metadata = read_metadata(written(tmp_path, gguf_bytes({"tokenizer.ggml.tokens": ["a", "b"]})))
    assert metadata.token_types == (NORMAL, NORMAL)
    assert metadata.chat_template == ""
    assert metadata.of_architecture("context_length") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GGUF",
        b"GGML" + bytes(100),
        b"GGUF" + struct.pack("<IQQ", 9, 0, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 2**63),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**62),
        b"GGUF"
        + struct.pack("<IQQ", 3, 0, 1)
        + struct.pack("<Q", 1)
        + b"k"
        + struct.pack("<IIQ", 9, 4, 2**61),
        b"GGUF"
        + struct.pack("<IQQ", 3, 0, 1)
        + struct.pack("<Q", 1)
        + b"k"
        + struct.pack("<IIQ", 9, 8, 2**61),
        b"GGUF"
        + struct.pack("<IQQ", 3, 0, 1)
        + struct.pack("<Q", 1)
        + b"k"
        + struct.pack("<IIQ", 9, 9, 9) * 9,
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"k" + struct.pack("<I", 77),
        gguf_bytes({"tokenizer.ggml.tokens": [1, 2]}),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_metadata(written(tmp_path, content))


@given(cut=st.integers(0, 3000), place=st.integers(0, 3000), byte=st.integers(0, 255))
def test_no_damage_leads_to_another_error(
    tmp_path_factory: pytest.TempPathFactory, cut: int, place: int, byte: int
) -> None:
    folder = tmp_path_factory.mktemp("gguf")
    write_model(folder / "model.gguf", [("<unk>", 2)])
    content = bytearray((folder / "model.gguf").read_bytes()[:cut])
    if place < len(content):
        content[place] = byte
    try:
        read_metadata(written(folder, bytes(content)))
    except ValueError:
        pass
