"""Pictures are unpacked away from the window, by the one reader that their first bytes ask for."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from chatbot_app.core.pictures import HEAD_BYTES, facts_of


def decoded(data: bytes | None, size: QSize) -> QImage:
    """Return a picture, as large as fits into `size`, or at its own where that is empty; null where it is damaged.

    The first one, of a picture that moves.
    """
    facts = facts_of(data[:HEAD_BYTES]) if data is not None else None
    if data is None or facts is None or facts.is_too_large:
        return QImage()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(facts.media_type.removeprefix("image/").encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    own = reader.size()
    if own.isValid() and not size.isEmpty() and (own.width() > size.width() or own.height() > size.height()):
        reader.setScaledSize(own.scaled(size, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    reader.setDevice(None)  # type: ignore[arg-type]  # PySide6's stub does not say that it takes None; Python may take the buffer down first
    return image
