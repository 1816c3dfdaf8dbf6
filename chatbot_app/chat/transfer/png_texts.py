"""Texts that a PNG file carries beside its picture (PNG specification, third edition, 11.3.3.2 tEXt)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LONGEST_KEYWORD = 79  # bytes


def png_texts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield keyword and text of each tEXt chunk; nothing is unpacked or drawn.

    Raises ValueError where a chunk is cut or its checksum is not that of its bytes.
    """
    place = len(SIGNATURE)
    while place < len(data):
        if place + 12 > len(data):
            raise ValueError("the picture is cut")
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        if end + 4 > len(data):
            raise ValueError("the picture is cut")
        if kind == b"tEXt":
            (checksum,) = struct.unpack_from(">I", data, end)
            if zlib.crc32(data[place + 4 : end]) != checksum:
                raise ValueError("the picture is damaged")
            keyword, separator, text = data[place + 8 : end].partition(b"\0")
            if separator and len(keyword) <= _LONGEST_KEYWORD:
                yield keyword.decode("latin-1"), text
        if kind == b"IEND":
            return
        place = end + 4
