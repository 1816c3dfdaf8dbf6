"""A file to text and blocks. Runs in the child process of `children/parser.py`; nothing here is trusted."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.formats.blocks import markdown_blocks, plain_blocks
from chatbot_app.knowledge.formats.odt_cells import odt_bytes
from chatbot_app.knowledge.formats.refusals import (
    DocumentDamaged,
    DocumentEmpty,
    DocumentEncrypted,
    DocumentTooLarge,
    FileEmpty,
    FileUnreadable,
    FormatUnknown,
)
from chatbot_app.knowledge.formats.registry import Reader, reader_for, title_of
from chatbot_app.knowledge.formats.rtf_numbers import rtf_bytes
from chatbot_app.knowledge.formats.sheet_formats import shown_bytes, shown_ods_bytes
from chatbot_app.knowledge.formats.word_preparation import word_bytes

if TYPE_CHECKING:
    from chatbot_app.knowledge.formats.mail import Mail

MAX_FILE_BYTES = 1024**3
MAX_TEXT_CHARACTERS = 200_000_000
MAX_ZIP_ENTRIES = 20_000
MAX_ZIP_MEMBER_BYTES = 300_000_000  # a scanned page is large, but not this large
MAX_XML_BYTES = 100_000_000  # of all text inside an archive; pictures do not count
MAX_RATIO = 200  # of an XML member above a megabyte; real ones stay below 60
_RATIO_FROM = 1_000_000


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
_NO_TEXT_OF_MAIL = (
    "Only its headers could be read. If it shows a text, save it as .eml in its mail program and import that."
)
_MOST_NAMES = 10  # of hidden sheets that a warning tells
_ZIPPED = frozenset("docx pptx xlsx ods odt odp epub".split())


def check_file(path: Path) -> int:
    """Return the size of a regular file in bytes. Raises FileUnreadable, FormatUnknown, DocumentTooLarge."""
    try:
        status = path.stat()
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or "its name is not valid"
        raise FileUnreadable(name=path.name, detail=str(reason)) from exc
    if not stat.S_ISREG(status.st_mode):
        raise FileUnreadable(name=path.name, detail="it is not a regular file")
    if status.st_size > MAX_FILE_BYTES:
        raise DocumentTooLarge(name=path.name, detail=f"{status.st_size / 1e9:.1f} GB; at most 1 GB is read")
    if reader_for(path) is None:
        raise FormatUnknown(name=path.name, detail=path.suffix or "no ending")
    if status.st_size == 0:
        raise FileEmpty(name=path.name)
    return status.st_size


def parse_file(path: Path, page_begun: Callable[[int], None] = lambda _number: None) -> ParsedDocument:
    """Return the text and the blocks of a file. Raises DocumentRefused.

    `page_begun` is told the number of each page of a PDF before it is read, and 0 after the last one.
    """
    check_file(path)
    reader = reader_for(path)
    extension = path.suffix.lower().removeprefix(".")
    if extension in _ZIPPED:
        check_archive(path)
    try:
        if reader is Reader.KREUZBERG:
            parsed = _parse_with_kreuzberg(path)
        elif reader is Reader.PDF:
            from chatbot_app.knowledge.formats.pdf_text import read_pdf

            parsed = read_pdf(path, page_begun)
        elif reader is Reader.SLIDES:
            from chatbot_app.knowledge.formats.slides import parse_slides

            parsed = parse_slides(path)
        elif reader is Reader.PICTURE:
            from chatbot_app.knowledge.formats.ocr import read_picture

            parsed = read_picture(path)
        else:
            from chatbot_app.knowledge.formats.text import parse_text

            parsed = parse_text(path, reader or Reader.PLAIN)
    except OSError as exc:
        raise FileUnreadable(name=path.name, detail=exc.strerror or str(exc)) from exc
    if len(parsed.text) > MAX_TEXT_CHARACTERS:
        raise DocumentTooLarge(name=path.name, detail="more than 200 million characters of text")
    if not parsed.text.strip():
        raise DocumentEmpty(name=path.name)
    return parsed


def check_archive(path: Path) -> None:
    """Look into a zip format before anything is unpacked. Raises DocumentDamaged, DocumentTooLarge."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ZIP_ENTRIES:
                raise DocumentTooLarge(name=path.name, detail=f"{len(entries)} entries in the archive")
            text_bytes = 0
            for entry in entries:
                if entry.flag_bits & 1:
                    raise DocumentEncrypted(name=path.name)
                _check_member(path.name, archive, entry)
                if entry.filename.lower().endswith(
                    (".xml", ".rels", ".xhtml", ".html", ".htm", ".ncx", ".opf")
                ):
                    text_bytes += entry.file_size
            if text_bytes > MAX_XML_BYTES:
                raise DocumentTooLarge(
                    name=path.name, detail=f"{text_bytes // 10**6} MB of text when unpacked"
                )
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as exc:
        if path.read_bytes()[:4] == b"\xd0\xcf\x11\xe0":  # an OLE container: what Office encrypts into
            raise DocumentEncrypted(name=path.name) from exc
        raise DocumentDamaged(name=path.name, detail="its archive cannot be opened") from exc


