"""Pictures that a person brings: kept as they are, made into PNG, or refused with the reason."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from chatbot_app.core.picture_errors import PictureUnusable
from chatbot_app.core.pictures import MOST_BYTES, facts_of
from chatbot_app.ui.picture_encoding import encoded
from chatbot_app.ui.picture_reading import ReadPicture, picture_of, read_picture, read_picture_file
from tests.photographs import photograph
from tests.tiny_png import chunk, png


def read(data: bytes, name: str = "a.png") -> ReadPicture:
    numbers = count(1)
    return read_picture(name, data, lambda: str(next(numbers)))


def as_kind(kind: str, width: int = 40, height: int = 30) -> bytes:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def test_what_can_be_kept_is_kept_byte_for_byte() -> None:
    data = png(40, 30)
    found = read(data)
    assert found.picture.data == data
    assert (found.picture.media_type, found.picture.width, found.picture.height) == ("image/png", 40, 30)
    assert found.thumbnail.width() == 40


@pytest.mark.parametrize("kind", ["BMP", "TIFF"])
def test_other_kinds_become_png(kind: str) -> None:
    found = read(as_kind(kind), f"a.{kind.lower()}")
    assert found.picture.media_type == "image/png"
    assert found.picture.name == f"a.{kind.lower()}"


def test_a_photograph_that_lies_on_its_side_has_the_size_that_is_seen() -> None:
    found = read(photograph(60, 20, orientation=6))
    assert (found.picture.width, found.picture.height) == (20, 60)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"I am a text.", "it is no picture"),
        (b"", "it is no picture"),
        (png(40, 30)[:60], "it is damaged"),
        (png(12_000, 9_000 // 9000)[:40] + b"x" * 20, "it is damaged"),
        (
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", (12_000).to_bytes(4) + (9_000).to_bytes(4) + bytes(5)),
            "108 megapixels",
        ),
        (
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", (40_000).to_bytes(4) + (10).to_bytes(4) + bytes(5)),
            "40,000 × 10",
        ),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC and AVIF"),
        (png(40, 30) + bytes(MOST_BYTES), "more than 16 MB"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(PictureUnusable) as refused:
        read(data)
    assert reason in refused.value.summary
    assert refused.value.summary.startswith("The picture a.png cannot be used: ")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PictureUnusable, match=r"none\.png cannot be used: No such file"):
        read_picture_file(tmp_path / "none.png", str)


def test_nothing_pasted_is_refused() -> None:
    with pytest.raises(PictureUnusable, match="nothing on it"):
        picture_of("pasted.png", QImage(), str)


def test_what_is_transparent_is_sent_on_white_without_what_the_file_says_besides() -> None:
    plain = as_kind("PNG")
    told = plain[:33] + chunk(b"tEXt", b"Comment\0taken at home") + plain[33:]
    sent = encoded(told)
    assert sent is not None
    assert sent.media_type == "image/png"
    assert b"taken at home" not in sent.data
    image = QImage.fromData(sent.data)
    assert not image.hasAlphaChannel()
    assert image.pixelColor(5, 5) == QColor("white")


@pytest.mark.parametrize(
    ("width", "height", "sent_as"),
    [(6000, 3, (2048, 32)), (3, 6000, (32, 2048)), (1, 1, (32, 32)), (4096, 2048, (2048, 1024))],
)
def test_every_picture_is_sent_in_a_size_that_models_take(
    width: int, height: int, sent_as: tuple[int, int]
) -> None:
    sent = encoded(png(width, height))
    assert sent is not None
    facts = facts_of(sent.data)
    assert facts is not None
    assert (facts.width, facts.height) == sent_as


def test_a_webp_picture_is_sent_as_jpeg() -> None:
    sent = encoded(as_kind("WEBP"))
    assert sent is not None
    assert sent.media_type == "image/jpeg"


def test_what_is_damaged_is_not_sent() -> None:
    assert encoded(png(40, 30)[:60]) is None
