"""Notes of Word documents, put behind the paragraph that they belong to.

kreuzberg 4.10 loses the first footnote of every document, gives the others the number before their own, and puts
all of them at the end, where no passage holds a sentence and its note together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

KINDS = {"footnote": "", "endnote": "e"}  # and what stands before their numbers, so that no two are alike
OPENS = "\U0010ff05"  # stands for "[^", by which kreuzberg would add its own signs
_REFERENCE = re.compile(
    rb'<w:(footnote|endnote)Reference\b[^<>]*?\bw:id="(-?\d+)"[^<>]*?(?:/>|></w:\1Reference>)'
)
END_OF_PARAGRAPH = b"</w:p>"
_TEXT = re.compile(rb"<w:t(?:\s[^<>]*)?>([^<>]*)</w:t>|<w:(?:tab|br|cr)\b[^<>]*/>|</w:p>")
_ID = re.compile(rb'\bw:id="(-?\d+)"')
_MOST_NOTES = 20_000


def has_notes(document: bytes) -> bool:
    """Whether the main part of a document refers to any note."""
    return _REFERENCE.search(document) is not None


def with_notes(document: bytes, notes: Mapping[str, bytes]) -> bytes:
    """Return the main part with each note as a paragraph "[^1]: …" behind the one that refers to it.

    `notes` has the parts of the notes by their kind ("footnote", "endnote"). A note that is missing there, or is
    referred to once more, leaves its sign alone.
    """
    texts = {
        (kind, number[1]): text
        for kind, part in notes.items()
        for attributes, text in texts_of(kind, part)
        if (number := _ID.search(attributes)) is not None
    }
    written: list[bytes] = []
    signs: dict[tuple[str, bytes], bytes] = {}
    counts = dict.fromkeys(KINDS, 0)
    place = 0
    while (reference := _REFERENCE.search(document, place)) is not None:
        end = document.find(END_OF_PARAGRAPH, reference.end())
        if end < 0:
            break
        end += len(END_OF_PARAGRAPH)
        behind: list[bytes] = []

        def sign(found: re.Match[bytes], behind: list[bytes] = behind) -> bytes:
            key = (kind := found[1].decode(), found[2])
            if key not in signs and len(signs) < _MOST_NOTES:
                counts[kind] += 1
                signs[key] = f"{OPENS}{KINDS[kind]}{counts[kind]}]".encode()
                if texts.get(key):
                    behind.append(signs[key] + b": " + texts[key])
            return b'<w:t xml:space="preserve">' + signs.get(key, b"") + b"</w:t>"

        written.append(document[place : reference.start()])
        written.append(_REFERENCE.sub(sign, document[reference.start() : end]))
        written += [b'<w:p><w:r><w:t xml:space="preserve">' + text + b"</w:t></w:r></w:p>" for text in behind]
        place = end
    return b"".join([*written, document[place:]])


def without_notes(part: bytes) -> bytes:
    """Return a part of notes in which none has a text."""
    return _TEXT.sub(lambda found: found[0] if found[1] is None else b"", part)


def texts_of(kind: str, part: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (attributes, text with its entities) of each note or comment of a part that ends.

    Each byte is looked at once, whatever a stranger has opened in it.
    """
    begin = re.compile(rb"<w:%b(?= )([^<>]*)>" % kind.encode())
    for piece in part.split(b"</w:%b>" % kind.encode())[:-1]:
        opened = begin.search(piece)
        if opened is not None:
            runs = (
                found[1] if found[1] is not None else b" " for found in _TEXT.finditer(piece, opened.end())
            )
            yield opened[1], b" ".join(b"".join(runs).split())
