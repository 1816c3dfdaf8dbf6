"""Presentations read by ourselves, slide by slide: PPTX and ODP, with titles as headings, tables, charts, diagrams and notes."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.text import composed_text
from chatbot_app.knowledge.formats.blocks import markdown_blocks
from chatbot_app.knowledge.formats.charts import CHART, chart_of
from chatbot_app.knowledge.formats.refusals import DocumentDamaged
from chatbot_app.knowledge.formats.registry import title_of

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SHOW = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_ODF_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ODF_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_ODF_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ODF_SHOW = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr"})  # date, footer, number, header: on every slide
_MOST_REPEATS = 1000  # a cell that claims to stand for more is filler
_DEEPEST = 50  # groups in groups


def parse_slides(path: Path) -> ParsedDocument:
    """Return the text of a presentation, one page a slide. Raises DocumentDamaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            slides = list(_odp_slides(archive) if path.suffix.lower() == ".odp" else _pptx_slides(archive))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError, RecursionError) as exc:
        raise DocumentDamaged(name=path.name, detail="its slides cannot be read") from exc
    parts: list[str] = []
    page_of: dict[int, int] = {}
    empty: list[int] = []
    position = 0
    for number, paragraphs in enumerate(slides, 1):
        content = composed_text("\n\n".join(paragraphs))
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
    blocks = markdown_blocks(text, page_of=page_of)
    return ParsedDocument(title_of(path), text, blocks, media_type, len(slides), tuple(empty))


# --- PPTX --------------------------------------------------------------------------------------------


