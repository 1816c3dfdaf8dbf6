"""Layers of a transformer as onnxruntime computes them soonest: attention in one operator, GELU in another.

onnxruntime finds such layers itself where they are written as its authors expect. Exported by a newer PyTorch they are
not: GELU stays five passes over the widest values, attention some twenty operators. The numbers are the same but for
rounding. What is written in any other form stays as it is.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any

from chatbot_app.llm.local.onnx_messages import message_class, read_model, with_nodes

DOMAIN = "com.microsoft"  # of onnxruntime's own operators
_FLOAT32, _INT64 = 1, 7  # types of a tensor
_OF_INT = 2  # the type of an attribute
_HEADS_FIRST, _LAST_TWO = [0, 2, 1, 3], [0, 2, 1]


def with_fused_layers(model: bytes) -> bytes:
    """Return an ONNX model with its attentions and GELUs as single operators.

    Raises ValueError where `model` is no protobuf message.
    """
    read = read_model(model)
    graph = _Graph(read.graph)
    nodes: list[Any] = []
    for node in read.graph.node:
        nodes += graph.attention(node) or graph.gelu(node) or (node,)
    if not any(one.domain == DOMAIN for one in read.opset_import):
        read.opset_import.add(domain=DOMAIN, version=1)
    return with_nodes(read, nodes)


class _Graph:
    """The nodes of a graph by what they make, and its constants."""

    def __init__(self, graph: Any) -> None:
        self._node = message_class("Node")
        self._makers = {name: node for node in graph.node for name in node.output}
        self._constants = {tensor.name: tensor for tensor in graph.initializer}

    # --- GELU ----------------------------------------------------------------------------------------

    def gelu(self, last: Any) -> tuple[Any, ...]:
        """Return BiasGelu in place of x · (0.5 · (1 + erf(x / √2))) with x = values + bias; none if `last` is not that."""
        if last.op_type != "Mul":
            return ()
        for x, half in (tuple(last.input), tuple(last.input)[::-1]):
            one = self._beside_constant(half, "Mul", 0.5)
            erf = self._beside_constant(one, "Add", 1.0)
            divide = self._made(self._made_from(erf, "Erf"), "Div")
            if divide is None or divide.input[0] != x or not self._is_about(divide.input[1], math.sqrt(2)):
                continue
            values, bias = self._biased(x)
            if bias:
                fused = self._node(
                    op_type="BiasGelu", domain=DOMAIN, input=[values, bias], output=last.output
                )
                return (fused,)
        return ()

    # --- attention -----------------------------------------------------------------------------------

    def attention(self, last: Any) -> tuple[Any, ...]:
        """Return Attention with its weights in place of softmax(q · k + mask) · v of several heads.

        None if `last` is not what puts the heads side by side again.
        """
        product = self._made(
            self._transposed(last.input[0], _HEADS_FIRST) if last.op_type == "Reshape" else "", "MatMul"
        )
        if product is None:
            return ()
        weighed, values = product.input
        added = self._made(self._made_from(self._softmax(weighed), "Softmax"), "Add")
        compared = self._made(added.input[0], "MatMul") if added is not None else None
        if added is None or compared is None:
            return ()
        query, query_scale = self._scaled(compared.input[0])
        key, key_scale = self._scaled(compared.input[1])
        heads = [self._head(name) for name in (query, self._turned(key), values)]
        sizes, sources = {size for *_, size in heads}, {source for source, *_ in heads}
        if len(sizes) != 1 or len(sources) != 1 or "" in sources:
            return ()
        size = sizes.pop()
        biases = [bias for _source, _weight, bias, _size in heads]
        widths = {tuple(self._constants[bias].dims) for bias in biases}
        if len(widths) != 1 or abs(query_scale * key_scale * math.sqrt(size) - 1) > 1e-5:
            return ()
        (width,) = widths.pop()
        result = last.output[0]
        weight, bias = f"{result}/weight", f"{result}/bias"
        return (
            self._joined([weight for _source, weight, _bias, _size in heads], weight, 1),
            self._joined(biases, bias, 0),
            self._node(
                op_type="Attention",
                domain=DOMAIN,
                input=[sources.pop(), weight, bias, "", "", added.input[1]],
                output=last.output,
                attribute=[{"name": "num_heads", "i": width // size, "type": _OF_INT}],
            ),
        )

    def _softmax(self, name: str) -> str:
        """Return the softmax that `name` is, also where 0 stands in place of what is no number."""
        where = self._made(name, "Where")
        if where is None:
            return name
        is_nan = self._made(where.input[0], "IsNaN")
        is_it = (
            is_nan is not None and is_nan.input[0] == where.input[2] and self._is_about(where.input[1], 0.0)
        )
        return str(where.input[2]) if is_it else ""

    def _scaled(self, name: str) -> tuple[str, float]:
        multiply = self._made(name, "Mul")
        scale = self._scalar(multiply.input[1]) if multiply is not None else None
        return (multiply.input[0], scale) if multiply is not None and scale is not None else ("", 0.0)

    def _turned(self, name: str) -> str:
        """Return the heads that are turned around for the product: three axes in between."""
        flat = self._transposed(self._made_from(name, "Reshape"), _LAST_TWO)
        return self._made_from(flat, "Reshape")

    def _head(self, name: str) -> tuple[str, str, str, int]:
        """Return (what is multiplied, weight, bias, size of a head) of some heads; "" where they are no such thing."""
        reshape = self._made(self._transposed(name, _HEADS_FIRST), "Reshape")
        shape = self._made(reshape.input[1], "Concat") if reshape is not None else None
        if reshape is None or shape is None:
            return "", "", "", 0
        product, bias = self._biased(reshape.input[0])
        multiply = self._made(product, "MatMul")
        size = self._integer(shape.input[len(shape.input) - 1])
        if multiply is None or not bias or size is None or size <= 0:
            return "", "", "", 0
        return multiply.input[0], multiply.input[1], bias, size

    def _transposed(self, name: str, order: Sequence[int]) -> str:
        node = self._made(name, "Transpose")
        is_it = node is not None and [(part.name, list(part.ints)) for part in node.attribute] == [
            ("perm", list(order))
        ]
        return str(node.input[0]) if node is not None and is_it else ""

    def _joined(self, names: Sequence[str], result: str, axis: int) -> Any:
        attribute = [{"name": "axis", "i": axis, "type": _OF_INT}]
        return self._node(op_type="Concat", input=names, output=[result], attribute=attribute)

    # --- what a name stands for ----------------------------------------------------------------------

    def _made(self, name: str, kind: str) -> Any:
        """Return the node that makes `name` if it is of this kind, else None."""
        node = self._makers.get(name)
        return node if node is not None and node.op_type == kind else None

    def _made_from(self, name: str, kind: str) -> str:
        node = self._made(name, kind)
        return str(node.input[0]) if node is not None else ""

    def _beside_constant(self, name: str, kind: str, value: float) -> str:
        """Return what an operator joins with a constant."""
        node = self._made(name, kind)
        if node is None or len(node.input) != 2:
            return ""
        first, second = node.input
        if self._is_about(second, value):
            return str(first)
        return str(second) if self._is_about(first, value) else ""

    def _biased(self, name: str) -> tuple[str, str]:
        """Return (values, bias) of what adds a vector of constants, empty where it is not that."""
        add = self._made(name, "Add")
        if add is None:
            return "", ""
        for values, bias in (tuple(add.input), tuple(add.input)[::-1]):
            tensor = self._constants.get(bias)
            if tensor is not None and len(tensor.dims) == 1:
                return values, bias
        return "", ""

    def _is_about(self, name: str, value: float) -> bool:
        scalar = self._scalar(name)
        return scalar is not None and abs(scalar - value) < 1e-6

    def _scalar(self, name: str) -> float | None:
        tensor = self._constants.get(name)
        if tensor is None or tensor.data_type != _FLOAT32 or len(tensor.raw_data) != 4:
            return None
        return float(struct.unpack("<f", tensor.raw_data)[0])

    def _integer(self, name: str) -> int | None:
        tensor = self._constants.get(name)
        if tensor is None or tensor.data_type != _INT64 or len(tensor.raw_data) != 8:
            return None
        return int(struct.unpack("<q", tensor.raw_data)[0])
