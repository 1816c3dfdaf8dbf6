"""What an ONNX file takes and gives, read without its weights: a file of gigabytes takes milliseconds.

The file is one protobuf message (onnx.proto): field 7 of a ModelProto is its graph, and of a GraphProto fields 11 and 12
are the inputs and outputs and 5 the weights. Weights are stepped over.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_GRAPH, _INPUTS, _OUTPUTS, _WEIGHTS = 7, 11, 12, 5
_VALUE_NAME, _TENSOR_DIMENSIONS, _TENSOR_NAME = 1, 1, 8
_LONGEST_NAME = 1000  # bytes


@dataclass(frozen=True, slots=True)
class OnnxOutline:
    """The names of inputs (without those that have a value already) and outputs, and how many weights there are."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    parameters: int


def read_outline(path: Path) -> OnnxOutline:
    """Read the outline of a file. Raises OSError, and ValueError where it is no ONNX model or ends too early."""
    with path.open("rb") as stream:
        content = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    graph = next((part for number, part in _fields(content) if number == _GRAPH and part is not None), None)
    if graph is None:
        raise ValueError("it has no graph")
    names: dict[int, list[str]] = {_INPUTS: [], _OUTPUTS: []}
    weights: dict[str, int] = {}
    for number, part in _fields(graph):
        if part is None:
            continue
        if number in names:
            names[number].append(_name_in(part, _VALUE_NAME))
        elif number == _WEIGHTS:
            weights[_name_in(part, _TENSOR_NAME)] = math.prod(_dimensions(part))
    inputs = tuple(name for name in names[_INPUTS] if name not in weights)
    return OnnxOutline(inputs, tuple(names[_OUTPUTS]), sum(weights.values()))


def _fields(content: memoryview) -> Iterator[tuple[int, memoryview | None]]:
    """Yield (number, content) of the fields of a message; None for a number. Raises ValueError for damage."""
    at, end = 0, len(content)
    while at < end:
        tag, at = _varint(content, at)
        kind = tag & 7
        if kind == 2:
            length, at = _varint(content, at)
            if at + length > end:
                raise ValueError("it ends too early")
            yield tag >> 3, content[at : at + length]
            at += length
            continue
        if kind == 0:
            _, at = _varint(content, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise ValueError("it is damaged")
        yield tag >> 3, None
    if at != end:
        raise ValueError("it ends too early")


def _dimensions(tensor: memoryview) -> list[int]:
    """Return TensorProto.dims, which writers lay down packed or one by one."""
    found: list[int] = []
    at = 0
    while at < len(tensor):
        tag, at = _varint(tensor, at)
        number, kind = tag >> 3, tag & 7
        if kind == 2:
            length, at = _varint(tensor, at)
            end = at + length
            if number == _TENSOR_DIMENSIONS:
                while at < end:
                    value, at = _varint(tensor, at)
                    found.append(value)
            at = end
        elif kind == 0:
            value, at = _varint(tensor, at)
            if number == _TENSOR_DIMENSIONS:
                found.append(value)
        else:
            at += 8 if kind == 1 else 4
    return found


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(content) and shift < 64:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
        shift += 7
    raise ValueError("it ends too early")


def _name_in(message: memoryview, number: int) -> str:
    part = next((part for found, part in _fields(message) if found == number and part is not None), None)
    return "" if part is None else bytes(part[:_LONGEST_NAME]).decode("utf-8", "replace")
