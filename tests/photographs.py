"""Photographs as cameras make them: JPEG with a block of EXIF that says where and how they were taken."""

from __future__ import annotations

import struct

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

CAMERA, PLACE = b"TellTale Camera 3000", b"52 deg 31' 12.0\" N Berlin"


def photograph(width: int, height: int, *, orientation: int = 1) -> bytes:
    """Return a JPEG whose left half is red, with the maker, a place and an orientation in its EXIF."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for x in range(width // 2):
        for y in range(height):
            image.setPixelColor(x, y, QColor("red"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 90)
    plain = bytes(buffer.data().data())
    exif = b"Exif\0\0" + _tiff(orientation)
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:]


def _tiff(orientation: int) -> bytes:
    texts = [(0x010F, CAMERA + b"\0"), (0x010E, PLACE + b"\0")]
    entries, data, offset = [], b"", 8 + 2 + 12 * 3 + 4
    for tag, text in sorted(texts):
        entries.append(struct.pack(">HHII", tag, 2, len(text), offset + len(data)))
        data += text
    entries.append(struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0))
    return b"MM\0*\0\0\0\x08" + struct.pack(">H", 3) + b"".join(entries) + b"\0\0\0\0" + data
