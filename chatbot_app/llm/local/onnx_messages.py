"""ONNX models as messages, without the `onnx` package: the part of onnx.proto that our rewritings read or change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

# Field, number, kind. protobuf hands on what it does not know.
_SCHEMA: Mapping[str, tuple[tuple[str, int, str], ...]] = {
    "Model": (("graph", 7, "Graph"), ("opset_import", 8, "OperatorSet*")),
    "OperatorSet": (("domain", 1, "string"), ("version", 2, "int64")),
    "Graph": (("node", 1, "Node*"), ("initializer", 5, "Tensor*"), ("output", 12, "Value*")),
    "Node": (
        ("input", 1, "string*"),
        ("output", 2, "string*"),
        ("name", 3, "string"),
        ("op_type", 4, "string"),
        ("attribute", 5, "Attribute*"),
        ("domain", 7, "string"),
    ),
    "Attribute": (("name", 1, "string"), ("i", 3, "int64"), ("ints", 8, "int64*"), ("type", 20, "int64")),
    "Tensor": (
        ("dims", 1, "int64*"),
        ("data_type", 2, "int64"),
        ("name", 8, "string"),
        ("raw_data", 9, "bytes"),
        ("external_data", 13, "Entry*"),
        ("data_location", 14, "int64"),
    ),
    "Entry": (("key", 1, "string"), ("value", 2, "string")),
    "Value": (("name", 1, "string"),),
}


def read_model(model: bytes) -> Any:
    """Return an ONNX model as a message. Raises ValueError where `model` is none."""
    read = message_class("Model")()
    try:
        read.ParseFromString(model)
    except DecodeError as exc:
        raise ValueError(f"it is not an ONNX model ({exc})") from exc
    return read


def with_nodes(read: Any, nodes: Sequence[Any]) -> bytes:
    """Return a model with other nodes, in their order; those whose results nobody asks for are left out."""
    graph = read.graph
    changed = type(graph)(node=_without_unused(nodes, (value.name for value in graph.output)))
    del graph.node[:]
    graph.MergeFrom(changed)
    written: bytes = read.SerializeToString()
    return written


def _without_unused(nodes: Sequence[Any], results: Iterable[str]) -> list[Any]:
    used = Counter([*(name for node in nodes for name in node.input), *results])
    kept = []
    for node in reversed(nodes):
        if any(used[name] for name in node.output):
            kept.append(node)
        else:
            used.subtract(node.input)
    return kept[::-1]


@cache
def message_class(name: str) -> Any:
    """Return the class of a kind of message: "Model", "Node" …"""
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"onnx_graph.{name}"))


@cache
def _pool() -> descriptor_pool.DescriptorPool:
    return described("onnx_graph", _SCHEMA)


def described(
    package: str, schema: Mapping[str, Sequence[tuple[str, int, str]]]
) -> descriptor_pool.DescriptorPool:
    """Return a pool of messages: of each its fields with their numbers and kinds, "*" behind those that repeat."""
    kinds = descriptor_pb2.FieldDescriptorProto
    types = {
        "string": kinds.TYPE_STRING,
        "int64": kinds.TYPE_INT64,
        "float": kinds.TYPE_FLOAT,
        "bytes": kinds.TYPE_BYTES,
    }
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto2")
    for message, fields in schema.items():
        written = file.message_type.add(name=message)
        for name, number, kind in fields:
            single = kind.rstrip("*")
            field = written.field.add(name=name, number=number)
            field.label = kinds.LABEL_REPEATED if kind != single else kinds.LABEL_OPTIONAL
            if single in schema:
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".{package}.{single}"
            else:
                field.type = types[single]
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool
