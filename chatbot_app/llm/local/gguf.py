"""The metadata at the start of a GGUF file: what a model was trained with, its vocabulary, template and tensors.

Source of the format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3).

The package `gguf` (0.19) reads the same; it makes arrays of numpy of every string, which takes 3.7 s of a processor for the
built-in file and more than nine for a vocabulary of 150,000, against 0.05 s and 0.13 s here, and brings numpy (0.2 s) into a
child that has none. Tests write their files with it.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

from chatbot_app.llm.local.ggml_types import tensor_bytes

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_STRING, _ARRAY = 8, 9
_SCALARS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d",
}  # fmt: skip
_DEEPEST = 4  # arrays within arrays; no model has any
_MOST_ENTRIES = 8_000_000  # of all arrays together; the largest vocabularies have 300,000 tokens
_DIMENSIONS = 4  # of a tensor, at most
_ALIGNMENT = 32  # bytes, where `general.alignment` says nothing else
_UNREAD = frozenset({"tokenizer.ggml.merges", "tokenizer.ggml.scores"})  # long, and of no use here

TOKENS = "tokenizer.ggml.tokens"
TOKEN_TYPES = "tokenizer.ggml.token_type"
CHAT_TEMPLATE = "tokenizer.chat_template"


class TokenType(IntEnum):
    """What a token of the vocabulary is, as `tokenizer.ggml.token_type` numbers it."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor as the file announces it; `offset` is in bytes from the file's beginning.

    `dimensions` begin with the one whose numbers lie side by side: numpy's shape is their reverse.
    """

    name: str
    elements: int
    kind: int  # a number of `ggml_types.GGML_TYPES`
    offset: int
    dimensions: tuple[int, ...] = ()

    @property
    def bytes(self) -> int | None:
        """What it takes in the file, None where its type is not known."""
        return tensor_bytes(self.elements, self.kind)


@dataclass(frozen=True, slots=True)
class GgufMetadata:
    """The keys and values of a file; `tokens` are the vocabulary in order, as bytes, with their types.

    `tensors` are those of this file where they were asked for.
    """

    values: Mapping[str, Any]
    tokens: tuple[bytes, ...]
    token_types: tuple[int, ...]
    tensors: tuple[Tensor, ...] = ()

    @property
    def chat_template(self) -> str:
        """The Jinja source of the chat template, "" where the file has none."""
        template = self.values.get(CHAT_TEMPLATE)
        return template if isinstance(template, str) else ""

    def of_architecture(self, name: str) -> Any:
        """Return `<architecture>.<name>`, None where the file does not say it."""
        return self.values.get(f"{self.values.get('general.architecture')}.{name}")


def read_metadata(path: Path, *, merges: bool = False) -> GgufMetadata:
    """Return the metadata of a file with its vocabulary; some 0.1 s for one of 150,000.

    With `merges`, `values` hold merges (bytes) and scores of the vocabulary as well. Raises OSError, or ValueError
    where the file is no GGUF of a known version or is cut short.
    """
    values, _tensors = _read(path, frozenset() if merges else _UNREAD, tensors=False)
    tokens = values.pop(TOKENS, [])
    types = values.pop(TOKEN_TYPES, [])
    if not isinstance(tokens, list) or not all(isinstance(token, bytes) for token in tokens):
        raise ValueError("the vocabulary is no list of strings")
    if not isinstance(types, list) or len(types) < len(tokens):
        types = [TokenType.NORMAL] * len(tokens)
    return GgufMetadata(values, tuple(tokens), tuple(types))


def read_tensors(path: Path) -> GgufMetadata:
    """Return the metadata of a file with its tensors and without its vocabulary; raises like `read_metadata`."""
    values, tensors = _read(path, _UNREAD | {TOKENS, TOKEN_TYPES}, tensors=True)
    return GgufMetadata(values, (), (), tuple(tensors))


def _read(path: Path, unread: Set[str], *, tensors: bool) -> tuple[dict[str, Any], list[Tensor]]:
    with path.open("rb") as stream:
        try:
            content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as exc:  # an empty file cannot be mapped
            raise ValueError("the file is empty") from exc
        with content:
            return _Reader(content, unread).read(tensors)


class _Reader:
    def __init__(self, content: mmap.mmap, unread: Set[str]) -> None:
        self._content = content
        self._unread = unread
        self._size = len(content)
        self._at = 0
        self._entries = 0

    def read(self, tensors: bool) -> tuple[dict[str, Any], list[Tensor]]:
        try:
            if self._content[:4] != _MAGIC:
                raise ValueError("it does not begin with GGUF")
            self._at = 4
            version = self._scalar("<I")
            if version not in _VERSIONS:
                raise ValueError(_wrong_version(version))
            announced = self._scalar("<Q")
            values: dict[str, Any] = {}
            for _ in range(self._scalar("<Q")):
                key = self._string().decode("utf-8", "replace")
                value = self._value(self._scalar("<I"), wanted=key not in self._unread)
                values[key] = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
            found = self._tensors(announced, values.get("general.alignment")) if tensors else []
        except struct.error as exc:
            raise ValueError("the metadata ends too early") from exc
        return values, found

    def _tensors(self, announced: int, alignment: object) -> list[Tensor]:
        found = []
        for _ in range(announced):  # each takes some bytes, so the file's end stops it
            name = self._string().decode("utf-8", "replace")
            dimensions = self._scalar("<I")
            if dimensions > _DIMENSIONS:
                raise ValueError(f"a tensor has {dimensions} dimensions")
            shape = tuple(self._scalar("<Q") for _ in range(dimensions))
            kind, offset = self._scalar("<I"), self._scalar("<Q")
            found.append(Tensor(name, math.prod(shape), kind, offset, shape))
        step = alignment if isinstance(alignment, int) and alignment > 0 else _ALIGNMENT
        start = -(-self._at // step) * step
        return [replace(tensor, offset=start + tensor.offset) for tensor in found]

    def _scalar(self, form: str) -> Any:
        value = struct.unpack_from(form, self._content, self._at)[0]
        self._at += struct.calcsize(form)
        return value

    def _string(self) -> bytes:
        length = self._scalar("<Q")
        if length > self._size - self._at:
            raise ValueError("a string is longer than the file")
        start = self._at
        self._at += length
        return self._content[start : self._at]

    def _value(self, kind: int, *, wanted: bool, depth: int = 0) -> Any:
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            return self._array(wanted, depth)
        if kind not in _SCALARS:
            raise ValueError(f"a value has the unknown type {kind}")
        return self._scalar(_SCALARS[kind])

    def _array(self, wanted: bool, depth: int) -> list[Any] | None:
        kind, length = self._scalar("<I"), self._scalar("<Q")
        self._entries += length
        if self._entries > _MOST_ENTRIES:
            raise ValueError("its arrays are too long")
        if kind in _SCALARS:
            form = f"<{length}{_SCALARS[kind][1]}" if length <= self._size else ""
            if not form or struct.calcsize(form) > self._size - self._at:
                raise ValueError("an array is longer than the file")
            start = self._at
            self._at += struct.calcsize(form)
            return list(struct.unpack_from(form, self._content, start)) if wanted else None
        if kind == _STRING:
            return self._strings(length, wanted)
        if depth >= _DEEPEST:
            raise ValueError("arrays are nested too deeply")
        found = []
        for _ in range(length):  # each takes some bytes, so the file's end stops it
            found.append(self._value(kind, wanted=wanted, depth=depth + 1))
        return found if wanted else None

    def _strings(self, length: int, wanted: bool) -> list[Any] | None:
        """Read an array of strings; a vocabulary has hundreds of thousands, so nothing is called for each."""
        content, at, size = self._content, self._at, self._size
        found = []
        for _ in range(length):
            start = at + 8
            at = start + int.from_bytes(content[at:start], "little")
            if at > size or start > size:
                raise ValueError("a string is longer than the file")
            if wanted:
                found.append(content[start:at])
        self._at = at
        return found if wanted else None


def _wrong_version(version: int) -> str:
    swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
    if swapped in _VERSIONS:
        return "it was made for processors that write numbers from the other end"
    return f"its version of GGUF, {version}, is not known"
