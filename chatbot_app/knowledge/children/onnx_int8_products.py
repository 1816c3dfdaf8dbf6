"""Finds the products of an ONNX graph whose weights are stored as int8, so that they can be computed in another way.

Such a product is written down as MatMul(x, Mul(Cast(codes), scales)): onnxruntime widens the codes to float32 when it loads.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.children.onnx_fusing import DOMAIN
from chatbot_app.llm.local.onnx_messages import message_class, read_model, with_nodes

FLOAT32, INT8, INT64 = 1, 3, 7  # types of a tensor
_OF_INT = 2  # the type of an attribute


def rewritten_products(model: bytes, make: Callable[[Any], Int8Products]) -> bytes:
    """Return an ONNX model with the products that `make(graph)` writes, also of those inside Attention.

    What is of another form stays as it is. Raises ValueError where `model` is no protobuf message.
    """
    read = read_model(model)
    graph = make(read.graph)
    nodes: list[Any] = []
    for node in read.graph.node:
        nodes += graph.product(node) or graph.attention(node) or (node,)
    rewritten = read_model(with_nodes(read, nodes))
    used = {name for node in rewritten.graph.node for name in node.input}
    kept = [tensor for tensor in (*rewritten.graph.initializer, *graph.added) if tensor.name in used]
    del rewritten.graph.initializer[:]
    rewritten.graph.initializer.extend(kept)
    written: bytes = rewritten.SerializeToString()
    return written


class Int8Products(ABC):
    """The products of a graph with int8 weights; `added` are the constants that are new. Who inherits says how to multiply."""

    def __init__(self, graph: Any) -> None:
        self.node, self._tensor = message_class("Node"), message_class("Tensor")
        self._makers = {name: node for node in graph.node for name in node.output}
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self.added: list[Any] = []

    def product(self, node: Any) -> tuple[Any, ...]:
        """Return what takes the place of a product with weights; nothing if `node` is not that."""
        weights = self._weights(node.input[1]) if node.op_type == "MatMul" else None
        return () if weights is None else self.multiplied(node.input[0], *weights, node.output[0])

    def attention(self, node: Any) -> tuple[Any, ...]:
        """Return a product and attention without weights in place of one with them; nothing if `node` is not that."""
        joined = self._makers.get(node.input[1]) if node.op_type == "Attention" else None
        if (
            joined is None
            or joined.op_type != "Concat"
            or len(node.input) != 6
            or node.input[3]
            or node.input[4]
        ):
            return ()
        parts = [self._weights(name) for name in joined.input]
        known = [part for part in parts if part is not None]
        if len(known) != 3 or len(parts) != 3 or len({codes.shape for codes, _ in known}) != 1:
            return ()
        result = node.output[0]
        codes = np.concatenate([part[0] for part in known], axis=1)
        scales = np.concatenate([part[1] for part in known])
        together, sizes = f"{result}/together", f"{result}/sizes"
        heads = [f"{result}/{name}" for name in ("query", "key", "value")]
        self.add(sizes, INT64, np.full(3, codes.shape[1] // 3, np.int64))
        return (
            *self.multiplied(node.input[0], codes, scales, together),
            self.node(op_type="Split", input=[together, sizes], output=heads, attribute=[integer("axis", 2)]),
            self.node(
                op_type="MultiHeadAttention",
                domain=DOMAIN,
                input=[*heads, node.input[2], "", node.input[5]],
                output=node.output,
                attribute=node.attribute,
            ),
        )

    def _weights(self, name: str) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]] | None:
        """Return (codes, scales), shapes (inputs, outputs) and (outputs,), of weights that are widened; else None."""
        multiply = self._makers.get(name)
        if multiply is None or multiply.op_type != "Mul":
            return None
        widen, scales = self._makers.get(multiply.input[0]), self._constants.get(multiply.input[1])
        codes = self._constants.get(widen.input[0]) if widen is not None and widen.op_type == "Cast" else None
        if codes is None or scales is None or len(codes.dims) != 2:
            return None
        inputs, outputs = codes.dims
        if list(scales.dims) != [1, outputs] or len(codes.raw_data) != inputs * outputs:
            return None
        return (
            np.frombuffer(codes.raw_data, np.int8).reshape(inputs, outputs),
            np.frombuffer(scales.raw_data, "<f4"),
        )

    @abstractmethod
    def multiplied(
        self, values: str, codes: npt.NDArray[np.int8], scales: npt.NDArray[np.float32], result: str
    ) -> tuple[Any, ...]:
        """Return the nodes that make `result`, a product of `values` with weights: codes · scales.

        `codes` has shape (inputs, outputs), `scales` (outputs,).
        """

    def add(self, name: str, kind: int, values: npt.NDArray[Any]) -> None:
        """Add a constant; `kind` is its type as ONNX numbers them."""
        little = values.astype(values.dtype.newbyteorder("<"))
        self.added.append(
            self._tensor(dims=values.shape, data_type=kind, name=name, raw_data=little.tobytes())
        )


def integer(name: str, value: int) -> dict[str, Any]:
    """Return an attribute of a node."""
    return {"name": name, "i": value, "type": _OF_INT}
