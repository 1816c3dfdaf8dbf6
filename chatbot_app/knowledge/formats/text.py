"""Files that hold text: plain, Markdown, code, pages of the manual, tables of values, notebooks, subtitles, calendars, address books, in any encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.formats.blocks import code_blocks, markdown_blocks, plain_blocks, values_blocks
from chatbot_app.knowledge.formats.contacts import contact_lines
from chatbot_app.knowledge.formats.content_lines import with_whole_characters
from chatbot_app.knowledge.formats.decoding import decode
from chatbot_app.knowledge.formats.drawn_tables import with_outer_pipes, with_plain_tables
from chatbot_app.knowledge.formats.invitations import calendar_name, invitation_lines
from chatbot_app.knowledge.formats.manual_pages import is_manual_page, manual_text
from chatbot_app.knowledge.formats.notebooks import notebook_text
from chatbot_app.knowledge.formats.refusals import DocumentDamaged, DocumentTooLarge
from chatbot_app.knowledge.formats.registry import Reader, title_of
from chatbot_app.knowledge.formats.spaced_columns import with_spaced_tables
from chatbot_app.knowledge.formats.subtitles import spoken_text

_COLUMNS = 4096
_LONGEST_PREAMBLE = 12  # rows


def parse_text(path: Path, reader: Reader) -> ParsedDocument:
    """Return the text and blocks of a file that holds text. Raises OSError, DocumentDamaged, DocumentTooLarge."""
    data = path.read_bytes()
    if reader in (Reader.CALENDAR, Reader.CONTACTS):
        data = with_whole_characters(data)
    text, encoding = decode(data)
    title = title_of(path)
    if reader is Reader.NOTEBOOK:
        text = notebook_text(path.name, text)
        return ParsedDocument(
            title, text, markdown_blocks(text), "application/x-ipynb+json", encoding=encoding
        )
    if reader is Reader.MANUAL and is_manual_page(text):
        text = manual_text(text)
        return ParsedDocument(title, text, markdown_blocks(text), "text/troff", encoding=encoding)
    if reader is Reader.MARKDOWN:
        text = with_outer_pipes(text)
        return ParsedDocument(title, text, markdown_blocks(text), "text/markdown", encoding=encoding)
    if reader is Reader.CSV:
        text = _csv_text(path, text)
        return ParsedDocument(title, text, values_blocks(text), "text/csv", encoding=encoding)
    if reader is Reader.CODE:
        return ParsedDocument(
            clean_text(path.name), text, code_blocks(text), "text/x-source", encoding=encoding
        )
    if reader is Reader.CALENDAR:
        title, text = title_of(path, calendar_name(text)), clean_text(invitation_lines(text, most=None))
        return ParsedDocument(title, text, plain_blocks(text), "text/calendar", encoding=encoding)
    if reader is Reader.CONTACTS:
        text = clean_text(contact_lines(text))
        return ParsedDocument(title, text, markdown_blocks(text), "text/vcard", encoding=encoding)
    if reader is Reader.SUBTITLES:
        text = spoken_text(text) or text
    else:
        text = with_spaced_tables(with_plain_tables(text))
    return ParsedDocument(title, text, plain_blocks(text), "text/plain", encoding=encoding)


def _csv_text(path: Path, text: str) -> str:
    """Return the rows as lines of cells apart by " | ", the header first; what stands above it as lines of words."""
    try:
        delimiter = csv.Sniffer().sniff(text[:20_000], ",;\t|").delimiter
    except csv.Error:
        delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    rows: list[list[str]] = []
    above = 0  # rows before the first empty line
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if len(row) > _COLUMNS:
                raise DocumentTooLarge(
                    name=path.name, detail=f"{len(row)} columns; at most {_COLUMNS} are read"
                )
            if any(cell.strip() for cell in row):
                rows.append([" ".join(cell.split()) for cell in row])
            elif not above:
                above = len(rows)
    except csv.Error as exc:
        raise DocumentDamaged(name=path.name, detail=str(exc)) from exc
    if not _is_preamble(rows[:above], rows[above:]):
        above = 0
    lines = [" ".join(filter(None, row)) for row in rows[:above]]
    return "\n".join(
        [*lines, *([""] if lines else []), *("| " + " | ".join(row) + " |" for row in rows[above:])]
    )


def _is_preamble(above: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> bool:
    """Whether some rows before an empty line say what a file is about, as banks write them: few, and narrower than its table."""
    if not 0 < len(above) <= _LONGEST_PREAMBLE or len(rows) < 2:
        return False
    return max(map(_width, above)) < _width(rows[0])


def _width(row: Sequence[str]) -> int:
    return len(list(filter(None, row)))
