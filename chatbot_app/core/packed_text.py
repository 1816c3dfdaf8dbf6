"""Long texts in compressed parts, so that whoever needs a page of one unpacks little."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

PART_CHARACTERS = 500_000


def pack_text(text: str) -> Iterator[tuple[int, bytes]]:
    """Yield (place of its first character, compressed part) of a text, in order."""
    for start in range(0, len(text), PART_CHARACTERS):
        yield start, zlib.compress(text[start : start + PART_CHARACTERS].encode("utf-8"), 1)


def unpack_text(packed: bytes) -> str:
    """Return a part of a text."""
    return zlib.decompress(packed).decode("utf-8")
