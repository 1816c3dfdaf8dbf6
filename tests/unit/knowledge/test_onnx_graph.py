"""The rewritten embedding model gives what the file as it came gives, and holds no widened table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chatbot_app.knowledge.children.built_in_embedder import model_path
from chatbot_app.knowledge.children.onnx_graph import gathered_before_widened
from chatbot_app.knowledge.children.onnx_session import load_onnxruntime
from chatbot_app.llm.local.onnx_messages import message_class

TABLE = "table"
FLOAT32 = 1


@pytest.fixture(scope="module")
def original() -> bytes:
    return model_path().read_bytes()


@pytest.fixture(scope="module")
def rewritten(original: bytes) -> bytes:
    return gathered_before_widened(original)


def read(model: bytes) -> Any:
    return message_class("Model").FromString(model)


def small_model(**changes: Any) -> bytes:
    """Return a graph that widens a table of 5 rows and takes some."""
    graph = {"axis": 0, "scale": [5, 1], "last": "Gather", "results": ["rows"]} | changes
    return message_class("Model")(
        graph={
            "node": [
                {"op_type": "Cast", "name": "cast", "input": [TABLE], "output": ["wide"]},
                {"op_type": "Mul", "name": "mul", "input": ["wide", "scale"], "output": ["scaled"]},
                {
                    "op_type": graph["last"],
                    "name": "gather",
                    "input": ["scaled", "ids"],
                    "output": ["rows"],
                    "attribute": [{"name": "axis", "i": graph["axis"]}],
                },
            ],
            "initializer": [{"name": TABLE, "dims": [5, 3]}, {"name": "scale", "dims": graph["scale"]}],
            "output": [{"name": name} for name in graph["results"]],
        }
    ).SerializeToString()


def operators(model: bytes) -> list[str]:
    return [node.op_type for node in read(model).graph.node]


def test_the_vectors_are_the_same_bit_for_bit(original: bytes, rewritten: bytes) -> None:
    onnxruntime = load_onnxruntime()
    ids = np.random.default_rng(7).integers(0, 30_522, (3, 40))
    mask = np.ones_like(ids)
    mask[1, 25:] = 0
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    before, after = (
        onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"]).run(None, feed)[0]
        for model in (original, rewritten)
    )
    assert before.shape == (3, 40, 384)
    assert np.array_equal(before, after)


def test_no_node_reads_a_table_of_words_but_to_take_rows(original: bytes, rewritten: bytes) -> None:
    tables = {
        tensor.name for tensor in read(original).graph.initializer if list(tensor.dims) == [30_522, 384]
    }
    assert [node.op_type for node in read(original).graph.node if tables & set(node.input)] == ["Cast"]
    assert [node.op_type for node in read(rewritten).graph.node if tables & set(node.input)] == ["Gather"]


def test_the_widening_goes_when_nobody_else_needs_it() -> None:
    assert operators(small_model()) == ["Cast", "Mul", "Gather"]
    assert operators(gathered_before_widened(small_model())) == ["Gather", "Cast", "Gather", "Mul"]


def test_the_widening_stays_for_another_who_needs_it() -> None:
    both = gathered_before_widened(small_model(results=["rows", "scaled"]))
    assert operators(both) == ["Cast", "Mul", "Gather", "Cast", "Gather", "Mul"]


@pytest.mark.parametrize(
    "changes", [{"axis": 1}, {"scale": [1, 3]}, {"scale": []}, {"last": "MatMul"}], ids=str
)
def test_what_has_another_form_stays_as_it_is(changes: dict[str, Any]) -> None:
    model = small_model(**changes)
    assert gathered_before_widened(model) == model


@pytest.mark.parametrize("cut", [b"not a model at all", b"\x3a\xff\xff\xff\x7fcut"], ids=["text", "cut"])
def test_what_is_no_model_is_said(cut: bytes) -> None:
    with pytest.raises(ValueError, match="not an ONNX model"):
        gathered_before_widened(cut)
