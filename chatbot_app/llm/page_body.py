"""The body of a web page: whole or refused, and never larger than it may be, packed or not."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_GZIP = 31  # zlib's window bits for the gzip format


class BodyRefused(Exception):
    """The body is too large, cut off or packed in a way that is not read; the text says which."""


def read_body(parts: Iterator[bytes], encoding: str, most: int) -> bytes:
    """Return the body, at most `most` bytes of it, unpacked where the server sent gzip unasked.

    `parts` are as they came, `encoding` is what the server says of them. Raises BodyRefused, zlib.error, and whatever
    `parts` raise.
    """
    packed = (encoding or "identity").strip().lower()
    if packed not in ("identity", "gzip", "x-gzip"):
        raise BodyRefused(f"it is packed in a way that is not read here ({packed[:20]})")
    unpacker = None if packed == "identity" else _Unpacker()
    body = bytearray()
    for part in parts:
        body += part if unpacker is None else unpacker.unpack(part, most + 1 - len(body))
        if len(body) > most:
            raise BodyRefused(f"it is larger than {most // 1_000_000} MB")
    if unpacker is not None and not unpacker.is_whole:
        raise BodyRefused("the connection ended before the page did")
    return bytes(body)


class _Unpacker:
    """Unpacks gzip of one or several members (RFC 1952) within a limit."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)

    @property
    def is_whole(self) -> bool:
        return self._member.eof

    def unpack(self, data: bytes, most: int) -> bytes:
        """Return what `data` holds, at most `most` bytes."""
        parts: list[bytes] = []
        while data and most > 0:
            if self._member.eof:
                if not data.startswith(b"\x1f\x8b"):
                    break  # padding after the last member
                self._member = zlib.decompressobj(_GZIP)
            part = self._member.decompress(data, most)
            parts.append(part)
            most -= len(part)
            data = self._member.unused_data if self._member.eof else b""
        return b"".join(parts)
