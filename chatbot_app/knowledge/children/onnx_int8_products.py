"""One rewriting of an ONNX graph for short texts: products are computed of the int8 weights as they are stored.

A product with weights that are stored as int8 is written down as MatMul(x, Mul(Cast(codes), scales)): onnxruntime widens
them to float32 when it loads, and reads four times as much of the memory for each text. With few tokens that is what takes
the time. MatMulNBits multiplies the codes themselves; of `x`, `_BLOCK` numbers share a scale. The vectors are near the
others (cosine at least .999 for questions), not the same, and many tokens take no less time: not for passages.
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.children.onnx_fusing import DOMAIN
from chatbot_app.llm.local.onnx_messages import message_class, read_model, with_nodes

_BLOCK = 64  # 32: .9997 and an eighth more time; 128: .9991 and a tenth less
_BITS, _ZERO = 8, 128  # a code is stored as it is above -128
_OF_INT8 = 4  # the accuracy level at which `x` is made int8, too
_FLOAT32, _UINT8, _INT64 = 1, 2, 7  # types of a tensor
_OF_INT = 2  # the type of an attribute


def with_int8_products(model: bytes) -> bytes:
    """Return an ONNX model whose products with int8 weights, and those inside Attention, take them as they are.

    What is of another form stays as it is. Raises ValueError where `model` is no protobuf message.
    """
    read = read_model(model)
    graph = _Graph(read.graph)
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


class _Graph:
    """The nodes of a graph by what they make, its constants, and those that are added."""

    def __init__(self, graph: Any) -> None:
        self._node, self._tensor = message_class("Node"), message_class("Tensor")
        self._makers = {name: node for node in graph.node for name in node.output}
        self._constants = {tensor.name: tensor for tensor in graph.initializer}
        self.added: list[Any] = []

    def product(self, node: Any) -> tuple[Any, ...]:
        """Return what takes the place of a product with weights; nothing if `node` is not that."""
        weights = self._weights(node.input[1]) if node.op_type == "MatMul" else None
        return () if weights is None else (self._multiplied(node.input[0], *weights, node.output[0]),)

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
        self._add(sizes, _INT64, np.full(3, codes.shape[1] // 3, np.int64))
        return (
            self._multiplied(node.input[0], codes, scales, together),
            self._node(
                op_type="Split", input=[together, sizes], output=heads, attribute=[_integer("axis", 2)]
            ),
            self._node(
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
        if codes is None or scales is None or len(codes.dims) != 2 or codes.dims[0] % _BLOCK:
            return None
        inputs, outputs = codes.dims
        if list(scales.dims) != [1, outputs] or len(codes.raw_data) != inputs * outputs:
            return None
        return (
            np.frombuffer(codes.raw_data, np.int8).reshape(inputs, outputs),
            np.frombuffer(scales.raw_data, "<f4"),
        )

    def _multiplied(
        self, values: str, codes: npt.NDArray[np.int8], scales: npt.NDArray[np.float32], result: str
    ) -> Any:
        inputs, outputs = codes.shape
        blocks = inputs // _BLOCK
        stored = (codes.T.astype(np.int16) + _ZERO).astype(np.uint8)
        self._add(f"{result}/codes", _UINT8, stored.reshape(outputs, blocks, _BLOCK))
        self._add(f"{result}/scales", _FLOAT32, np.repeat(scales[:, None], blocks, axis=1))
        sizes = {
            "K": inputs,
            "N": outputs,
            "bits": _BITS,
            "block_size": _BLOCK,
            "accuracy_level": _OF_INT8,
        }
        return self._node(
            op_type="MatMulNBits",
            domain=DOMAIN,
            input=[values, f"{result}/codes", f"{result}/scales"],
            output=[result],
            attribute=[_integer(name, value) for name, value in sizes.items()],
        )

    def _add(self, name: str, kind: int, values: npt.NDArray[Any]) -> None:
        little = values.astype(values.dtype.newbyteorder("<"))
        self.added.append(
            self._tensor(dims=values.shape, data_type=kind, name=name, raw_data=little.tobytes())
        )


def _integer(name: str, value: int) -> dict[str, Any]:
    return {"name": name, "i": value, "type": _OF_INT}
