"""Text from bytes in any encoding, told by the bytes themselves."""

from __future__ import annotations

import re

from chatbot_app.core.text import composed_text

_DETECTION_BYTES = 200_000
_STRAY = re.compile("[\udc80-\udcff]+")  # bytes that are no UTF-8, as "surrogateescape" spells them
_WHOLE_BESIDE_A_STRAY = 10  # characters of several bytes; text of another encoding has hardly any


def decode(data: bytes) -> tuple[str, str]:
    """Return (text, encoding) of bytes in any encoding; what cannot be decoded becomes U+FFFD."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return normal_lines(data.decode(encoding, "replace")), encoding
    if b"\x1b" not in data[:_DETECTION_BYTES] and b"\x00" not in data[:_DETECTION_BYTES]:
        try:
            return normal_lines(data.decode("utf-8")), "utf-8"
        except UnicodeDecodeError as exc:
            if _is_mostly_utf8(sample := data[:_DETECTION_BYTES]):
                return normal_lines(_with_strays(data)), "utf-8"
            if sample.isascii():  # what matters comes later
                sample = data[exc.start : exc.start + _DETECTION_BYTES]
    else:
        sample = data[:_DETECTION_BYTES]
    import chardet

    guess = str(chardet.detect(sample).get("encoding") or "utf-8")
    try:
        return normal_lines(data.decode(guess, "replace")), guess
    except (LookupError, UnicodeError):
        return normal_lines(data.decode("utf-8", "replace")), "utf-8"


def _is_mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "surrogateescape")
    strays = sum(len(found[0]) for found in _STRAY.finditer(text))
    whole = sum(not character.isascii() for character in text) - strays
    return whole > 0 and whole >= _WHOLE_BESIDE_A_STRAY * strays


def _with_strays(data: bytes) -> str:
    """Return UTF-8 into which pieces of another encoding were pasted; those are read as Windows-1252."""
    text = data.decode("utf-8", "surrogateescape")
    return _STRAY.sub(
        lambda found: found[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text
    )


def normal_lines(text: str) -> str:
    """Return a text whose lines end with "\\n" alone, in composed characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return composed_text(text)
