"""Symbols of a Word document that are given by a place in a font ("5 µl" with the µ of Symbol, the boxes of Wingdings), as text.

kreuzberg 4.10 leaves them out: "5 µl" is "5 l", and ticked and empty boxes are alike.
"""

from __future__ import annotations

import re

_SYMBOL = re.compile(rb"<w:sym\b([^<>]*?)/>")
_FONT, _PLACE = re.compile(rb'w:font="([^"]*)"'), re.compile(rb'w:char="([0-9A-Fa-f]{1,6})"')
_PRIVATE = range(0xF000, 0xF100)  # where Word keeps the characters of such fonts

# The Greek letters and signs of the font Symbol (Adobe's encoding of that name), and of Wingdings what people tick or list with.
_GREEK = dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)) | dict(
    zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)
)
_SIGNS = dict(
    zip(
        bytes.fromhex("2da3a5acadaeafb0b1b2b3b4b7b8b9bbced6e5f2"),
        "−≤∞←↑→↓°±″≥×•÷≠≈∈√∑∫",
        strict=True,
    )
)
_OF_FONTS = {
    "symbol": _GREEK | _SIGNS,
    "wingdings": dict(
        zip(bytes.fromhex("6fa8717278fdfefcfba76c6e9fdfe0e8"), "☐☐☐☐☒☒☒✓✗▪●■•←→→", strict=True)
    ),
    "wingdings 2": dict(zip(bytes.fromhex("a35253545051"), "☐☒☒☒✓☒", strict=True)),
}


def symbols_as_text(document: bytes) -> bytes:
    """Return a part of a document whose symbols are text; one that no table has stays out."""
    return _SYMBOL.sub(_as_text, document)


def _as_text(symbol: re.Match[bytes]) -> bytes:
    font, place = _FONT.search(symbol[1]), _PLACE.search(symbol[1])
    if font is None or place is None:
        return symbol[0]
    name, number = font[1].decode("utf-8", "replace").casefold(), int(place[1], 16)
    if (of_font := _OF_FONTS.get(name)) is not None:
        text = of_font.get(number & 0xFF if number in _PRIVATE else number, "")
    else:
        text = chr(number) if 0x20 < number < 0xD800 else ""
    return b'<w:t xml:space="preserve">' + text.encode() + b"</w:t>" if text not in "<>&" else symbol[0]
