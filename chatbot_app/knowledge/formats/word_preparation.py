"""Word documents as they are given to kreuzberg 4.10, which reads "R&amp;D" as "RD" and loses notes, tabs, numbers and more.

Entities are written as characters that nobody else uses before it reads, and read back from its text.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path

from chatbot_app.knowledge.formats.word_comments import has_comments, with_comments
from chatbot_app.knowledge.formats.word_edges import with_edges
from chatbot_app.knowledge.formats.word_framed_tables import has_framed, without_frames
from chatbot_app.knowledge.formats.word_hidden import has_hidden, hiding_styles, without_hidden
from chatbot_app.knowledge.formats.word_notes import KINDS, OPENS, has_notes, with_notes, without_notes
from chatbot_app.knowledge.formats.word_numbering import with_numbers
from chatbot_app.knowledge.formats.word_runs import has_lost, with_lost
from chatbot_app.knowledge.formats.zip_parts import DAMAGED, read_part

# Of the last private plane of Unicode: valid in XML, and in no font.
_STANDS_FOR = dict(zip("&<>\"'", map(chr, range(0x10FF00, 0x10FF05)), strict=True))
_MEANT = {ord(private): character for character, private in _STANDS_FOR.items()} | {ord(OPENS): "[^"}
_ENTITY = re.compile(rb"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")
_MAIN, _NUMBERING, _STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
_COMMENTS = "word/comments.xml"
_PART = re.compile(r"word/(?:document|footnotes|endnotes|header\d*|footer\d*|comments)\.xml")
_IN_TEXT = re.compile(rb">[^<>&]*&[^<>]*<")


def word_bytes(path: Path) -> bytes | None:
    """Return a Word document in which no text has an entity and notes and boxes are paragraphs, without its pictures.

    None where it is read rightly as it is. What is read from it goes through `entities_back`. Nothing is written to
    disk. Raises OSError.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {
                entry.filename: read_part(archive, entry)
                for entry in archive.infolist()
                if _PART.fullmatch(entry.filename) or entry.filename in (_NUMBERING, _STYLES)
            }
            numbering, styles = parts.pop(_NUMBERING, b""), parts.pop(_STYLES, b"")
            hiding, main = hiding_styles(styles), parts.get(_MAIN, b"")
            hides = has_hidden(parts.values(), hiding)
            is_framed = has_framed(main)
            is_lost = (
                hides or is_framed or any(has_lost(part) or _IN_TEXT.search(part) for part in parts.values())
            )
            has_said = has_notes(main) or has_comments(main)
            has_edges = any(name.startswith(("word/header", "word/footer")) for name in parts)
            if not is_lost and not numbering and not has_edges and not has_said:
                return None
            if is_framed:
                parts[_MAIN] = without_frames(main)
            parts = {name: with_lost(part) for name, part in parts.items()}
            if hides:
                parts = {name: without_hidden(part, hiding) for name, part in parts.items()}
            if numbering and _MAIN in parts:
                parts[_MAIN] = with_numbers(parts[_MAIN], numbering, styles)
            if _MAIN in parts:  # before notes: these stand behind the paragraph of which they are notes
                parts[_MAIN] = with_comments(parts[_MAIN], parts.get(_COMMENTS, b""))
            if has_notes(main := parts.get(_MAIN, b"")):
                names = {kind: f"word/{kind}s.xml" for kind in KINDS}
                notes = {kind: parts[name] for kind, name in names.items() if name in parts}
                parts[_MAIN] = with_notes(main, notes)
                parts.update((names[kind], without_notes(part)) for kind, part in notes.items())
            if _MAIN in parts:
                parts[_MAIN] = with_edges(parts[_MAIN], parts)
            return _written(archive, parts)
    except DAMAGED:
        return None  # who reads the file says what is wrong


def entities_back(text: str) -> str:
    """Return the text of a document that `word_bytes` gave, with the characters that are meant."""
    return text.translate(_MEANT)


def _written(archive: zipfile.ZipFile, parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as copy:
        for entry in archive.infolist():
            if entry.filename in parts:
                copy.writestr(entry.filename, _IN_TEXT.sub(_without_entities, parts[entry.filename]))
            elif Path(entry.filename).suffix in (".xml", ".rels"):
                copy.writestr(entry.filename, read_part(archive, entry))
    return written.getvalue()


def _without_entities(text: re.Match[bytes]) -> bytes:
    return _ENTITY.sub(_character, text[0])


def _character(entity: re.Match[bytes]) -> bytes:
    meant = html.unescape(entity[0].decode())
    return _STANDS_FOR.get(meant, meant).encode()
