"""Attention and GELU as single operators give what the layers as they came give."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest

from chatbot_app.knowledge.children.built_in_embedder import model_path, pooled
from chatbot_app.knowledge.children.onnx_fusing import with_fused_layers
from chatbot_app.llm.local.onnx_messages import message_class
from tests.onnx_runs import operators, token_states

FLOAT32 = 1
ROOT_OF_2 = 1.4142135


@pytest.fixture(scope="module")
def original() -> bytes:
    return model_path().read_bytes()


@pytest.fixture(scope="module")
def fused(original: bytes) -> bytes:
    return with_fused_layers(original)


def test_every_layer_of_the_built_in_model_is_fused(original: bytes, fused: bytes) -> None:
    assert operators(original)["Softmax"] == operators(original)["Erf"] == 6
    found = operators(fused)
    assert (found["Attention"], found["BiasGelu"], found["Softmax"], found["Erf"]) == (6, 6, 0, 0)


def test_the_vectors_are_the_same_but_for_rounding(original: bytes, fused: bytes) -> None:
    ids = np.random.default_rng(7).integers(0, 30_522, (3, 40))
    mask = np.ones_like(ids)
    mask[1, 25:] = 0
    mask[2, 1:] = 0
    before, after = (token_states(model, ids, mask) for model in (original, fused))
    assert np.abs(before - after)[mask == 1].max() < 1e-4
    assert (pooled(before, mask) * pooled(after, mask)).sum(axis=1).min() > 0.99999


def test_what_was_fused_once_stays(fused: bytes) -> None:
    assert operators(with_fused_layers(fused)) == operators(fused)


def gelu(**changes: Any) -> bytes:
    """Return a graph of one GELU."""
    parts = {
        "half": 0.5,
        "one": 1.0,
        "root": ROOT_OF_2,
        "divided": "x",
        "times": "x",
        "results": ["y"],
    } | changes
    constants = [
        {"name": name, "data_type": FLOAT32, "raw_data": struct.pack("<f", parts[name])}
        for name in ("half", "one", "root")
    ]
    return message_class("Model")(
        graph={
            "node": [
                {"op_type": "Add", "input": ["values", "bias"], "output": ["x"]},
                {"op_type": "Div", "input": [parts["divided"], "root"], "output": ["d"]},
                {"op_type": "Erf", "input": ["d"], "output": ["e"]},
                {"op_type": "Add", "input": ["e", "one"], "output": ["a"]},
                {"op_type": "Mul", "input": ["half", "a"], "output": ["h"]},
                {"op_type": "Mul", "input": [parts["times"], "h"], "output": ["y"]},
            ],
            "initializer": [{"name": "bias", "data_type": FLOAT32, "dims": [8]}, *constants],
            "output": [{"name": name} for name in parts["results"]],
        }
    ).SerializeToString()


def test_a_gelu_is_one_operator() -> None:
    assert operators(with_fused_layers(gelu())) == {"BiasGelu": 1}


def test_what_somebody_else_needs_is_still_made() -> None:
    assert operators(with_fused_layers(gelu(results=["y", "x"]))) == {"Add": 1, "BiasGelu": 1}


@pytest.mark.parametrize(
    "changes",
    [{"half": 0.4}, {"one": 2.0}, {"root": 2.0}, {"divided": "values"}, {"times": "values"}],
    ids=str,
)
def test_what_only_resembles_a_gelu_stays_as_it_is(changes: dict[str, Any]) -> None:
    assert operators(with_fused_layers(gelu(**changes))) == operators(gelu(**changes))


def test_what_is_no_model_is_said() -> None:
    with pytest.raises(ValueError, match="not an ONNX model"):
        with_fused_layers(b"not a model at all")
