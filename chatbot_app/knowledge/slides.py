"""Presentations read by ourselves: ODP, which kreuzberg does not know, and PPTX that it cannot open."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.blocks import markdown_blocks
from chatbot_app.knowledge.parsing import DocumentDamaged, title_of

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_ODF_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ODF_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml$")


def parse_slides(path: Path) -> ParsedDocument:
    """Return the paragraphs of a presentation, slide by slide. Raises DocumentDamaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            slides = list(_odp_slides(archive) if path.suffix.lower() == ".odp" else _pptx_slides(archive))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError) as exc:
        raise DocumentDamaged(name=path.name, detail="its slides cannot be read") from exc
    parts: list[str] = []
    page_of: dict[int, int] = {}
    empty: list[int] = []
    position = 0
    for number, paragraphs in enumerate(slides, 1):
        content = clean_text("\n\n".join(paragraphs))
        if not content:
            empty.append(number)
            continue
        page_of[position] = number
        parts.append(content)
        position += len(content) + 2
    text = "\n\n".join(parts)
    media_type = "application/vnd.oasis.opendocument.presentation"
    if path.suffix.lower() == ".pptx":
        media_type = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    return ParsedDocument(
        title_of(path), text, markdown_blocks(text, page_of=page_of), media_type, len(slides), tuple(empty)
    )


def _pptx_slides(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    names = sorted(
        (int(found.group(1)), name) for name in archive.namelist() if (found := _SLIDE.match(name))
    )
    for _number, name in names:
        root = _root(archive.read(name))
        lines = ("".join(t.text or "" for t in p.iter(f"{_DRAWING}t")) for p in root.iter(f"{_DRAWING}p"))
        yield [line.strip() for line in lines if line.strip()]


def _odp_slides(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    root = _root(archive.read("content.xml"))
    for page in root.iter(f"{_ODF_DRAW}page"):
        lines = (
            "".join(element.itertext())
            for element in page.iter()
            if element.tag in (f"{_ODF_TEXT}p", f"{_ODF_TEXT}h")
        )
        yield [line.strip() for line in lines if line.strip()]


def _root(data: bytes) -> ElementTree.Element:
    # No entities at all: neither files nor a billion laughs come in by them.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("a document type in a part of an office file")
    return ElementTree.fromstring(data)
