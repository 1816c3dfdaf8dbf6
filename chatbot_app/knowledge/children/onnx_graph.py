"""One rewriting of an ONNX graph: rows are taken from a table as it is stored, and only those are widened.

A table of word vectors stored as int8 is written down as Gather(Mul(Cast(table), scale), ids): all rows become
float32, then some are taken. onnxruntime works the first half out when it loads, and keeps it: 47 MB for
all-MiniLM-L6-v2, in place of 12. To gather first gives the same numbers, bit for bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

# The part of onnx.proto that is read or changed here: field, number, kind. protobuf hands on what it does not know.
_SCHEMA: Mapping[str, tuple[tuple[str, int, str], ...]] = {
    "Model": (("graph", 7, "Graph"),),
    "Graph": (("node", 1, "Node*"), ("initializer", 5, "Tensor*"), ("output", 12, "Value*")),
    "Node": (
        ("input", 1, "string*"),
        ("output", 2, "string*"),
        ("name", 3, "string"),
        ("op_type", 4, "string"),
        ("attribute", 5, "Attribute*"),
    ),
    "Attribute": (("name", 1, "string"), ("i", 3, "int64")),
    "Tensor": (("dims", 1, "int64*"), ("name", 8, "string")),
    "Value": (("name", 1, "string"),),
}


def gathered_before_widened(model: bytes) -> bytes:
    """Return an ONNX model with each Gather of a widened table put before the widening.

    Nodes of another form stay as they are. Raises ValueError where `model` is no protobuf message.
    """
    read = _model_class()()
    try:
        read.ParseFromString(model)
    except DecodeError as exc:
        raise ValueError(f"it is not an ONNX model ({exc})") from exc
    graph = read.graph
    makers = {name: node for node in graph.node for name in node.output}
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    nodes = [part for node in graph.node for part in _gathered_first(node, makers, shapes) or (node,)]
    used = Counter(
        [*(name for node in nodes for name in node.input), *(value.name for value in graph.output)]
    )
    kept = []
    for node in reversed(nodes):
        if any(used[name] for name in node.output):
            kept.append(node)
        else:  # what nobody asks for any more: the widening of the whole table
            used.subtract(node.input)
    changed = type(graph)(node=reversed(kept))
    del graph.node[:]
    graph.MergeFrom(changed)
    written: bytes = read.SerializeToString()
    return written


def _gathered_first(
    gather: Any, makers: Mapping[str, Any], shapes: Mapping[str, list[int]]
) -> tuple[Any, ...]:
    """Return nodes with the result of Gather(Mul(Cast(table), scale), ids); none if `gather` is not that."""
    if gather.op_type != "Gather" or any(part.name == "axis" and part.i != 0 for part in gather.attribute):
        return ()
    multiply = makers.get(gather.input[0])
    if multiply is None or multiply.op_type != "Mul":
        return ()
    widen, scale = makers.get(multiply.input[0]), multiply.input[1]
    if widen is None or widen.op_type != "Cast":
        return ()
    table, ids, result = widen.input[0], gather.input[1], gather.output[0]
    if len(shapes.get(table, ())) != 2 or shapes.get(scale) != [shapes[table][0], 1]:
        return ()
    stored, widened, scales = (f"{result}/{name}" for name in ("stored", "widened", "scales"))
    return (
        _between((table, ids), gather, stored),
        _between((stored,), widen, widened),
        _between((scale, ids), gather, scales),
        _between((widened, scales), multiply, result),
    )


def _between(inputs: tuple[str, ...], node: Any, output: str) -> Any:
    """Return the operation of `node` on other values, without its name: no two nodes may share one."""
    copy = type(node)()
    copy.CopyFrom(node)
    copy.ClearField("name")
    copy.input[:], copy.output[:] = inputs, [output]
    return copy


def _model_class() -> Any:
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="onnx_graph.proto", package="onnx_graph", syntax="proto2")
    for message, fields in _SCHEMA.items():
        described = file.message_type.add(name=message)
        for name, number, kind in fields:
            single = kind.rstrip("*")
            field = described.field.add(name=name, number=number)
            field.label = kinds.LABEL_REPEATED if kind != single else kinds.LABEL_OPTIONAL
            if single in _SCHEMA:
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".onnx_graph.{single}"
            else:
                field.type = {"string": kinds.TYPE_STRING, "int64": kinds.TYPE_INT64}[single]
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("onnx_graph.Model"))
