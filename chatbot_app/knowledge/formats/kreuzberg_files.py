"""Office and OpenDocument files, web pages and mails: what kreuzberg reads, before it and after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.formats.blocks import markdown_blocks, plain_blocks
from chatbot_app.knowledge.formats.decoding import normal_lines
from chatbot_app.knowledge.formats.headless_labels import without_false_heads
from chatbot_app.knowledge.formats.mail import ENDINGS, read_mail
from chatbot_app.knowledge.formats.markdown_escapes import without_escapes
from chatbot_app.knowledge.formats.mbox import read_mailbox
from chatbot_app.knowledge.formats.odt_cells import odt_bytes
from chatbot_app.knowledge.formats.page_forms import with_form_values
from chatbot_app.knowledge.formats.plain_names import under_a_plain_name
from chatbot_app.knowledge.formats.refusals import DocumentDamaged, DocumentEncrypted
from chatbot_app.knowledge.formats.registry import title_of
from chatbot_app.knowledge.formats.rtf_numbers import rtf_bytes
from chatbot_app.knowledge.formats.sheet_formats import shown_bytes, shown_ods_bytes
from chatbot_app.knowledge.formats.web_pages import as_markdown, read_page_file
from chatbot_app.knowledge.formats.word_preparation import entities_back, word_bytes

if TYPE_CHECKING:
    from chatbot_app.knowledge.formats.mail import Mail

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ODT = "application/vnd.oasis.opendocument.text"
_REWRITTEN = {
    ".docx": (_WORD, word_bytes),
    ".xlsx": (_SHEETS, shown_bytes),
    ".ods": (_ODS, shown_ods_bytes),
    ".odt": (_ODT, odt_bytes),
    ".rtf": ("application/rtf", rtf_bytes),
}  # before kreuzberg reads them
_SHEET_ENDINGS = (".xlsx", ".xls", ".ods")
# Its stub does not know `disable_ocr`.
_OPTIONS: dict[str, Any] = {"use_cache": False, "disable_ocr": True, "output_format": "markdown"}
# The lines of a mail are as they were written; read as Markdown they are joined.
_AS_WRITTEN = {**_OPTIONS, "output_format": "plain"}
_NO_TEXT_OF_MAIL = (
    "Only its headers could be read. If it shows a text, save it as .eml in its mail program and import that."
)
_MOST_NAMES = 10  # of hidden sheets that a warning tells


@dataclass(frozen=True, slots=True)
class _Extracted:
    """What kreuzberg read of a file: its text, its type, and the subject and attachments of a mail."""

    text: str
    mime_type: str
    subject: str = ""
    attachments: tuple[str, ...] = ()


def parse_with_kreuzberg(path: Path) -> ParsedDocument:
    """Return the text and the blocks of a file. Raises DocumentDamaged, DocumentEncrypted, OSError."""
    from kreuzberg.exceptions import KreuzbergError

    try:
        parsed = _pages_and_mails(path)
        if parsed is not None:
            return parsed
        extracted = _extracted(path)
    except KreuzbergError as exc:
        if any(word in str(exc).lower() for word in ("password", "encrypt")):
            raise DocumentEncrypted(name=path.name) from exc
        raise DocumentDamaged(name=path.name, detail=str(exc).split("\n", 1)[0][:200]) from exc
    ending = path.suffix.lower()
    if ending in ENDINGS:
        return _outlook_mail(path, extracted)
    text, warnings = extracted.text, tuple[str, ...]()
    if ending in _SHEET_ENDINGS:
        text, warnings = _sheets(path, text)
    text = without_false_heads(without_escapes(text))
    if ending == ".odt":
        text = text.replace("&#9;", " ")  # a tab
    return ParsedDocument(title_of(path), text, markdown_blocks(text), extracted.mime_type, warnings=warnings)


def _pages_and_mails(path: Path) -> ParsedDocument | None:
    """Return a mailbox, a mail or a web page, of which kreuzberg reads the HTML alone; None for all else, mails of Outlook too."""
    ending = path.suffix.lower()
    if ending == ".mbox" or path.name.lower() == "mbox":
        return read_mailbox(path, _read_page)
    message = read_mail(path) if ending in ENDINGS else None
    if message is not None:
        return _parsed_mail(path, message, _read_page)
    page = read_page_file(path)
    if page is None:
        return None
    text = clean_text(as_markdown(page, _read_page))
    return ParsedDocument(title_of(path), text, markdown_blocks(text), "text/html")


def _read_page(page: str) -> str:
    """Return the Markdown of HTML. Raises KreuzbergError."""
    from kreuzberg import ExtractionConfig, extract_bytes_sync

    html = extract_bytes_sync(
        with_form_values(page).encode("utf-8", "replace"), "text/html", config=ExtractionConfig(**_OPTIONS)
    )
    return without_false_heads(without_escapes(normal_lines(str(html.content)).strip()))


def _parsed_mail(path: Path, message: Mail, read_page: Callable[[str], str]) -> ParsedDocument:
    text = clean_text(message.as_text(read_page))
    blocks = markdown_blocks(text) if message.has_pages else plain_blocks(text)
    warnings = ("Its text is encrypted, so that only its headers are read.",) if message.is_encrypted else ()
    return ParsedDocument(title_of(path, message.subject), text, blocks, "message/rfc822", warnings=warnings)


def _extracted(path: Path) -> _Extracted:
    """Return what kreuzberg reads of a file, or of what is written anew of it where it would lose some. Raises KreuzbergError."""
    from kreuzberg import ExtractionConfig, extract_bytes_sync, extract_file_sync
    from kreuzberg.exceptions import KreuzbergError

    kind, rewritten = _REWRITTEN.get(path.suffix.lower(), ("", None))
    written = rewritten(path) if rewritten is not None else None
    result: Any = None
    if written is not None:
        try:
            result = extract_bytes_sync(written, kind, config=ExtractionConfig(**_OPTIONS))
        except KreuzbergError:
            kind = ""  # the file itself is damaged as well, or is read better than what was made of it
    if result is None:
        options = _AS_WRITTEN if path.suffix.lower() in ENDINGS else _OPTIONS
        with under_a_plain_name(path) as name:
            result = extract_file_sync(name, config=ExtractionConfig(**options))
    text = normal_lines(str(result.content)).strip()
    text = entities_back(text) if kind == _WORD else text
    if path.suffix.lower() not in ENDINGS:
        return _Extracted(text, str(result.mime_type))
    attachments = tuple(map(str, result.metadata.get("attachments") or ()))
    return _Extracted(text, str(result.mime_type), str(result.metadata.get("subject") or ""), attachments)


def _sheets(path: Path, text: str) -> tuple[str, tuple[str, ...]]:
    """Return the tables of sheets with their notes, and warnings of what is hidden."""
    from chatbot_app.knowledge.formats.sheet_comments import notes_of, with_notes
    from chatbot_app.knowledge.formats.sheets import part_tables

    noted, hidden = with_notes(part_tables(text), notes_of(path))
    if not hidden:
        return noted, ()
    names = ", ".join(hidden[:_MOST_NAMES])
    return noted, (f"Hidden sheets are not read: {names}. Show them and import the file again to read them.",)


def _outlook_mail(path: Path, extracted: _Extracted) -> ParsedDocument:
    """Return a mail of Outlook: kreuzberg reads its plain text, and not what has a page or RTF alone."""
    text = extracted.text
    head, gap, body = text.partition("\n\n")
    if names := ", ".join(extracted.attachments):
        text = clean_text(f"{head}\nAttachments: {names}{gap}{body}")
    warnings = () if body.strip() else (_NO_TEXT_OF_MAIL,)
    title = title_of(path, extracted.subject)
    return ParsedDocument(title, text, plain_blocks(text), extracted.mime_type, warnings=warnings)
