"""Pictures that come with messages: which kinds are kept, how large they may be, and what their first bytes say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PICTURES = "pictures"  # in the metadata of a message: what is kept of it beside the text, in order
MOST_BYTES = 16 * 1024 * 1024  # of one picture
MOST_PIXELS = 60_000_000  # of one picture: unpacked 240 MB, and Qt unpacks at most 256
LONGEST_SIDE = 30_000
MOST_OF_A_MESSAGE = 20
MOST_BYTES_OF_A_MESSAGE = 64 * 1024 * 1024
HEAD_BYTES = 512 * 1024  # behind which a JPEG says its size, at the latest

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What the bytes of a picture say: media type, and size in pixels."""

    media_type: str
    width: int
    height: int

    @property
    def is_too_large(self) -> bool:
        """Whether it would take more memory than it may."""
        longest = max(self.width, self.height)
        return longest > LONGEST_SIDE or self.width * self.height > MOST_PIXELS


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is to be kept with a message: its bytes as they came, and the size in which it is seen."""

    id: str  # of what is written: two may have the same name
    name: str
    media_type: str
    width: int
    height: int
    data: bytes = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture of a message as its metadata names it; sizes in pixels."""

    ordinal: int
    name: str
    width: int
    height: int


def facts_of(head: bytes) -> PictureFacts | None:
    """Return what the first `HEAD_BYTES` of a file say; None where it is no PNG, JPEG, GIF or WebP with a size."""
    facts = _facts_of(head)
    return facts if facts is not None and facts.width > 0 and facts.height > 0 else None


def described(
    names_and_facts: Sequence[tuple[str, PictureFacts | Picture | ShownPicture]],
) -> list[dict[str, Any]]:
    """Return what `PICTURES` in the metadata says of pictures, in order."""
    return [{"name": name, "width": one.width, "height": one.height} for name, one in names_and_facts]


def pictures_of(metadata: Mapping[str, Any]) -> tuple[ShownPicture, ...]:
    """Return the pictures of a message; what is damaged there is none."""
    stored = metadata.get(PICTURES)
    if not isinstance(stored, list):
        return ()
    shown = []
    for ordinal, item in enumerate(stored[:MOST_OF_A_MESSAGE]):
        if not isinstance(item, dict):
            continue
        name, width, height = item.get("name"), item.get("width"), item.get("height")
        if isinstance(name, str) and type(width) is int and type(height) is int:
            shown.append(ShownPicture(ordinal, name, width, height))
    return tuple(one for one in shown if 0 < one.width <= LONGEST_SIDE and 0 < one.height <= LONGEST_SIDE)


def _facts_of(head: bytes) -> PictureFacts | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR" and len(head) >= 24:
        return PictureFacts("image/png", _big(head[16:20]), _big(head[20:24]))
    if head.startswith((b"GIF87a", b"GIF89a")) and len(head) >= 10:
        return PictureFacts("image/gif", _little(head[6:8]), _little(head[8:10]))
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP" and len(head) >= 30:
        return _webp(head)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(head)
    return None


def _webp(head: bytes) -> PictureFacts | None:
    """As the container's specification has it (RFC 9649): lossy, lossless, and extended."""
    kind = head[12:16]
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        return PictureFacts("image/webp", _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF)
    if kind == b"VP8L" and head[20] == 0x2F:
        bits = _little(head[21:25])
        return PictureFacts("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X":
        return PictureFacts("image/webp", _little(head[24:27]) + 1, _little(head[27:30]) + 1)
    return None


def _jpeg(head: bytes) -> PictureFacts | None:
    """As ITU-T T.81, annex B has it: segments up to the frame header."""
    place = 2
    while place + 9 <= len(head):
        if head[place] != 0xFF:
            return None
        marker = head[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _JPEG_ALONE:
            place += 2
        elif marker in _JPEG_FRAMES:
            return PictureFacts(
                "image/jpeg", _big(head[place + 7 : place + 9]), _big(head[place + 5 : place + 7])
            )
        else:
            place += 2 + max(2, _big(head[place + 2 : place + 4]))
    return None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
