"""Products of bytes, but for a few inputs, give vectors near those of widened weights."""

from __future__ import annotations

import json

import numpy as np
import pytest

from chatbot_app.core.paths import resources_dir
from chatbot_app.knowledge.children.built_in_embedder import model_path, pooled
from chatbot_app.knowledge.children.onnx_mixed_products import with_mixed_products
from chatbot_app.knowledge.children.prepared_model import rewritten
from chatbot_app.llm.local.onnx_messages import message_class
from chatbot_app.llm.local.processor import processor_features
from tests.onnx_runs import operators, token_states

needs_bytes = pytest.mark.skipif(
    "avx512_vnni" not in processor_features(), reason="the program uses that form there alone"
)


@pytest.fixture(scope="module")
def prepared() -> bytes:
    return rewritten(model_path().read_bytes())


OUTLYING = json.loads((resources_dir() / "embedding" / "all-minilm-l6-v2.outlying.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def mixed(prepared: bytes) -> bytes:
    return with_mixed_products(prepared, OUTLYING)


def test_every_product_with_weights_takes_them_as_they_are_stored(prepared: bytes, mixed: bytes) -> None:
    before, after = operators(prepared), operators(mixed)
    assert (before["MatMul"], before["Attention"]) == (18, 6)
    assert (after["MatMul"], after["Attention"]) == (24, 0)  # of few inputs each
    assert (after["DynamicQuantizeMatMul"], after["MultiHeadAttention"]) == (24, 6)
    # No weight is kept twice but those of the few, as floats.
    assert abs(len(mixed) - len(prepared)) < 0.1 * len(prepared)


def test_inputs_that_outlie_are_known_of_every_product(mixed: bytes) -> None:
    assert len(OUTLYING) == 24
    for inputs in OUTLYING.values():
        assert len(set(inputs)) == 16
    nodes = message_class("Model").FromString(mixed).graph.node
    assert {node.input[0] for node in nodes if node.op_type == "Gather"} >= set(OUTLYING)


@needs_bytes
def test_the_states_are_near_the_others(prepared: bytes, mixed: bytes) -> None:
    for length in (4, 40):
        ids = np.random.default_rng(length).integers(1000, 30_522, (1, length))
        mask = np.ones_like(ids)
        before, after = (pooled(token_states(model, ids, mask), mask) for model in (prepared, mixed))
        assert (before * after).sum(axis=1).min() > 0.998


@needs_bytes
def test_inputs_that_outlie_make_the_difference(prepared: bytes, mixed: bytes) -> None:
    """With inputs taken out that do not outlie, the vectors are farther off."""
    ids = np.random.default_rng(7).integers(1000, 30_522, (1, 60))
    mask = np.ones_like(ids)
    others = {name: [n for n in range(384) if n not in inputs][:16] for name, inputs in OUTLYING.items()}
    whole, near, far = (
        pooled(token_states(model, ids, mask), mask)[0]
        for model in (prepared, mixed, with_mixed_products(prepared, others))
    )
    assert 1 - whole @ near < (1 - whole @ far) / 2


def test_a_product_of_which_nothing_is_known_stays(prepared: bytes) -> None:
    assert operators(with_mixed_products(prepared, {})) == operators(prepared)


def test_what_was_rewritten_once_stays(mixed: bytes) -> None:
    assert operators(with_mixed_products(mixed, OUTLYING)) == operators(mixed)


@pytest.mark.parametrize(
    "change",
    [
        {"dims": [2, 1]},  # scales of rows, not of columns
        {"dims": [1, 3]},  # more than there are columns
    ],
)
def test_weights_of_another_form_stay(change: dict[str, list[int]]) -> None:
    model = message_class("Model")(
        graph={
            "node": [
                {"op_type": "Cast", "input": ["codes"], "output": ["wide"]},
                {"op_type": "Mul", "input": ["wide", "scales"], "output": ["weights"]},
                {"op_type": "MatMul", "input": ["x", "weights"], "output": ["y"]},
            ],
            "initializer": [
                {"name": "codes", "data_type": 3, "dims": [64, 2], "raw_data": bytes(128)},
                {"name": "scales", "data_type": 1, "raw_data": bytes(8), **change},
            ],
            "output": [{"name": "y"}],
        }
    )
    assert operators(with_mixed_products(model.SerializeToString(), {"x": [1]})) == {
        "Cast": 1,
        "Mul": 1,
        "MatMul": 1,
    }


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(ValueError, match="not an ONNX model"):
        with_mixed_products(b"\xff\xff no protobuf", {})
