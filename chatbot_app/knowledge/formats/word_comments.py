"""Comments of a Word document, put behind the paragraph that they are about. kreuzberg 4.10 leaves them out.

A paragraph of their own keeps the words that they are about as they are; in a table it stands in the same cell.
"""

from __future__ import annotations

import re

from chatbot_app.knowledge.formats.comments import bracketed
from chatbot_app.knowledge.formats.word_notes import END_OF_PARAGRAPH, texts_of

_REFERENCE = re.compile(rb"<w:commentReference\b([^<>]*)>")
_ID, _AUTHOR = re.compile(rb'\bw:id="(-?\d{1,10})"'), re.compile(rb'\bw:author="([^"<>]*)"')
_OPENS, _CLOSES = b'<w:p><w:r><w:t xml:space="preserve">', b"</w:t></w:r></w:p>"


def has_comments(document: bytes) -> bool:
    """Whether the main part of a document refers to any comment."""
    return _REFERENCE.search(document) is not None


def with_comments(document: bytes, comments: bytes) -> bytes:
    """Return the main part with each comment once, as a paragraph "[Comment, Ana Silva: …]"; `comments` is their part."""
    said: dict[bytes, bytes] = {}
    for attributes, text in texts_of("comment", comments):
        number, author = _ID.search(attributes), _AUTHOR.search(attributes)
        name = b" ".join(author[1].split()) if author is not None else b""
        if number is not None and text:
            said.setdefault(number[1], bracketed(text, name))
    written: list[bytes] = []
    place = 0
    while said and (reference := _REFERENCE.search(document, place)) is not None:
        end = document.find(END_OF_PARAGRAPH, reference.end())
        if end < 0:
            break
        end += len(END_OF_PARAGRAPH)
        written.append(document[place:end])
        for found in _REFERENCE.finditer(document, reference.start(), end):
            number = _ID.search(found[1])
            if number is not None and (words := said.pop(number[1], b"")):
                written += [_OPENS, words, _CLOSES]
        place = end
    return b"".join([*written, document[place:]])
