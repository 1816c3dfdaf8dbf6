"""Pictures made ready for models and for keeping: pixels alone, of a size that all take, in a kind that all read."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QPainter

from chatbot_app.chat.picture_courier import EncodedPicture
from chatbot_app.core.pictures import HEAD_BYTES, facts_of
from chatbot_app.core.sight import SENT_SIDE, sent_size
from chatbot_app.ui.chat.picture_decoding import decoded

JPEG_QUALITY = 90
LARGEST_PNG = 3 * 1024 * 1024  # bytes; a photograph that came as PNG is sent as JPEG


def encoded(data: bytes) -> EncodedPicture | None:
    """Return a picture as it is sent, None where it is damaged or too large; works without a window, in any thread.

    At most `SENT_SIDE` pixels wide and high, on white where it is transparent, in sRGB, and drawn anew: nothing of what the
    file says besides (where and when it was taken, by which camera, comments) goes along.
    """
    image = decoded(data, QSize(SENT_SIDE, SENT_SIDE))
    if image.isNull():
        return None
    plain = _pixels_alone(image)
    facts = facts_of(data[:HEAD_BYTES])
    if facts is not None and facts.media_type in ("image/png", "image/gif"):
        packed = as_file(plain, "PNG")
        if len(packed) <= LARGEST_PNG:
            return EncodedPicture("image/png", packed)
    return EncodedPicture("image/jpeg", as_file(plain, "JPEG"))


def as_file(image: QImage, kind: str) -> bytes:
    """Return an image as the bytes of a file, "PNG" or "JPEG"."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, JPEG_QUALITY if kind == "JPEG" else -1)  # type: ignore[call-overload]  # PySide6's stub has the format as bytes, PySide6 takes text alone
    return bytes(buffer.data().data())


def _pixels_alone(image: QImage) -> QImage:
    space = image.colorSpace()
    if space.isValid() and space != QColorSpace(QColorSpace.NamedColorSpace.SRgb):
        image = image.convertedToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    width, height = sent_size(image.width(), image.height())
    plain = QImage(width, height, QImage.Format.Format_RGB32)
    plain.fill(Qt.GlobalColor.white)
    painter = QPainter(plain)
    painter.drawImage(QPoint((width - image.width()) // 2, (height - image.height()) // 2), image)
    painter.end()
    return plain
