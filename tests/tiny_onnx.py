"""A sentence-embedding model of a few kilobytes, written down as ONNX by hand: a vector is made of those of its words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, processors

DIMENSION = 16
WORDS = (
    "[PAD] [UNK] [CLS] [SEP] query : passage the cat sleeps on warm sofa . a is asleep quarterly profits fell by 12 %"
    " because import duties rose quick brown fox jumps over lazy dog eiffel tower in paris 330 metres tall it was"
    " completed march 1889 how"
).split()
_FLOAT, _INT64 = 1, 7


def write_sentence_model(
    folder: Path,
    *,
    pooling: str = "mean",
    output: str = "last_hidden_state",
    extra_input: str = "",
    prompts: Mapping[str, str] | None = None,
    longest: int = 64,
    seed: int = 1,
) -> Path:
    """Write model.onnx, tokenizer.json and the settings of sentence-transformers; return the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = np.random.default_rng(seed).standard_normal((len(WORDS), DIMENSION)).astype("<f4")
    inputs = [name for name in ("input_ids", "attention_mask", extra_input) if name]
    path = folder / "model.onnx"
    path.write_bytes(_model(weights, inputs, output))
    _tokenizer().save(str(folder / "tokenizer.json"))
    settings: dict[str, Any] = {
        "config.json": {"model_type": "bert", "hidden_size": DIMENSION, "pad_token_id": 0},
        "sentence_bert_config.json": {"max_seq_length": longest},
        "1_Pooling/config.json": {
            "pooling_mode_cls_token": pooling == "cls",
            "pooling_mode_mean_tokens": pooling == "mean",
            "pooling_mode_lasttoken": pooling == "last",
            "pooling_mode_max_tokens": pooling == "max",
        },
    }
    if prompts is not None:
        settings["config_sentence_transformers.json"] = {"prompts": prompts}
    for name, value in settings.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(value), "utf-8")
    return path


def published(
    folder: Path, *names: str, prompts: Mapping[str, str] | None = None
) -> tuple[dict[str, bytes], set[str]]:
    """Return the files of a sentence model as a repository holds them, and those that Git holds itself.

    The ONNX file stands there under each of `names`; `folder` is where it is written first.
    """
    model = write_sentence_model(folder, prompts=prompts)
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    content = files.pop(model.name)
    in_git = set(files)
    return {**dict.fromkeys(names, content), **files}, in_git


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(
        models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = None
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_truncation(256)  # as many files do; the model's own length counts
    return tokenizer


def _model(weights: np.ndarray[Any, Any], inputs: list[str], output: str) -> bytes:
    nodes = [_node("Gather", ["table", "input_ids"], ["hidden"])]
    shape = ["texts", "tokens", DIMENSION]
    if output == "sentence_embedding":  # the file makes one vector of a text by itself
        nodes.append(_node("ReduceMax", ["hidden", "axis"], [output], keepdims=0))
        shape = ["texts", DIMENSION]
    else:
        nodes.append(_node("Identity", ["hidden"], [output]))
    table = (
        _field(1, weights.shape[0]) + _field(1, weights.shape[1]) + _field(2, _FLOAT) + _field(8, b"table")
    )
    axis = _field(1, 1) + _field(2, _INT64) + _field(8, b"axis") + _field(9, np.array([1], "<i8").tobytes())
    graph = b"".join(_field(1, node) for node in nodes) + _field(2, b"tiny")
    graph += _field(5, table + _field(9, weights.tobytes()))
    if output == "sentence_embedding":
        graph += _field(5, axis)
    graph += b"".join(_field(11, _value(name, _INT64, ["texts", "tokens"])) for name in inputs)
    graph += _field(12, _value(output, _FLOAT, shape))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 18))


def _node(kind: str, inputs: list[str], outputs: list[str], **numbers: int) -> bytes:
    node = b"".join(_field(1, name.encode()) for name in inputs)
    node += b"".join(_field(2, name.encode()) for name in outputs) + _field(4, kind.encode())
    for name, value in numbers.items():
        node += _field(5, _field(1, name.encode()) + _field(3, value) + _field(20, 2))
    return node


def _value(name: str, kind: int, shape: list[Any]) -> bytes:
    dimensions = b"".join(
        _field(1, _field(1, side) if isinstance(side, int) else _field(2, side.encode())) for side in shape
    )
    return _field(1, name.encode()) + _field(2, _field(1, _field(1, kind) + _field(2, dimensions)))


def _field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
