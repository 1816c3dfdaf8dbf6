"""Text of pictures and scanned pages, where Tesseract is installed with language data. Runs in the parser's child."""

from __future__ import annotations

import locale
import os
import re
import shutil
import struct
import subprocess
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chatbot_app.core.child_environment import child_environment
from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.text import composed_text
from chatbot_app.knowledge.formats.blocks import markdown_blocks
from chatbot_app.knowledge.formats.plain_names import under_a_plain_name
from chatbot_app.knowledge.formats.refusals import DocumentDamaged, DocumentNeedsOcr
from chatbot_app.knowledge.formats.registry import title_of

SECONDS_PER_10_MB = 40  # of computing; below the child's own cap, so that what was read is kept
_SCALE = 200 / 72  # dots an inch over points an inch: what Tesseract reads well
_LARGEST_SIDE = 5000  # pixels
_NO_LANGUAGE = frozenset({"osd", "equ"})
_LANGUAGES = 3  # each one costs its time again
_ENGLISH = "eng"
# Tesseract's names (ISO 639-3) of what locales name by two letters.
_OF_LOCALES = dict(
    pair.split(":")
    for pair in "ar:ara bg:bul ca:cat cs:ces da:dan de:deu el:ell es:spa et:est fa:fas fi:fin fr:fra he:heb hi:hin"
    " hr:hrv hu:hun id:ind it:ita ja:jpn ko:kor lt:lit lv:lav nb:nor nl:nld nn:nor no:nor pl:pol pt:por ro:ron"
    " ru:rus sk:slk sl:slv sr:srp sv:swe th:tha tr:tur uk:ukr vi:vie zh:chi_sim".split()
)
_DATA_FOLDER = "TESSDATA_PREFIX"  # what Tesseract itself calls it


def languages() -> tuple[str, ...]:
    """Return the languages whose data Tesseract has here, at most three; none where it is not installed.

    The person's own comes first and English last: the first one's letters count most, and while English is
    read well with those of any other, "Öfen" is "Ofen" where English leads.
    Where the data lie in a place of their own, the environment of this process names it from then on.
    """
    program = shutil.which("tesseract")
    if program is None:
        return ()
    try:
        listed = subprocess.run(
            [program, "--list-langs"],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
            env=child_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    heading, *names = [name.strip() for name in listed.splitlines()] or [""]
    # The engine looks into the usual folders only; the program itself knows where its data are.
    if (folder := re.search(r'"(.+)"', heading)) is not None:
        os.environ.setdefault(_DATA_FOLDER, folder[1])
    known = [name for name in names if name and name not in _NO_LANGUAGE and "/" not in name]
    own = _OF_LOCALES.get((locale.getlocale()[0] or "").split("_")[0])
    others = sorted((name for name in known if name != _ENGLISH), key=lambda name: (name != own, name))
    english = [_ENGLISH] if _ENGLISH in known else []
    return (*others[: _LANGUAGES - len(english)], *english)


def read_picture(path: Path) -> ParsedDocument:
    """Return the text of an image file. Raises DocumentNeedsOcr where there is none, DocumentDamaged."""
    known = languages()
    if not known:
        raise DocumentNeedsOcr(name=path.name)
    text, media_type = _recognise(path.name, path.read_bytes(), known, path)
    return ParsedDocument(title_of(path), text, markdown_blocks(text), media_type)


def read_pages(
    path: Path, pdf: Any, numbers: Sequence[int], known: tuple[str, ...]
) -> tuple[dict[int, str], list[int]]:
    """Return (text of each page that was read, the pages that the time did not suffice for).

    `pdf` is an open PdfDocument, `numbers` count from 1. Raises DocumentDamaged.
    """
    allowed = SECONDS_PER_10_MB * (1 + path.stat().st_size // 10_000_000)
    started = time.process_time()
    texts: dict[int, str] = {}
    for number in numbers:
        if time.process_time() - started > allowed:
            break
        texts[number] = _recognise(path.name, page_as_png(pdf[number - 1]), known)[0]
    return texts, [number for number in numbers if number not in texts]


def _recognise(name: str, data: bytes, known: tuple[str, ...], path: Path | None = None) -> tuple[str, str]:
    """Return (text, media type) of a picture."""
    from kreuzberg import ExtractionConfig, OcrConfig, TesseractConfig, extract_bytes_sync, extract_file_sync
    from kreuzberg.exceptions import KreuzbergError

    named = "+".join(known)
    # As Markdown two lines of prose become a table of their words, or one line with all paragraphs.
    options: dict[str, Any] = {"use_cache": False, "force_ocr": True, "output_format": "plain"}
    engine = TesseractConfig(language=named, output_format="text", enable_table_detection=False)
    ocr = OcrConfig(backend="tesseract", language=named, tesseract_config=engine)
    config = ExtractionConfig(**options, ocr=ocr)
    try:
        if path is not None:
            with under_a_plain_name(path) as plain:
                result: Any = extract_file_sync(plain, config=config)
        else:
            result = extract_bytes_sync(data, "image/png", config=config)
    except KreuzbergError as exc:
        raise DocumentDamaged(name=name, detail=str(exc).split("\n", 1)[0][:200]) from exc
    return composed_text(str(result.content)).strip(), str(result.mime_type)


def page_as_png(page: Any) -> bytes:
    """Return a page of pypdfium2 as a PNG in shades of grey, as fine as recognition wants it, of a bounded size."""
    scale = min(_SCALE, _LARGEST_SIDE / max(1.0, *page.get_size()))
    pixels = page.render(scale=scale, grayscale=True).to_numpy()
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels.reshape(height, width))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
