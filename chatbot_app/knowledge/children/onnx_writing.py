"""ONNX graphs written from nothing: operators and constants, one after another.

The bytes depend on what is added alone, so that a graph can be pinned by its hash. What `onnx_messages` reads is another part
of onnx.proto: what a message knows decides where protobuf writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from google.protobuf import descriptor_pool, message_factory

from chatbot_app.llm.local.onnx_messages import described

# Field, number, kind; of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
_SCHEMA: Mapping[str, tuple[tuple[str, int, str], ...]] = {
    "Model": (("ir_version", 1, "int64"), ("graph", 7, "Graph"), ("opset_import", 8, "OperatorSet*")),
    "OperatorSet": (("domain", 1, "string"), ("version", 2, "int64")),
    "Graph": (
        ("node", 1, "Node*"),
        ("name", 2, "string"),
        ("initializer", 5, "Tensor*"),
        ("input", 11, "Value*"),
        ("output", 12, "Value*"),
    ),
    "Node": (
        ("input", 1, "string*"),
        ("output", 2, "string*"),
        ("op_type", 4, "string"),
        ("attribute", 5, "Attribute*"),
        ("domain", 7, "string"),
    ),
    "Attribute": (
        ("name", 1, "string"),
        ("f", 2, "float"),
        ("i", 3, "int64"),
        ("ints", 8, "int64*"),
        ("type", 20, "int64"),
    ),
    "Tensor": (
        ("dims", 1, "int64*"),
        ("data_type", 2, "int64"),
        ("name", 8, "string"),
        ("raw_data", 9, "bytes"),
    ),
    "Value": (("name", 1, "string"), ("type", 2, "Type")),
    "Type": (("tensor_type", 1, "TensorType"),),
    "TensorType": (("elem_type", 1, "int64"), ("shape", 2, "Shape")),
    "Shape": (("dim", 1, "Dimension*"),),
    "Dimension": (("dim_value", 1, "int64"), ("dim_param", 2, "string")),
}
_IR_VERSION = 8  # of ONNX 1.10
_FLOAT32 = 1
_TENSOR_TYPES = {"float32": _FLOAT32, "uint8": 2, "int8": 3, "int64": 7}
_OF_FLOAT, _OF_INT, _OF_INTS = 1, 2, 7  # the type of an attribute


class GraphWriter:
    """A graph that grows in the order of its computing; `versions` are those of the sets of operators by their domain."""

    def __init__(self, name: str, versions: Mapping[str, int]) -> None:
        self._model = _message("Model")(ir_version=_IR_VERSION)
        self._graph = self._model.graph
        self._graph.name = name
        for domain, version in versions.items():
            self._model.opset_import.add(domain=domain, version=version)
        self._constants: set[str] = set()

    def add_input(self, name: str, shape: Sequence[int | str]) -> str:
        """Add what is given as float32, and return its name; a size of `shape` that varies is a word."""
        self._add_value(self._graph.input, name, shape)
        return name

    def add_output(self, name: str, shape: Sequence[int | str]) -> None:
        """Say which float32 values are asked for."""
        self._add_value(self._graph.output, name, shape)

    def add_constant(self, name: str, values: npt.NDArray[Any]) -> str:
        """Add an array of float32, uint8, int8 or int64 and return its name; where the name is taken, it is the same one."""
        if name not in self._constants:
            self._constants.add(name)
            little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
            self._graph.initializer.add(
                dims=values.shape,
                data_type=_TENSOR_TYPES[values.dtype.name],
                name=name,
                raw_data=little.tobytes(),
            )
        return name

    def add_node(
        self,
        kind: str,
        inputs: Sequence[str],
        *outputs: str,
        domain: str = "",
        **attributes: float | Sequence[int],
    ) -> str:
        """Add an operator and return the name of the first of its results."""
        node = self._graph.node.add(op_type=kind, input=inputs, output=outputs, domain=domain)
        for name, value in attributes.items():
            if isinstance(value, int):
                node.attribute.add(name=name, i=value, type=_OF_INT)
            elif isinstance(value, float):
                node.attribute.add(name=name, f=value, type=_OF_FLOAT)
            else:
                node.attribute.add(name=name, ints=value, type=_OF_INTS)
        return outputs[0]

    def written(self) -> bytes:
        """Return the model as a file holds it."""
        content: bytes = self._model.SerializeToString(deterministic=True)
        return content

    @staticmethod
    def _add_value(values: Any, name: str, shape: Sequence[int | str]) -> None:
        tensor = values.add(name=name).type.tensor_type
        tensor.elem_type = _FLOAT32
        for size in shape:
            if isinstance(size, int):
                tensor.shape.dim.add(dim_value=size)
            else:
                tensor.shape.dim.add(dim_param=size)


def _message(name: str) -> Any:
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"onnx_writing.{name}"))


@cache
def _pool() -> descriptor_pool.DescriptorPool:
    return described("onnx_writing", _SCHEMA)