def _check_member(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    packed = max(entry.compress_size, 1)
    if entry.file_size > MAX_ZIP_MEMBER_BYTES:
        raise DocumentTooLarge(name=name, detail=f"a part of {entry.file_size // 10**6} MB")
    is_text = entry.filename.lower().endswith((".xml", ".rels", ".xhtml", ".html", ".htm"))
    if is_text and entry.file_size > _RATIO_FROM and entry.file_size / packed > MAX_RATIO:
        raise DocumentTooLarge(
            name=name, detail=f"a part grows {entry.file_size // packed} times when unpacked"
        )
    # The size that the directory claims may be a lie: deflate packs at most about 1,032 to one, so that a
    # member whose packed size allows more than it claims is unpacked up to the claim and looked at.
    if is_text and entry.file_size < _RATIO_FROM < packed * 1032 and packed > entry.file_size:
        raise DocumentDamaged(name=name, detail="the sizes in its archive are wrong")


def _parse_with_kreuzberg(path: Path) -> ParsedDocument:
    from kreuzberg import ExtractionConfig, extract_bytes_sync, extract_file_sync
    from kreuzberg.exceptions import KreuzbergError

    from chatbot_app.knowledge.formats.decoding import normal_lines
    from chatbot_app.knowledge.formats.mail import ENDINGS, read_mail
    from chatbot_app.knowledge.formats.markdown_escapes import without_escapes
    from chatbot_app.knowledge.formats.mbox import read_mailbox
    from chatbot_app.knowledge.formats.page_forms import with_form_values
    from chatbot_app.knowledge.formats.plain_names import under_a_plain_name
    from chatbot_app.knowledge.formats.web_pages import as_markdown, read_page_file
    from chatbot_app.knowledge.formats.word_preparation import entities_back

    # Its stub does not know `disable_ocr`.
    options: dict[str, Any] = {"use_cache": False, "disable_ocr": True, "output_format": "markdown"}
    # The lines of a mail are as they were written; read as Markdown they are joined.
    is_mail = path.suffix.lower() in ENDINGS
    as_written = {**options, "output_format": "plain"}

    def read_page(page: str) -> str:
        html = extract_bytes_sync(
            with_form_values(page).encode("utf-8", "replace"), "text/html", config=ExtractionConfig(**options)
        )
        return without_escapes(normal_lines(str(html.content)).strip())

    try:
        if path.suffix.lower() == ".mbox" or path.name.lower() == "mbox":
            return read_mailbox(path, read_page)
        message = read_mail(path) if is_mail else None
        if message is not None:
            return _parsed_mail(path, message, read_page)
        page = read_page_file(path)
        if page is not None:
            text = clean_text(as_markdown(page, read_page))
            return ParsedDocument(title_of(path), text, markdown_blocks(text), "text/html")
        kind, rewritten = _REWRITTEN.get(path.suffix.lower(), ("", None))
        written = rewritten(path) if rewritten is not None else None
        result: Any = None
        if written is not None:
            try:
                result = extract_bytes_sync(written, kind, config=ExtractionConfig(**options))
            except KreuzbergError:
                kind = ""  # the file itself is damaged as well, or is read better than what was made of it
        if result is None:
            with under_a_plain_name(path) as name:
                config = ExtractionConfig(**(as_written if is_mail else options))
                result = extract_file_sync(name, config=config)
    except KreuzbergError as exc:
        if any(word in str(exc).lower() for word in ("password", "encrypt")):
            raise DocumentEncrypted(name=path.name) from exc
        raise DocumentDamaged(name=path.name, detail=str(exc).split("\n", 1)[0][:200]) from exc
    text = normal_lines(str(result.content)).strip()
    warnings: tuple[str, ...] = ()
    if kind == _WORD:
        text = entities_back(text)
    if path.suffix.lower() in (".xlsx", ".xls", ".ods"):
        from chatbot_app.knowledge.formats.sheet_comments import notes_of, with_notes
        from chatbot_app.knowledge.formats.sheets import part_tables

        text, hidden = with_notes(part_tables(text), notes_of(path))
        if hidden:
            names = ", ".join(hidden[:_MOST_NAMES])
            warnings = (
                f"Hidden sheets are not read: {names}. Show them and import the file again to read them.",
            )
    if is_mail:  # of Outlook: kreuzberg reads its plain text, and not what has a page or RTF alone
        head, gap, body = text.partition("\n\n")
        if names := ", ".join(map(str, result.metadata.get("attachments") or ())):
            text = clean_text(f"{head}\nAttachments: {names}{gap}{body}")
        title = title_of(path, str(result.metadata.get("subject") or ""))
        warnings = () if body.strip() else (_NO_TEXT_OF_MAIL,)
        return ParsedDocument(title, text, plain_blocks(text), str(result.mime_type), warnings=warnings)
    text = without_escapes(text)
    if path.suffix.lower() == ".odt":
        text = text.replace("&#9;", " ")  # a tab
    blocks = markdown_blocks(text)
    return ParsedDocument(title_of(path), text, blocks, str(result.mime_type), warnings=warnings)


def _parsed_mail(path: Path, message: Mail, read_page: Callable[[str], str]) -> ParsedDocument:
    text = clean_text(message.as_text(read_page))
    blocks = markdown_blocks(text) if message.has_pages else plain_blocks(text)
    warnings = ("Its text is encrypted, so that only its headers are read.",) if message.is_encrypted else ()
    return ParsedDocument(title_of(path, message.subject), text, blocks, "message/rfc822", warnings=warnings)
