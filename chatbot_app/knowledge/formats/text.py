"""Files that hold text: plain, Markdown, code, tables of values, notebooks, subtitles, calendars, address books, in any encoding."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.text import clean_text, composed_text
from chatbot_app.knowledge.formats.blocks import code_blocks, markdown_blocks, plain_blocks, table_block
from chatbot_app.knowledge.formats.contacts import contact_lines
from chatbot_app.knowledge.formats.drawn_tables import with_plain_tables
from chatbot_app.knowledge.formats.invitations import calendar_name, invitation_lines
from chatbot_app.knowledge.formats.notebooks import notebook_text
from chatbot_app.knowledge.formats.refusals import DocumentDamaged, DocumentTooLarge
from chatbot_app.knowledge.formats.registry import Reader, title_of
from chatbot_app.knowledge.formats.subtitles import spoken_text

_DETECTION_BYTES = 200_000
_COLUMNS = 4096
_STRAY = re.compile("[\udc80-\udcff]+")  # bytes that are no UTF-8, as "surrogateescape" spells them
_WHOLE_BESIDE_A_STRAY = 10  # characters of several bytes; text of another encoding has hardly any


def decode(data: bytes) -> tuple[str, str]:
    """Return (text, encoding) of bytes in any encoding; what cannot be decoded becomes U+FFFD."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return normal_lines(data.decode(encoding, "replace")), encoding
    if b"\x1b" not in data[:_DETECTION_BYTES] and b"\x00" not in data[:_DETECTION_BYTES]:
        try:
            return normal_lines(data.decode("utf-8")), "utf-8"
        except UnicodeDecodeError as exc:
            if _is_mostly_utf8(sample := data[:_DETECTION_BYTES]):
                return normal_lines(_with_strays(data)), "utf-8"
            if sample.isascii():  # what matters comes later
                sample = data[exc.start : exc.start + _DETECTION_BYTES]
    else:
        sample = data[:_DETECTION_BYTES]
    import chardet

    guess = str(chardet.detect(sample).get("encoding") or "utf-8")
    try:
        return normal_lines(data.decode(guess, "replace")), guess
    except (LookupError, UnicodeError):
        return normal_lines(data.decode("utf-8", "replace")), "utf-8"


def _is_mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "surrogateescape")
    strays = sum(len(found[0]) for found in _STRAY.finditer(text))
    whole = sum(not character.isascii() for character in text) - strays
    return whole > 0 and whole >= _WHOLE_BESIDE_A_STRAY * strays


def _with_strays(data: bytes) -> str:
    """Return UTF-8 into which pieces of another encoding were pasted; those are read as Windows-1252."""
    text = data.decode("utf-8", "surrogateescape")
    return _STRAY.sub(
        lambda found: found[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text
    )


def normal_lines(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return composed_text(text)


def parse_text(path: Path, reader: Reader) -> ParsedDocument:
    """Return the text and blocks of a file that holds text. Raises OSError, DocumentDamaged, DocumentTooLarge."""
    text, encoding = decode(path.read_bytes())
    title = title_of(path)
    if reader is Reader.NOTEBOOK:
        text = notebook_text(path.name, text)
        return ParsedDocument(
            title, text, markdown_blocks(text), "application/x-ipynb+json", encoding=encoding
        )
    if reader is Reader.MARKDOWN:
        return ParsedDocument(title, text, markdown_blocks(text), "text/markdown", encoding=encoding)
    if reader is Reader.CSV:
        text = _csv_text(path, text)
        return ParsedDocument(title, text, table_block(text), "text/csv", encoding=encoding)
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
    text = (spoken_text(text) or text) if reader is Reader.SUBTITLES else with_plain_tables(text)
    return ParsedDocument(title, text, plain_blocks(text), "text/plain", encoding=encoding)


def _csv_text(path: Path, text: str) -> str:
    """Return the rows as lines of cells apart by " | ", the header first."""
    try:
        delimiter = csv.Sniffer().sniff(text[:20_000], ",;\t|").delimiter
    except csv.Error:
        delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    lines = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if len(row) > _COLUMNS:
                raise DocumentTooLarge(
                    name=path.name, detail=f"{len(row)} columns; at most {_COLUMNS} are read"
                )
            if any(cell.strip() for cell in row):
                lines.append("| " + " | ".join(" ".join(cell.split()) for cell in row) + " |")
    except csv.Error as exc:
        raise DocumentDamaged(name=path.name, detail=str(exc)) from exc
    return "\n".join(lines)
