"""OpenDocument texts as they are given to kreuzberg 4.10, which puts what stands behind a merged cell into the wrong column.

A cell that another one covers says what that says, in every row and column, as in Word files; and signs for several
spaces are a space ("5<text:s/>kg" was "5kg").
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from chatbot_app.knowledge.formats.odt_comments import with_comments
from chatbot_app.knowledge.formats.odt_numbering import with_numbers
from chatbot_app.knowledge.formats.spanned_cells import with_innermost_tables
from chatbot_app.knowledge.formats.zip_parts import DAMAGED, read_part

_CONTENT, _STYLES = "content.xml", "styles.xml"
_SPACES = re.compile(rb"<text:s(?: [^<>]*)?/>|<text:s(?: [^<>]*)?></text:s>")
_LOST = re.compile(rb"<text:s[ />]|<table:covered-table-cell\b")
_TABLE = re.compile(rb"<(/?)table:table(?=[ >])[^<>]*>")
_PART = re.compile(
    rb"<table:table-row\b[^<>]*>|<table:(covered-)?table-cell\b([^<>]*?)(?:/>|>(.{0,100000}?)</table:(?:covered-)?table-cell>)",
    re.DOTALL,
)
_OPENED = re.compile(rb"<table:(?:covered-)?table-cell\b[^<>]*(?<!/)>")
_CLOSED = re.compile(rb"</table:(?:covered-)?table-cell>")
_SPAN = re.compile(rb'table:number-(rows|columns)-(spanned|repeated)="(\d{1,4})"')
_MOST_COLUMNS = 1000
_LONGEST = 300  # bytes of a cell that is said again
_GROWTH, _GROWS_BY = 3, 100_000  # times, and bytes: as much may a table grow to


def odt_bytes(path: Path) -> bytes | None:
    """Return a text document that is read rightly, without its pictures; None where it is as it is. Raises OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            content = read_part(archive, archive.getinfo(_CONTENT))
            has_styles = _STYLES in archive.namelist()
            styles = read_part(archive, archive.getinfo(_STYLES)) if has_styles else b""
            prepared = with_numbers(with_comments(content), styles)
            if prepared == content and _LOST.search(content) is None:
                return None
            return _copy_with(archive, with_covered_cells(_SPACES.sub(b" ", prepared)))
    except (*DAMAGED, KeyError):
        return None  # who reads the file says what is wrong


def _copy_with(archive: zipfile.ZipFile, content: bytes) -> bytes:
    """Return the parts of a document that are text, with another content."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as copy:
        for name in dict.fromkeys(archive.namelist()):
            if name.endswith(".xml") or name == "mimetype":
                part = content if name == _CONTENT else read_part(archive, archive.getinfo(name))
                copy.writestr(name, part)
    return written.getvalue()


def with_covered_cells(content: bytes) -> bytes:
    """Return the XML of a document in which covered cells are cells, but for tables that hold others."""
    return with_innermost_tables(content, _TABLE, _filled)


def _filled(table: bytes) -> bytes:
    if len(_OPENED.findall(table)) != len(_CLOSED.findall(table)):
        return table  # damaged
    above: dict[int, tuple[int, bytes]] = {}  # by column: for how many more rows, and what they say
    column = across = 0
    words = b""
    room = _GROWTH * len(table) + _GROWS_BY

    def written(part: re.Match[bytes]) -> bytes:
        nonlocal column, across, words, room
        if part[2] is None:
            column = across = 0
            return part[0]
        spans = {(name, how): int(number) for name, how, number in _SPAN.findall(part[2])}
        repeated = max(1, spans.get((b"columns", b"repeated"), 1))
        if not part[1]:
            rows, columns = (max(1, spans.get((name, b"spanned"), 1)) for name in (b"rows", b"columns"))
            words, across = part[3] or b"", columns - 1
            said = words if len(words) <= _LONGEST else b""
            for place in range(column, min(column + columns, _MOST_COLUMNS)):
                above[place] = rows - 1, said
            column += repeated
            return part[0]
        cells = []
        for _cell in range(min(repeated, _MOST_COLUMNS)):
            if across > 0:
                across -= 1
                said = words if len(words) <= _LONGEST else b""
            else:
                left, said = above.get(column, (0, b""))
                said = said if left > 0 else b""
                above[column] = left - 1, said
            column += 1
            room -= len(said)
            cells.append(b"<table:table-cell>" + (said if room > 0 else b"") + b"</table:table-cell>")
        return b"".join(cells)

    return _PART.sub(written, table)
