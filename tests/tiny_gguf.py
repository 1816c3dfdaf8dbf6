"""Writes the smallest GGUF files that llama.cpp loads: a vocabulary, a chat template and weights of zero."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)
_WIDTH, _HEADS, _INNER = 32, 2, 32
_ALIGNMENT = 32
_SIZES = {
    "block_count": 1,
    "embedding_length": _WIDTH,
    "feed_forward_length": _INNER,
    "attention.head_count": _HEADS,
    "attention.head_count_kv": _HEADS,
    "rope.dimension_count": _WIDTH // _HEADS,
}
_STRING, _ARRAY = 8, 9
_BYTES = {
    0: 1,
    1: 1,
    2: 2,
    3: 2,
    4: 4,
    5: 4,
    6: 4,
    7: 1,
    10: 8,
    11: 8,
    12: 8,
}  # of a value of each other kind
_MOST_HEAD = 8_000_000  # bytes that a vocabulary takes, and more

Token = tuple[str, int]


def write_model(
    path: Path,
    special: Sequence[Token],
    *,
    template: str | None = None,
    sentencepiece: bool = False,
    context_length: int = 512,
    extra: Mapping[str, Any] | None = None,
) -> list[Token]:
    """Write a model of one layer and return its vocabulary: the special tokens first, then one token a byte."""
    tokens = [*special, *(_spm_pieces() if sentencepiece else bpe_pieces())]
    values: dict[str, Any] = {
        "general.architecture": "llama",
        "llama.block_count": 1,
        "llama.context_length": context_length,
        "llama.embedding_length": _WIDTH,
        "llama.feed_forward_length": _INNER,
        "llama.attention.head_count": _HEADS,
        "llama.attention.head_count_kv": _HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": _WIDTH // _HEADS,
        "tokenizer.ggml.model": "llama" if sentencepiece else "gpt2",
        "tokenizer.ggml.tokens": [text for text, _ in tokens],
        "tokenizer.ggml.token_type": [kind for _, kind in tokens],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
    }
    if sentencepiece:
        values["tokenizer.ggml.scores"] = [-float(number) for number in range(len(tokens))]
        values["tokenizer.ggml.unknown_token_id"] = 0
    else:
        values["tokenizer.ggml.merges"] = ["h e", "l l"]
        values["tokenizer.ggml.pre"] = "smollm"
    if template is not None:
        values["tokenizer.chat_template"] = template
    path.write_bytes(gguf_bytes(values | dict(extra or {}), _tensors(len(tokens))))
    return tokens


def write_without_weights(source: Path, target: Path) -> Path:
    """Write a model of the LLaMA family again with one small layer of zeros: it counts as `source`, and costs nothing.

    Vocabulary, chat template, window and all else that the file says stay byte by byte; only the sizes of its layers change.
    """
    head = source.read_bytes()[:_MOST_HEAD]
    places, end = _places(head)
    changed = bytearray(head[:end])
    for key, size in _SIZES.items():
        struct.pack_into("<I", changed, places[f"llama.{key}"], size)
    (vocabulary,) = struct.unpack_from("<I", head, places["llama.vocab_size"])
    tensors = _tensors(vocabulary)
    struct.pack_into("<Q", changed, 8, len(tensors))
    start, size = _with_tensors(bytes(changed), tensors)
    with target.open("wb") as file:
        file.write(start)
        file.truncate(len(start) + size)
        file.seek(4 * _WIDTH * vocabulary - 4, os.SEEK_CUR)
        file.write(struct.pack("<f", 1.0))  # a large tensor that ends in zeros is a download that is not over
    return target


def _places(head: bytes) -> tuple[dict[str, int], int]:
    """Return where the value of each key begins, and where the last one ends."""
    places, at = {}, 24
    for _ in range(struct.unpack_from("<Q", head, 16)[0]):
        after = _end_of_string(head, at)
        key, (kind,) = head[at + 8 : after].decode(), struct.unpack_from("<I", head, after)
        places[key] = after + 4
        at = _end_of_value(head, after + 4, kind)
    return places, at


def _end_of_value(head: bytes, at: int, kind: int) -> int:
    if kind == _STRING:
        return _end_of_string(head, at)
    if kind != _ARRAY:
        return at + _BYTES[kind]
    inner, count = struct.unpack_from("<IQ", head, at)
    at += 12
    if inner in _BYTES:
        return at + count * _BYTES[inner]
    for _ in range(count):
        at = _end_of_value(head, at, inner)
    return at


def _end_of_string(head: bytes, at: int) -> int:
    return int(at + 8 + struct.unpack_from("<Q", head, at)[0])


def gguf_bytes(values: Mapping[str, Any], tensors: Sequence[tuple[str, tuple[int, ...]]] = ()) -> bytes:
    """Return a file of version 3 with these values and tensors of zeros."""
    head = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(values))]
    for key, value in values.items():
        head += [_string(key), _value(value)]
    start, size = _with_tensors(b"".join(head), tensors)
    return start + bytes(size)


def _with_tensors(head: bytes, tensors: Sequence[tuple[str, tuple[int, ...]]]) -> tuple[bytes, int]:
    """Return all that stands before the tensors' data, and how long the data are."""
    parts, offset = [head], 0
    for name, shape in tensors:
        parts.append(_string(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, offset))
        offset += _padded(4 * _product(shape))
    start = b"".join(parts)
    return start.ljust(_padded(len(start)), b"\0"), offset


def _tensors(vocabulary: int) -> list[tuple[str, tuple[int, ...]]]:
    square, norm = (_WIDTH, _WIDTH), (_WIDTH,)
    layer = {
        "attn_norm": norm, "attn_q": square, "attn_k": square, "attn_v": square, "attn_output": square,
        "ffn_norm": norm, "ffn_gate": (_WIDTH, _INNER), "ffn_up": (_WIDTH, _INNER), "ffn_down": (_INNER, _WIDTH),
    }  # fmt: skip
    return [
        ("token_embd.weight", (_WIDTH, vocabulary)),
        ("output_norm.weight", norm),
        *((f"blk.0.{name}.weight", shape) for name, shape in layer.items()),
    ]


def _spm_pieces() -> list[Token]:
    letters = [chr(code) for code in range(33, 127)] + ["▁"]
    return [(f"<0x{byte:02X}>", BYTE) for byte in range(256)] + [(letter, NORMAL) for letter in letters]


def bpe_pieces() -> list[Token]:
    """The 256 letters of GPT-2's byte encoding, and the pieces of the merges."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = [chr(byte) for byte in printable] + [chr(256 + number) for number in range(len(others))]
    return [(letter, NORMAL) for letter in [*letters, "he", "ll"]]


def _string(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def _value(value: Any) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + _string(value)
    if isinstance(value[0], str):
        return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_string, value))
    form, kind = ("f", 6) if isinstance(value[0], float) else ("i", 5)
    return struct.pack(f"<IIQ{len(value)}{form}", 9, kind, len(value), *value)


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _product(shape: Sequence[int]) -> int:
    product = 1
    for length in shape:
        product *= length
    return product
