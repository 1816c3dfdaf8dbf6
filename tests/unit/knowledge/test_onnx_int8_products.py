"""Products of int8 weights as they are stored give vectors near those of widened ones."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot_app.knowledge.children.built_in_embedder import model_path, pooled
from chatbot_app.knowledge.children.onnx_int8_products import with_int8_products
from chatbot_app.knowledge.children.prepared_model import rewritten
from chatbot_app.llm.local.onnx_messages import message_class
from chatbot_app.llm.local.processor import processor_features
from tests.onnx_runs import operators, token_states


@pytest.fixture(scope="module")
def prepared() -> bytes:
    return rewritten(model_path().read_bytes())


@pytest.fixture(scope="module")
def with_products(prepared: bytes) -> bytes:
    return with_int8_products(prepared)


def test_every_product_with_weights_takes_them_as_they_are_stored(
    prepared: bytes, with_products: bytes
) -> None:
    before, after = operators(prepared), operators(with_products)
    assert (before["MatMul"], before["Attention"]) == (18, 6)
    assert (after["MatMul"], after["Attention"]) == (0, 0)
    assert (after["MatMulNBits"], after["MultiHeadAttention"]) == (24, 6)
    # No weight is kept twice.
    assert abs(len(with_products) - len(prepared)) < 0.05 * len(prepared)


@pytest.mark.skipif(
    "avx512_vnni" not in processor_features(), reason="the program uses that form there alone"
)
def test_the_vectors_are_near_the_others(prepared: bytes, with_products: bytes) -> None:
    ids = np.random.default_rng(7).integers(1000, 30_522, (3, 40))
    mask = np.ones_like(ids)
    mask[1, 25:] = 0
    mask[2, 6:] = 0
    before, after = (pooled(token_states(model, ids, mask), mask) for model in (prepared, with_products))
    assert (before * after).sum(axis=1).min() > 0.999


def test_what_was_rewritten_once_stays(with_products: bytes) -> None:
    assert operators(with_int8_products(with_products)) == operators(with_products)


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
    assert operators(with_int8_products(model.SerializeToString())) == {"Cast": 1, "Mul": 1, "MatMul": 1}


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(ValueError, match="not an ONNX model"):
        with_int8_products(b"\xff\xff no protobuf")
