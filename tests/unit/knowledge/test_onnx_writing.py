"""Graphs written from nothing: onnxruntime computes them, and the same graph is the same bytes."""

from __future__ import annotations

import numpy as np

from chatbot_app.knowledge.children.onnx_session import load_onnxruntime
from chatbot_app.knowledge.children.onnx_writing import GraphWriter
from chatbot_app.llm.local.onnx_messages import read_model


def _written() -> bytes:
    graph = GraphWriter("halves", {"": 20})
    values = graph.add_input("values", (1, "tokens", 4))
    scale = graph.add_constant("scale", np.array([1, 2, 3, 4], np.float32))
    assert graph.add_constant("scale", np.zeros(4, np.float32)) == scale  # the first of a name stays
    sizes = graph.add_constant("sizes", np.array([1, 3], np.int64))
    normed = graph.add_node("LayerNormalization", [values, scale], "normed", axis=-1, epsilon=1.0)
    first = graph.add_node("Split", [normed, sizes], "first", "rest", axis=2)
    turned = graph.add_node("Transpose", [first], "turned", perm=[0, 2, 1])
    graph.add_output(turned, (1, 1, "tokens"))
    graph.add_output("rest", (1, "tokens", 3))
    return graph.written()


def test_what_is_written_is_computed() -> None:
    session = load_onnxruntime().InferenceSession(_written(), providers=["CPUExecutionProvider"])
    assert [(given.name, given.shape) for given in session.get_inputs()] == [("values", [1, "tokens", 4])]
    values = np.arange(8, dtype=np.float32).reshape(1, 2, 4) ** 2
    turned, rest = session.run(["turned", "rest"], {"values": values})
    centred = values - values.mean(axis=2, keepdims=True)
    expected = centred / np.sqrt((centred**2).mean(axis=2, keepdims=True) + 1) * [1, 2, 3, 4]
    np.testing.assert_allclose(turned, expected[:, :, :1].transpose(0, 2, 1), rtol=1e-5)
    np.testing.assert_allclose(rest, expected[:, :, 1:], rtol=1e-5)


def test_the_same_graph_is_the_same_bytes_and_a_model_to_who_reads_it() -> None:
    assert _written() == _written()
    assert [node.op_type for node in read_model(_written()).graph.node] == [
        "LayerNormalization",
        "Split",
        "Transpose",
    ]
