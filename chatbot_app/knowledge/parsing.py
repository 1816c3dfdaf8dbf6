"""A file to text and blocks. Runs in the child process of `parsing_process.py`; nothing here is trusted."""

from __future__ import annotations

import csv
import io
import json
import stat
import zipfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.errors import AppError
from chatbot_app.core.text import clean_text
from chatbot_app.knowledge.blocks import code_blocks, markdown_blocks, plain_blocks, table_block

MAX_FILE_BYTES = 1024**3
MAX_TEXT_CHARACTERS = 200_000_000
MAX_ZIP_ENTRIES = 20_000
MAX_ZIP_MEMBER_BYTES = 300_000_000  # a scanned page is large, but not this large
MAX_XML_BYTES = 100_000_000  # of all text inside an archive; pictures do not count
MAX_RATIO = 200  # of an XML member above a megabyte; real ones stay below 60
_RATIO_FROM = 1_000_000
_DETECTION_BYTES = 200_000
_COLUMNS = 4096


class DocumentRefused(AppError):
    """A file cannot be imported; `name` is the file's, the class says why."""

    summary_template = "“{name}” cannot be imported: {detail}"
    next_step_template = "Other files are not affected."


class FormatUnknown(DocumentRefused):
    summary_template = "“{name}” has a format that is not read here ({detail})."
    next_step_template = "Save it as PDF, DOCX, HTML, Markdown or text and import that."


class FileUnreadable(DocumentRefused):
    summary_template = "“{name}” cannot be read: {detail}"
    next_step_template = "Check that the file is there and may be read, then retry."


class DocumentEmpty(DocumentRefused):
    summary_template = "“{name}” holds no text."
    next_step_template = "A scanned document has no text layer; OCR needs Tesseract with its language data."


class DocumentEncrypted(DocumentRefused):
    summary_template = "“{name}” is protected by a password."
    next_step_template = "Save a copy without the password and import that."


class DocumentDamaged(DocumentRefused):
    summary_template = "“{name}” is damaged or not what its name says: {detail}"
    next_step_template = "Open it in its own program, save it again and retry."


class DocumentTooLarge(DocumentRefused):
    summary_template = "“{name}” is too large: {detail}"
    next_step_template = "Split it and import the parts."


class ParserStopped(DocumentRefused):
    summary_template = "Reading “{name}” was stopped: {detail}"
    next_step_template = "Retry, or save it in another format."


class Reader(StrEnum):
    """Who reads a format."""

    KREUZBERG = "kreuzberg"
    PDF = "pdf"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    CODE = "code"
    CSV = "csv"
    NOTEBOOK = "notebook"
    SLIDES = "slides"
    PICTURE = "picture"


_EXTENSIONS = {
    Reader.KREUZBERG: "docx xlsx xls ods odt rtf epub html htm xhtml eml msg",
    Reader.PDF: "pdf",
    Reader.SLIDES: "pptx odp",
    Reader.PICTURE: "png jpg jpeg tif tiff bmp webp",
    Reader.MARKDOWN: "md markdown mdown",
    Reader.PLAIN: "txt text log rst org tex srt vtt asc adoc",
    Reader.CODE: "py pyi js mjs ts tsx jsx java c h cc cpp hpp cs go rs rb php swift kt kts scala sh bash zsh ps1 sql"
    " r jl lua pl pm hs ml ex exs erl clj dart m mm vue svelte css scss less toml ini cfg conf yaml yml json xml"
    " gradle cmake make dockerfile proto graphql tf bat svg",
    Reader.CSV: "csv tsv tab",
    Reader.NOTEBOOK: "ipynb",
}
READERS = {extension: reader for reader, names in _EXTENSIONS.items() for extension in names.split()}
_NAMES = {"makefile": Reader.CODE, "dockerfile": Reader.CODE, "readme": Reader.PLAIN, "license": Reader.PLAIN}
_ZIPPED = frozenset("docx pptx xlsx ods odt odp epub".split())


