"""Pictures that a person brings: whether they are pictures, and in a kind that can be kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

from chatbot_app.core.picture_errors import PictureUnusable
from chatbot_app.core.pictures import (
    HEAD_BYTES,
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    Picture,
    PictureFacts,
    facts_of,
)
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.picture_decoding import decoded
from chatbot_app.ui.picture_encoding import as_file

THUMBNAIL = 320  # pixels, at most
PICTURE_ENDINGS = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".bmp",
    ".tif",
    ".tiff",
    ".heic",
    ".heif",
    ".avif",
)
_CONVERTED = (b"bmp", b"tiff")  # what Qt reads of the rest, and becomes PNG or JPEG
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture that can be sent, and how it looks, small."""

    picture: Picture
    thumbnail: QImage


def is_picture_file(path: Path) -> bool:
    """Whether a file is called like a picture."""
    return path.suffix.lower() in PICTURE_ENDINGS


def read_picture_file(path: Path, new_id: Callable[[], str]) -> ReadPicture:
    """Return the picture in a file; raises PictureUnusable. It blocks, and is called away from the window."""
    name = visible_text(path.name)
    try:
        with path.open("rb") as stream:
            data = stream.read(4 * MOST_BYTES + 1)  # a bitmap becomes smaller
    except OSError as exc:
        raise PictureUnusable(name=name, detail=f"{exc.strerror}.") from exc
    return read_picture(name, data, new_id)


def read_picture(name: str, data: bytes, new_id: Callable[[], str]) -> ReadPicture:
    """Return a picture out of the bytes of a file; raises PictureUnusable.

    PNG, JPEG, GIF and WebP are kept as they are; bitmaps and TIFF become PNG, or JPEG where that would be too large.
    """
    facts = facts_of(data[:HEAD_BYTES])
    if facts is None:
        return _converted(name, data, new_id)
    if facts.is_too_large:
        raise PictureUnusable(name=name, detail=_too_large(facts.width, facts.height))
    if len(data) > MOST_BYTES:
        megabytes = MOST_BYTES // 2**20
        raise PictureUnusable(name=name, detail=f"it has more than {megabytes} MB.")
    thumbnail = decoded(data, QSize(THUMBNAIL, THUMBNAIL))
    if thumbnail.isNull():
        raise PictureUnusable(name=name, detail="it is damaged.")
    # A photograph may lie on its side in the file: what is seen counts.
    turned = (thumbnail.width() < thumbnail.height()) != (facts.width < facts.height)
    width, height = (facts.height, facts.width) if turned else (facts.width, facts.height)
    return ReadPicture(Picture(new_id(), name, facts.media_type, width, height, data), thumbnail)


def picture_of(name: str, image: QImage, new_id: Callable[[], str]) -> ReadPicture:
    """Return a picture out of pixels, as a clipboard has them; raises PictureUnusable."""
    facts = PictureFacts("", image.width(), image.height())
    if image.isNull():
        raise PictureUnusable(name=name, detail="there is nothing on it.")
    if facts.is_too_large:
        raise PictureUnusable(name=name, detail=_too_large(image.width(), image.height()))
    data = as_file(image, "PNG")
    if len(data) > MOST_BYTES:
        data = as_file(image, "JPEG")
    return read_picture(name, data, new_id)


def _converted(name: str, data: bytes, new_id: Callable[[], str]) -> ReadPicture:
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise PictureUnusable(name=name, detail="pictures of the kinds HEIC and AVIF cannot be read.")
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    kind = bytes(QImageReader.imageFormat(buffer).data())
    if kind not in _CONVERTED:
        raise PictureUnusable(name=name, detail="it is no picture (PNG, JPEG, GIF, WebP, BMP or TIFF).")
    reader = QImageReader(buffer, QByteArray(kind))
    size = reader.size()
    if PictureFacts("", size.width(), size.height()).is_too_large:
        reader.setDevice(None)  # type: ignore[arg-type]  # PySide6's stub does not say that it takes None
        raise PictureUnusable(name=name, detail=_too_large(size.width(), size.height()))
    reader.setAutoTransform(True)
    image = reader.read()
    reader.setDevice(None)  # type: ignore[arg-type]  # as above; its end reads the buffer (TIFF), which Python may take down first
    if image.isNull():
        raise PictureUnusable(name=name, detail="it is damaged.")
    return picture_of(name, image, new_id)


def _too_large(width: int, height: int) -> str:
    if max(width, height) > LONGEST_SIDE:
        return f"it is {width:,} × {height:,} pixels; {LONGEST_SIDE:,} a side are the most."
    return f"it has {width * height // 1_000_000:,} megapixels; {MOST_PIXELS // 1_000_000} are the most."
