"""Embedding models in ONNX form among the files of a repository: what belongs to each, and which one is for here."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot_app.core.hub_errors import NoModelAddress
from chatbot_app.core.hub_models import FilePart, RepositoryFile
from chatbot_app.core.local_models import ModelKind
from chatbot_app.llm.hub.addresses import read_address
from chatbot_app.llm.hub.files import models_of
from chatbot_app.llm.hub.names import MOST_BYTES, flat_name, is_local_name, local_names
from chatbot_app.llm.hub.onnx_files import onnx_rank, precision_of
from chatbot_app.llm.local.processor import processor_features, read_flags

# intfloat/multilingual-e5-small, as sentence-transformers exports.
SENTENCE = (
    "config.json tokenizer.json tokenizer_config.json modules.json sentence_bert_config.json 1_Pooling/config.json"
    " model.safetensors README.md onnx/model.onnx onnx/model_O4.onnx onnx/model_qint8_avx512_vnni.onnx"
    " onnx/config.json onnx/tokenizer.json"
).split()
# Xenova/multilingual-e5-small, as transformers.js wants it.
XENOVA = (
    "config.json tokenizer.json tokenizer_config.json onnx/model.onnx onnx/model_quantized.onnx onnx/model_fp16.onnx"
    " onnx/model_q4.onnx onnx/model.onnx_data"
).split()


def models(paths: list[str], repository: str = "intfloat/multilingual-e5-small") -> list[RepositoryFile]:
    parts = [FilePart(path, 1000 if path.endswith(".onnx") else 10) for path in paths]
    return list(models_of(parts, repository))


def test_each_file_comes_with_its_tokenizer_and_settings_the_nearest_first() -> None:
    found = {file.path: file for file in models(SENTENCE)}
    assert set(found) == {"onnx/model.onnx", "onnx/model_O4.onnx", "onnx/model_qint8_avx512_vnni.onnx"}
    whole = found["onnx/model.onnx"]
    assert [part.path for part in whole.parts] == [
        "onnx/model.onnx",
        "onnx/tokenizer.json",
        "1_Pooling/config.json",
        "modules.json",
        "sentence_bert_config.json",
        "onnx/config.json",
        "tokenizer_config.json",
    ]
    assert (whole.kind, whole.size, whole.is_whole) == (ModelKind.EMBEDDING, 1060, True)


def test_data_of_its_own_belongs_to_a_file_and_to_no_other() -> None:
    found = {file.path: [part.path for part in file.parts] for file in models(XENOVA)}
    assert found["onnx/model.onnx"][:3] == ["onnx/model.onnx", "onnx/model.onnx_data", "tokenizer.json"]
    assert "onnx/model.onnx_data" not in found["onnx/model_quantized.onnx"]
    many = [
        "m.onnx",
        "m.onnx_data",
        "m.onnx_data_2",
        "m.onnx_data_1",
        "m.onnx_date",
        "tokenizer.json",
        "modules.json",
    ]
    (one,) = models(many)
    assert [part.path for part in one.parts[:4]] == [
        "m.onnx",
        "m.onnx_data",
        "m.onnx_data_1",
        "m.onnx_data_2",
    ]


@pytest.mark.parametrize(
    "paths",
    [
        ["onnx/model.onnx", "modules.json"],  # no tokenizer
        ["onnx/decoder_model_merged.onnx", "tokenizer.json", "modules.json"],
        ["onnx/model.onnx", "tokenizer.json"],  # a chat model, or anything else
        ["onnx/mo?del.onnx", "tokenizer.json", "modules.json"],
        [f"{'m' * 100}.onnx", "tokenizer.json", "modules.json"],
        ["a/b/onnx/model.onnx", "tokenizer.json", "modules.json"],  # the tokenizer of something else
    ],
)
def test_what_makes_no_vectors_is_not_offered(paths: list[str]) -> None:
    assert models(paths, "someone/some-model") == []


@pytest.mark.parametrize(
    ("name", "precision"),
    [
        ("model.onnx", "ONNX"),
        ("onnx/model_quantized.onnx", "ONNX int8"),
        ("model_int8.onnx", "ONNX int8"),
        ("model_uint8.onnx", "ONNX int8"),
        ("model_qint8_avx512_vnni.onnx", "ONNX int8"),
        ("model_quint8_avx2.onnx", "ONNX int8"),
        ("model_qint8_arm64.onnx", "ONNX int8"),
        ("model_fp16.onnx", "ONNX f16"),
        ("model_O4.onnx", "ONNX f16"),
        ("model_O3.onnx", "ONNX"),
        ("model_q4f16.onnx", "ONNX q4f16"),
        ("model_bnb4.onnx", "ONNX q4"),
    ],
)
def test_the_precision_is_read_from_the_name(name: str, precision: str) -> None:
    assert precision_of(name) == precision


@pytest.mark.parametrize(
    ("features", "best"),
    [
        ({"avx2", "avx512", "avx512_vnni"}, "model_qint8_avx512_vnni.onnx"),
        ({"avx2", "avx512"}, "model_qint8_avx512.onnx"),
        ({"avx2"}, "model_quint8_avx2.onnx"),
        ({"arm64"}, "model_qint8_arm64.onnx"),
        (set(), "model.onnx"),
    ],
)
def test_the_one_made_for_this_processor_comes_first(features: set[str], best: str) -> None:
    names = (
        "model.onnx model_O4.onnx model_qint8_arm64.onnx model_qint8_avx512.onnx model_qint8_avx512_vnni.onnx"
        " model_quint8_avx2.onnx"
    ).split()
    files = models([*names, "tokenizer.json", "modules.json"])
    chosen = min(files, key=lambda file: onnx_rank(file, frozenset(features)))
    assert chosen.path == best


def test_a_processor_is_read_from_what_linux_lists(tmp_path: Path) -> None:
    listed = tmp_path / "cpuinfo"
    listed.write_text(
        "processor : 0\nflags\t\t: fpu avx2 avx512bw avx512_vnni\n\nprocessor : 1\nflags : none\n"
    )
    assert read_flags(listed) == {"fpu", "avx2", "avx512bw", "avx512_vnni"}
    assert read_flags(tmp_path / "absent") == frozenset()
    assert processor_features() <= {"avx2", "avx512", "avx512_vnni", "arm64"}


def test_a_model_gets_a_folder_of_its_own_whose_names_every_system_takes() -> None:
    repository = "intfloat/multilingual-e5-small"
    file = next(file for file in models(SENTENCE) if "vnni" in file.path)
    names = local_names(file, lambda _: False, repository)
    assert names[0] == "multilingual-e5-small (qint8_avx512_vnni)/model_qint8_avx512_vnni.onnx"
    assert "multilingual-e5-small (qint8_avx512_vnni)/1_Pooling/config.json" in names
    second = local_names(file, names.__contains__, repository)
    assert second[0] == "multilingual-e5-small (qint8_avx512_vnni) (2)/model_qint8_avx512_vnni.onnx"
    assert all(map(is_local_name, names + second))
    long = local_names(RepositoryFile((FilePart("model.onnx", 1),)), lambda _: False, f"o/{'x' * 96}")
    assert len(flat_name(long[0]).encode()) <= MOST_BYTES


@pytest.mark.parametrize("name", ["", "/a", "a/../b", "..", "a//b", "a/b/c/d", "a\\b"])
def test_a_name_that_leads_elsewhere_is_none(name: str) -> None:
    assert not is_local_name(name)


def test_addresses_name_onnx_files_too() -> None:
    at = "https://huggingface.co/intfloat/multilingual-e5-small/blob/main/onnx/model_O4.onnx"
    assert read_address(at).file == "onnx/model_O4.onnx"
    with pytest.raises(NoModelAddress, match="ONNX"):
        read_address("https://huggingface.co/o/n/blob/main/model.safetensors")
