"""What a GGUF file says of itself is read, and what cannot be used is told with what to do next."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import gguf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot_app.core.local_models import BUILT_IN_LOCAL_MODEL, ModelKind
from chatbot_app.core.model_errors import (
    ModelBeingWritten,
    ModelFileError,
    ModelNotWhole,
    ModelPartsMissing,
    ModelUnknown,
)
from chatbot_app.llm.local.examine import examine, is_known_architecture, parts_of, projectors_beside
from chatbot_app.llm.local.ggml_types import FILE_TYPES, GGML_TYPES
from chatbot_app.llm.local.gguf import read_tensors
from chatbot_app.llm.local.model_facts import facts_of
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from tests.random_gguf import write_random
from tests.tiny_gguf import gguf_bytes

LATER = 2e9  # a moment at which no file of a test changed just now


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_random(tmp_path_factory.mktemp("model") / "tiny-Q8_0.gguf", quantisation="Q8_0")[0]


@pytest.mark.parametrize("architecture", ["llama", "qwen2", "qwen3", "gemma2"])
@pytest.mark.parametrize("quantisation", ["F32", "F16", "Q8_0", "Q4_0", "Q5_1"])
def test_a_file_says_what_it_is(tmp_path: Path, architecture: str, quantisation: str) -> None:
    [path] = write_random(tmp_path / "tiny.gguf", architecture, quantisation, context_length=4096)
    facts = examine(path).facts
    assert (facts.architecture, facts.quantisation) == (architecture, quantisation)
    assert (facts.title, facts.licence, facts.kind) == ("Tiny random", "apache-2.0", ModelKind.CHAT)
    assert (facts.context_length, facts.layers, facts.dimension, facts.parts) == (4096, 2, 64, 1)
    assert facts.has_template
    assert facts.bytes == path.stat().st_size
    assert 99_000 < facts.parameters < 100_000
    assert facts.cache_bytes == 2 * 64 * 2 * 2


@pytest.mark.model
@pytest.mark.skipif(find_model_file(BUILT_IN_MODEL.name) is None, reason="needs the built-in model")
def test_the_model_that_ships_is_what_the_program_says_of_it() -> None:
    path = find_model_file(BUILT_IN_MODEL.name)
    assert path is not None
    facts = examine(path).facts
    assert replace(facts, title="") == replace(BUILT_IN_LOCAL_MODEL.facts, title="")


class TestKinds:
    @pytest.mark.parametrize(
        ("values", "kind"),
        [
            ({"general.architecture": "bert", "bert.pooling_type": 1}, ModelKind.EMBEDDING),
            ({"general.architecture": "qwen3", "qwen3.pooling_type": 3}, ModelKind.EMBEDDING),
            ({"general.architecture": "qwen3", "qwen3.pooling_type": 4}, ModelKind.RERANKING),
            ({"general.architecture": "llama", "llama.attention.causal": False}, ModelKind.EMBEDDING),
            ({"general.architecture": "clip", "general.type": "mmproj"}, ModelKind.PROJECTOR),
            ({"general.architecture": "clip"}, ModelKind.PROJECTOR),
            ({"general.architecture": "llama", "general.type": "adapter", "adapter.type": "lora"}, ModelKind.ADAPTER),
            ({"general.architecture": "llama", "general.type": "imatrix"}, ModelKind.OTHER),
            ({"general.architecture": "t5"}, ModelKind.OTHER),
            ({"general.architecture": "gemma3"}, ModelKind.CHAT),
        ],
    )  # fmt: skip
    def test_a_file_is_told_apart_by_what_it_says(
        self, tmp_path: Path, values: dict[str, Any], kind: ModelKind
    ) -> None:
        path = tmp_path / "model.gguf"
        path.write_bytes(gguf_bytes(values))
        assert examine(path).facts.kind is kind

    def test_what_a_file_says_is_shown_as_text(self, tmp_path: Path) -> None:
        path = tmp_path / "model.gguf"
        path.write_bytes(
            gguf_bytes({"general.architecture": "llama", "general.name": "a\u202eb\n" + "x" * 999})
        )
        facts = examine(path).facts
        assert "\u202e" not in facts.title
        assert len(facts.title) <= 120

    def test_of_experts_only_those_that_are_asked_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "model.gguf"
        values = {
            "general.architecture": "qwen3moe",
            "qwen3moe.expert_count": 8,
            "qwen3moe.expert_used_count": 2,
        }
        tensors = [("token_embd.weight", (32, 10)), ("blk.0.ffn_up_exps.weight", (32, 10, 8))]
        path.write_bytes(gguf_bytes(values, tensors))
        metadata = read_tensors(path)
        assert facts_of(metadata, metadata.tensors, 1).active_bytes == 4 * (320 + 320 * 8 // 4)

    def test_a_projector_beside_a_model_is_found(self, tmp_path: Path) -> None:
        for name in ("gemma-3.gguf", "mmproj-gemma-3-f16.gguf", "mmproj.txt"):
            (tmp_path / name).touch()
        assert projectors_beside(tmp_path / "gemma-3.gguf") == [tmp_path / "mmproj-gemma-3-f16.gguf"]
        assert projectors_beside(tmp_path / "gone" / "gemma-3.gguf") == []


class TestWhatCannotBeUsed:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"<!DOCTYPE html><title>model</title>", "web page"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:00", "only points to the model"),
            (b"PK\x03\x04" + bytes(99), "archive"),
            (b"tjgg" + bytes(99), "before GGUF"),
            ((200).to_bytes(8, "little") + b'{"__metadata__":{}}', "safetensors"),
            (b"GGUF" + (3).to_bytes(4, "big") + bytes(99), "from the other end"),
            (b"GGUF" + (9).to_bytes(4, "little") + bytes(99), "version of GGUF, 9"),
            (gguf_bytes({"general.name": "x"}), "what kind of model"),
            (b"rubbish", "not a GGUF file"),
        ],
    )
    def test_another_file_is_named_for_what_it_is(self, tmp_path: Path, content: bytes, words: str) -> None:
        path = tmp_path / "model.gguf"
        path.write_bytes(content)
        with pytest.raises(ModelFileError, match=words) as caught:
            examine(path)
        assert caught.value.next_step

    def test_one_that_is_not_there_or_is_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError, match="no such file"):
            examine(tmp_path / "gone.gguf")
        with pytest.raises(ModelFileError, match="directory"):
            examine(tmp_path)

    def test_an_unknown_architecture_is_named(self, tmp_path: Path) -> None:
        [path] = write_random(tmp_path / "model.gguf", "of-the-future")
        with pytest.raises(ModelUnknown, match="of-the-future") as caught:
            examine(path)
        assert "Update" in caught.value.next_step

    def test_every_architecture_of_llama_cpp_is_known(self) -> None:
        """What the package gguf knows, the library of this program runs; made-up names it does not."""
        for name in ("llama", "bert", "qwen2", "clip", "mpt", "gemma3", "gpt-oss", "deepseek2", "mamba"):
            assert name in gguf.MODEL_ARCH_NAMES.values()
            assert is_known_architecture(name), name
        assert not is_known_architecture("llama-of-the-future")


class TestNotWhole:
    def test_a_cut_file_says_how_much_is_missing(self, model: Path, tmp_path: Path) -> None:
        path = tmp_path / "cut.gguf"
        path.write_bytes(model.read_bytes()[:60_000])
        with pytest.raises(ModelNotWhole, match=r"60\.0 kB of 112\.1 kB") as caught:
            examine(path, now=lambda: LATER)
        assert "Download it again" in caught.value.next_step

    @pytest.mark.parametrize("length", [0, 3000, 60_000])
    def test_one_that_changed_just_now_is_being_written(
        self, model: Path, tmp_path: Path, length: int
    ) -> None:
        path = tmp_path / "growing.gguf"
        path.write_bytes(model.read_bytes()[:length])
        with pytest.raises(ModelBeingWritten) as caught:
            examine(path)
        assert "when its download has ended" in caught.value.next_step

    @pytest.mark.parametrize("ending", [".part", ".crdownload", ".gguf.incomplete"])
    def test_so_is_one_that_a_browser_has_not_named_yet(
        self, model: Path, tmp_path: Path, ending: str
    ) -> None:
        path = tmp_path / f"model{ending}"
        path.write_bytes(model.read_bytes()[:60_000])
        with pytest.raises(ModelBeingWritten):
            examine(path, now=lambda: LATER)

    def test_one_that_was_made_at_its_full_length_and_not_filled(self, tmp_path: Path) -> None:
        path = tmp_path / "model.gguf"
        values = {"general.architecture": "llama"}
        path.write_bytes(gguf_bytes(values, [("token_embd.weight", (1024, 1024))]))  # weights of nothing
        with pytest.raises(ModelNotWhole, match="not written yet"):
            examine(path, now=lambda: LATER)
        path.write_bytes(bytes(100_000))
        with pytest.raises(ModelNotWhole, match="is empty"):
            examine(path, now=lambda: LATER)

    @given(cut=st.integers(0, 112_000), place=st.integers(0, 6000), byte=st.integers(0, 255))
    def test_no_damage_leads_to_another_error(
        self, model: Path, tmp_path_factory: pytest.TempPathFactory, cut: int, place: int, byte: int
    ) -> None:
        content = bytearray(model.read_bytes()[:cut])
        if place < len(content):
            content[place] = byte
        path = tmp_path_factory.mktemp("damaged") / "model.gguf"
        path.write_bytes(content)
        with pytest.raises(ModelFileError) as caught:
            examine(path, now=lambda: LATER)
        assert caught.value.summary
        assert caught.value.next_step


class TestParts:
    def test_any_part_stands_for_the_whole(self, tmp_path: Path) -> None:
        parts = write_random(tmp_path / "model.gguf", split=6)
        [whole] = write_random(tmp_path / "other.gguf")
        assert len(parts) == 4
        for chosen in parts:
            found = examine(chosen)
            assert (found.path, list(found.parts)) == (parts[0], parts)
            assert found.facts.parts == 4
            assert found.facts.parameters == examine(whole).facts.parameters
            assert found.facts.bytes == sum(part.stat().st_size for part in parts)
        assert parts_of(whole) == [whole]

    def test_missing_parts_are_named(self, tmp_path: Path) -> None:
        parts = write_random(tmp_path / "model.gguf", split=6)
        parts[2].unlink()
        with pytest.raises(ModelPartsMissing, match=r"1 of its 4 parts .* model-00003-of-00004\.gguf"):
            examine(parts[0])
        renamed = parts[0].rename(tmp_path / "first.gguf")
        with pytest.raises(ModelPartsMissing, match="one of 4 parts"):
            examine(renamed)

    def test_a_cut_part_is_named(self, tmp_path: Path) -> None:
        parts = write_random(tmp_path / "model.gguf", split=6)
        os.truncate(parts[3], parts[3].stat().st_size - 1000)
        with pytest.raises(ModelNotWhole, match="model-00004-of-00004"):
            examine(parts[0])


def test_types_are_numbered_and_packed_as_in_the_package() -> None:
    for kind, (block, size) in gguf.GGML_QUANT_SIZES.items():
        assert GGML_TYPES[kind.value] == (kind.name, block, size)
    for mixture in gguf.LlamaFileType:
        if mixture is not gguf.LlamaFileType.GUESSED:
            assert FILE_TYPES[mixture.value] == mixture.name.removeprefix("MOSTLY_").removeprefix("ALL_")