def _pptx_slides(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    """Yield the paragraphs of each slide, in the order in which they are shown."""
    main = "ppt/presentation.xml"
    targets = _targets(archive, main)
    for reference in _root(archive.read(main)).iter(f"{_SHOW}sldId"):
        name = targets.get(reference.get(f"{_RELATION}id", ""), ("", ""))[1]
        try:
            shapes = _root(archive.read(name)).find(f".//{_SHOW}spTree")
        except KeyError:
            yield []  # the slide's part is not in the file: the others keep their numbers
            continue
        paragraphs = list(_shapes(shapes, _Beside(archive, name), 0)) if shapes is not None else []
        titles = [text for text in paragraphs if text.startswith("# ")]
        yield [*titles, *(text for text in paragraphs if not text.startswith("# ")), *_notes(archive, name)]


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return (kind, part) of what a part refers to, by the reference's id."""
    folder, name = posixpath.split(part)
    try:
        root = _root(archive.read(f"{folder}/_rels/{name}.rels"))
    except KeyError:
        return {}
    return {
        link.get("Id", ""): (
            link.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/" + folder, link.get("Target", ""))).lstrip("/"),
        )
        for link in root
    }


def _notes(archive: zipfile.ZipFile, slide: str) -> list[str]:
    for kind, part in _targets(archive, slide).values():
        if kind != "notesSlide" or part not in archive.namelist():
            continue
        shapes = _root(archive.read(part)).iter(f"{_SHOW}sp")
        return [text for shape in shapes if _placeholder(shape) == "body" for text in _shape(shape)]
    return []


class _Beside:
    """The parts of a file that a slide shows."""

    def __init__(self, archive: zipfile.ZipFile, slide: str) -> None:
        self._archive = archive
        self._targets = _targets(archive, slide)

    def part(self, reference: str | None) -> ElementTree.Element | None:
        """Return what a reference of the slide names, None where it is not in the file or damaged: the slide is read."""
        name = self._targets.get(reference or "", ("", ""))[1]
        try:
            return _root(self._archive.read(name))
        except (KeyError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError, ValueError):
            return None


def _shapes(tree: Iterable[ElementTree.Element], beside: _Beside, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    for element in tree:
        if element.tag == f"{_SHOW}grpSp":
            yield from _shapes(element, beside, depth + 1)
        elif element.tag == f"{_COMPATIBLE}AlternateContent":
            yield from _shapes(next(iter(element), ()), beside, depth + 1)  # the newest form comes first
        elif element.tag == f"{_SHOW}sp":
            yield from _shape(element)
        elif element.tag == f"{_SHOW}graphicFrame":
            for table in element.iter(f"{_DRAWING}tbl"):
                yield _pptx_table(table)
            for chart in element.iter(f"{CHART}chart"):
                yield from _chart(beside.part(chart.get(f"{_RELATION}id")))
            for diagram in element.iter(f"{_DIAGRAM}relIds"):
                yield from _diagram(beside.part(diagram.get(f"{_RELATION}dm")))


def _chart(part: ElementTree.Element | None) -> Iterator[str]:
    if part is None:
        return
    title, rows = chart_of(part)
    if title:
        yield _unmarked(title)
    if rows:
        yield _markdown(rows)


def _diagram(part: ElementTree.Element | None) -> Iterator[str]:
    """Yield what stands in the shapes of a diagram (SmartArt)."""
    if part is not None:
        for shape in part.iter(f"{_DIAGRAM}t"):
            yield from map(_unmarked, filter(None, map(_line, shape.iter(f"{_DRAWING}p"))))


def _placeholder(shape: ElementTree.Element) -> str:
    found = shape.find(f"{_SHOW}nvSpPr/{_SHOW}nvPr/{_SHOW}ph")
    return "" if found is None else found.get("type", "")


def _shape(shape: ElementTree.Element) -> Iterator[str]:
    kind = _placeholder(shape)
    lines = [line for line in map(_line, shape.iter(f"{_DRAWING}p")) if line]
    if kind in _TITLES and lines:
        yield "# " + " ".join(lines)
    elif kind not in _FURNITURE:
        yield from map(_unmarked, lines)


def _line(paragraph: ElementTree.Element) -> str:
    parts = []
    for element in paragraph.iter():
        if element.tag == f"{_DRAWING}t":
            parts.append(element.text or "")
        elif element.tag == f"{_DRAWING}br":
            parts.append(" ")
    return " ".join("".join(parts).split())


def _pptx_table(table: ElementTree.Element) -> str:
    rows: list[list[str]] = []
    for row in table.iter(f"{_DRAWING}tr"):
        cells: list[str] = []
        for cell in row.iter(f"{_DRAWING}tc"):
            # A merged cell holds its words once; each of its places says them.
            if cell.get("hMerge") == "1" and cells:
                cells.append(cells[-1])
            elif cell.get("vMerge") == "1" and rows and len(cells) < len(rows[-1]):
                cells.append(rows[-1][len(cells)])
            else:
                cells.append(" ".join(filter(None, map(_line, cell.iter(f"{_DRAWING}p")))))
        rows.append(cells)
    return _markdown(rows)


# --- ODP ---------------------------------------------------------------------------------------------


def _odp_slides(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    root = _root(archive.read("content.xml"))
    for page in root.iter(f"{_ODF_DRAW}page"):
        titles: list[str] = []
        paragraphs: list[str] = []
        for frame in _frames(page):
            tables = list(frame.iter(f"{_ODF_TABLE}table"))
            if tables:
                paragraphs += map(_odp_table, tables)
                continue
            lines = _odp_lines(frame)
            if frame.get(f"{_ODF_SHOW}class") == "title" and lines:
                titles.append("# " + " ".join(lines))
            else:
                paragraphs += map(_unmarked, lines)
        yield [*titles, *paragraphs]


def _frames(page: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Yield what stands on a slide and in its notes; what is in a group comes with the group."""
    for element in page:
        if element.tag == f"{_ODF_SHOW}notes":
            yield from element
        else:
            yield element


def _odp_lines(element: ElementTree.Element) -> list[str]:
    wanted = {f"{_ODF_TEXT}p", f"{_ODF_TEXT}h"}
    lines = (" ".join("".join(found.itertext()).split()) for found in element.iter() if found.tag in wanted)
    return [line for line in lines if line]


def _odp_table(table: ElementTree.Element) -> str:
    rows = []
    for row in table.iter(f"{_ODF_TABLE}table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag in (f"{_ODF_TABLE}table-cell", f"{_ODF_TABLE}covered-table-cell"):
                repeats = cell.get(f"{_ODF_TABLE}number-columns-repeated", "1")
                cells += [" ".join(_odp_lines(cell))] * min(int(repeats), _MOST_REPEATS)
        rows.append(cells)
    return _markdown(rows)


# --- both --------------------------------------------------------------------------------------------


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _unmarked(line: str) -> str:
    """Return a line that is text, so that no sign at its beginning makes it a heading, table or code."""
    return f"\\{line}" if line.startswith(("#", "|", "```", "~~~")) else line


def _root(data: bytes) -> ElementTree.Element:
    # No entities at all: neither files nor a billion laughs come in by them.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("a document type in a part of an office file")
    return ElementTree.fromstring(data)
