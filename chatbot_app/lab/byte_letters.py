"""The 256 letters that stand for bytes in vocabularies of byte-level byte-pair encoding.

Radford et al., GPT-2 (2019), `bytes_to_unicode` in its encoder: bytes that are printable in Latin-1 stand for themselves, the
others for the letters from U+0100 on, in order. A space is Ġ, a line break Ċ.
"""

from __future__ import annotations

_PRINTABLE = [*range(33, 127), *range(161, 173), *range(174, 256)]
_OTHERS = [byte for byte in range(256) if byte not in _PRINTABLE]

# The letter of each byte, by the byte.
LETTERS: tuple[str, ...] = tuple(
    chr(byte if byte in _PRINTABLE else 256 + _OTHERS.index(byte)) for byte in range(256)
)
_BYTES = {letter: byte for byte, letter in enumerate(LETTERS)}


def bytes_of_letters(spelling: str) -> bytes:
    """Return the bytes that a token is spelled with; what is no such letter stands for its own UTF-8."""
    return b"".join(
        bytes([_BYTES[letter]]) if letter in _BYTES else letter.encode("utf-8", "replace")
        for letter in spelling
    )
