"""Numbers of paragraphs in RTF, which stand there for programs that cannot count them: kreuzberg 4.10 leaves them out."""

from __future__ import annotations

import re
from pathlib import Path

# "{\listtext 5.2\tab}" before the words of its paragraph; "{\pntext …}" in older files. Bullets are characters of a font of symbols.
_NUMBER = re.compile(
    rb"\{\\(?:list|pn)text\b ?((?:[^{}\\]|\\[a-z]+-?\d* ?|\\'[0-9a-f]{2}|\\[^a-z']){0,400}?)\}", re.IGNORECASE
)
_MOST_BYTES = 100_000_000
_PLAIN = re.compile(rb"\\[a-z]+-?\d* ?", re.IGNORECASE)
_BULLET = re.compile(rb"(?:\\'[0-9a-f]{2}|\\u-?\d+ ?\S?|[^\w\s(\[\xa7]|o)\s*", re.IGNORECASE)


def rtf_bytes(path: Path) -> bytes | None:
    """Return a file whose numbers of paragraphs are their first words; None where there are none, or it is very large. Raises OSError."""
    if path.stat().st_size > _MOST_BYTES:
        return None
    data = path.read_bytes()
    return _NUMBER.sub(_words, data) if _NUMBER.search(data) is not None else None


def _words(number: re.Match[bytes]) -> bytes:
    words = _PLAIN.sub(
        lambda control: control[0] if control[0].startswith(b"\\u") else b"", number[1]
    ).strip()
    if not words or _BULLET.fullmatch(words) is not None:
        return number[0]
    return b"{" + words + b" }"
