"""What lies beside an ONNX file of a sentence-embedding model is read, and what cannot be used is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatbot_app.core.errors import AppError
from chatbot_app.core.local_models import ModelKind
from chatbot_app.core.model_errors import ModelFileError, ModelMakesNoVectors, ModelNotWhole
from chatbot_app.llm.local.examine import examine
from chatbot_app.llm.local.other_programs import find_model_files
from chatbot_app.llm.local.sentence_folder import read_sentence_folder
from tests.tiny_onnx import DIMENSION, WORDS, write_sentence_model


def test_a_folder_and_its_file_are_the_same_model(tmp_path: Path) -> None:
    path = write_sentence_model(tmp_path / "small-words", pooling="cls", prompts={"query": "Q: "})
    by_file, by_folder = examine(path), examine(path.parent)
    assert by_file == by_folder
    assert by_folder.name == "small-words"
    facts = by_folder.facts
    assert (facts.kind, facts.dimension, facts.pooling) == (ModelKind.EMBEDDING, DIMENSION, "cls")
    assert (facts.architecture, facts.context_length) == ("bert", 64)
    assert facts.parameters == len(WORDS) * DIMENSION
    found = read_sentence_folder(path)
    assert (found.inputs, found.output) == (("input_ids", "attention_mask"), "last_hidden_state")
    assert found.rule.prefixes.query == "Q: "
    assert found.rule.source == "config_sentence_transformers.json"
    assert list(find_model_files(tmp_path)) == [path]


def test_the_file_may_lie_in_a_folder_of_its_own_as_on_the_hub(tmp_path: Path) -> None:
    path = write_sentence_model(tmp_path / "models--somebody--words" / "snapshots" / ("0" * 40))
    (path.parent / "onnx").mkdir()
    path.rename(path.parent / "onnx" / "model_quantized.onnx")
    found = examine(path.parent)
    assert found.path == path.parent / "onnx" / "model_quantized.onnx"
    assert found.name == "words"
    assert read_sentence_folder(found.path).tokenizer == path.parent / "tokenizer.json"


def test_the_longest_text_is_what_the_model_says_and_has_places_for(tmp_path: Path) -> None:
    path = write_sentence_model(tmp_path, longest=10**30)
    assert read_sentence_folder(path).longest == 512
    config = {"model_type": "xlm-roberta", "max_position_embeddings": 130}
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    assert read_sentence_folder(path).longest == 128
    (tmp_path / "config.json").write_text(json.dumps({"max_position_embeddings": 32768}), "utf-8")
    assert read_sentence_folder(path).longest == 2048


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    path = write_sentence_model(tmp_path / "jina", extra_input="task_id")
    with pytest.raises(ModelMakesNoVectors, match="task_id"):
        examine(path)
    path = write_sentence_model(tmp_path / "max", pooling="max")
    with pytest.raises(ModelMakesNoVectors, match="pooling_mode_max_tokens"):
        examine(path)
    assert read_sentence_folder(path, "mean").pooling == "mean"  # the person knows better
    path = write_sentence_model(tmp_path / "labse")
    modules = [{"type": "sentence_transformers.models.Dense"}]
    (path.parent / "modules.json").write_text(json.dumps(modules), "utf-8")
    with pytest.raises(ModelMakesNoVectors, match="Dense"):
        examine(path)
    (path.parent / "tokenizer.json").unlink()
    with pytest.raises(ModelFileError, match=r"tokenizer\.json"):
        examine(path)
    with pytest.raises(ModelFileError, match="no such file"):
        examine(tmp_path / "nothing.onnx")


@pytest.mark.parametrize("damage", ["{", "[]", "null", '{"max_seq_length": "x"}', '{"a": ' * 90_000])
def test_damaged_settings_count_as_none(tmp_path: Path, damage: str) -> None:
    path = write_sentence_model(tmp_path)
    for name in ("config.json", "1_Pooling/config.json", "sentence_bert_config.json", "modules.json"):
        (tmp_path / name).write_text(damage, "utf-8")
    found = read_sentence_folder(path)
    assert (found.pooling, found.longest) == ("mean", 512)


def test_a_file_that_ends_at_any_byte_is_refused_in_words(tmp_path: Path) -> None:
    path = write_sentence_model(tmp_path)
    whole = path.read_bytes()
    for length in [*range(60), *range(60, len(whole), 97)]:
        path.write_bytes(whole[:length])
        with pytest.raises(AppError):
            examine(path)
    path.write_bytes(b"\xff" * 600)
    with pytest.raises(ModelNotWhole):
        examine(path)
