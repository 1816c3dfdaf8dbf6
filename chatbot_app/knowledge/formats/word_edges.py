"""What stands in the headers and footers of a Word document: letterheads, references, bank details. kreuzberg 4.10 leaves it out.

Each line is said once: headers before the text, footers behind it. Numbers of pages alone are no line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_PARAGRAPH, _END_OF_PARAGRAPH = re.compile(rb"<w:p[ >]"), b"</w:p>"
_TEXT = re.compile(rb"<w:t(?:\s[^<>]*)?>([^<>]*)</w:t>|<w:(?:tab|br|cr|ptab)\b[^<>]*/>")
_FIELD_OF_PAGES = re.compile(rb"\b(?:NUM|SECTION)?PAGES?\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS_BESIDE_NUMBER = 3  # "Page 3 of 12" has two
_MOST = 2000  # bytes of a part
_OPENS, _CLOSES = b'<w:p><w:r><w:t xml:space="preserve">', b"</w:t></w:r></w:p>"
_BODY, _END_OF_BODY, _END_OF_SECTION = re.compile(rb"<w:body(?: [^<>]*)?>"), b"</w:body>", b"<w:sectPr"


def with_edges(document: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the main part of a document with what its headers and footers say; `parts` are those by their names."""
    seen: set[bytes] = set()
    above = b"".join(_lines(parts, "word/header", seen))
    below = b"".join(_lines(parts, "word/footer", seen))
    body, end = _BODY.search(document), document.rfind(_END_OF_BODY)
    if body is None or end < 0 or not (above or below):
        return document
    section = document.rfind(_END_OF_SECTION, body.end(), end)
    if section >= 0 and document.rfind(b"</w:p>", section, end) < 0:  # of the document, not of a paragraph
        end = section
    return b"".join([document[: body.end()], above, document[body.end() : end], below, document[end:]])


def _lines(parts: Mapping[str, bytes], begins: str, seen: set[bytes]) -> Iterator[bytes]:
    for name in sorted(parts):
        if not name.startswith(begins):
            continue
        left = _MOST
        for paragraph in _paragraphs(parts[name]):
            text = b" ".join(b"".join(found[1] or b" " for found in _TEXT.finditer(paragraph)).split())
            words = len(_WORD.findall(text.decode("utf-8", "replace")))
            fewest = _WORDS_BESIDE_NUMBER if _FIELD_OF_PAGES.search(paragraph) else 1
            if words >= fewest and text not in seen and len(text) <= left:
                seen.add(text)
                left -= len(text)
                yield _OPENS + text + _CLOSES


def _paragraphs(part: bytes) -> Iterator[bytes]:
    """Yield the paragraphs of a part that end; each byte is looked at once, whatever a stranger has opened in it."""
    for piece in part.split(_END_OF_PARAGRAPH)[:-1]:
        opened = _PARAGRAPH.search(piece)
        if opened is not None:
            yield piece[opened.start() :]