def reader_for(path: Path) -> Reader | None:
    """Return who reads a file of this name, None where nobody does."""
    extension = path.suffix.lower().removeprefix(".")
    return READERS.get(extension) or _NAMES.get(path.name.lower())


def title_of(path: Path) -> str:
    """Return the title that a file has until its content names a better one."""
    return " ".join(clean_text(path.stem).replace("_", " ").split()) or clean_text(path.name)


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
        raise DocumentEmpty(name=path.name)
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
            from chatbot_app.knowledge.pdf_text import read_pdf

            parsed = read_pdf(path, page_begun)
        elif reader is Reader.SLIDES:
            from chatbot_app.knowledge.slides import parse_slides

            parsed = parse_slides(path)
        elif reader is Reader.PICTURE:
            from chatbot_app.knowledge.ocr import read_picture

            parsed = read_picture(path)
        else:
            parsed = _parse_text(path, reader or Reader.PLAIN)
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
            return _normal(data.decode(encoding, "replace")), encoding
    if b"\x1b" not in data[:_DETECTION_BYTES] and b"\x00" not in data[:_DETECTION_BYTES]:
        try:
            return _normal(data.decode("utf-8")), "utf-8"
        except UnicodeDecodeError:
            pass  # then it is one of the others
    import chardet

    guess = str(chardet.detect(data[:_DETECTION_BYTES]).get("encoding") or "utf-8")
    try:
        return _normal(data.decode(guess, "replace")), guess
    except (LookupError, UnicodeError):
        return _normal(data.decode("utf-8", "replace")), "utf-8"


def _normal(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return clean_text(text)


def _parse_text(path: Path, reader: Reader) -> ParsedDocument:
    text, encoding = decode(path.read_bytes())
    title = title_of(path)
    if reader is Reader.NOTEBOOK:
        text = _notebook_text(path.name, text)
        return ParsedDocument(
            title, text, markdown_blocks(text), "application/x-ipynb+json", encoding=encoding
        )
    if reader is Reader.MARKDOWN:
        return ParsedDocument(title, text, markdown_blocks(text), "text/markdown", encoding=encoding)
    if reader is Reader.CSV:
        text = _csv_text(path, text)
        return ParsedDocument(title, text, table_block(text), "text/csv", encoding=encoding)
    if reader is Reader.CODE:
        return ParsedDocument(path.name, text, code_blocks(text), "text/x-source", encoding=encoding)
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


def _notebook_text(name: str, text: str) -> str:
    try:
        cells = json.loads(text)["cells"]
        parts = []
        for cell in cells:
            source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            parts.append(source if cell["cell_type"] == "markdown" else f"```\n{source}\n```")
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise DocumentDamaged(name=name, detail="it is not a notebook") from exc
    return "\n\n".join(parts)


def _parse_with_kreuzberg(path: Path) -> ParsedDocument:
    from kreuzberg import ExtractionConfig, extract_file_sync
    from kreuzberg.exceptions import KreuzbergError

    # Its stub does not know `disable_ocr`.
    options: dict[str, Any] = {"use_cache": False, "disable_ocr": True, "output_format": "markdown"}
    try:
        result: Any = extract_file_sync(str(path), config=ExtractionConfig(**options))
    except KreuzbergError as exc:
        if any(word in str(exc).lower() for word in ("password", "encrypt")):
            raise DocumentEncrypted(name=path.name) from exc
        raise DocumentDamaged(name=path.name, detail=str(exc).split("\n", 1)[0][:200]) from exc
    text = _normal(str(result.content)).strip()
    if path.suffix.lower() in (".xlsx", ".xls", ".ods"):
        from chatbot_app.knowledge.sheets import part_tables

        text = part_tables(text)
    return ParsedDocument(title_of(path), text, markdown_blocks(text), str(result.mime_type))
