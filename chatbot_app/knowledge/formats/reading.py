"""A file to text and blocks. Runs in the child process of `children/parser.py`; nothing here is trusted."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.knowledge.formats.refusals import (
    DocumentDamaged,
    DocumentEmpty,
    DocumentEncrypted,
    DocumentTooLarge,
    FileEmpty,
    FileUnreadable,
    FormatUnknown,
)
from chatbot_app.knowledge.formats.registry import Reader, reader_for

MAX_FILE_BYTES = 1024**3
MAX_TEXT_CHARACTERS = 200_000_000
MAX_ZIP_ENTRIES = 20_000
MAX_ZIP_MEMBER_BYTES = 300_000_000  # a scanned page is large, but not this large
MAX_XML_BYTES = 100_000_000  # of all text inside an archive; pictures do not count
MAX_RATIO = 200  # of an XML member above a megabyte; real ones stay below 60
_RATIO_FROM = 1_000_000

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
            from chatbot_app.knowledge.formats.kreuzberg_files import parse_with_kreuzberg

            parsed = parse_with_kreuzberg(path)
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
