"""The text of a PDF, page by page, as PDFium reads it: the order that the passage viewer finds it in again.

Runs in the parser's child. Pages that are pictures are read by OCR where it is installed, and named where not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.core.text import clean_text, composed_text
from chatbot_app.knowledge.formats.blocks import markdown_blocks
from chatbot_app.knowledge.formats.line_end_hyphens import HYPHENS, BrokenWords
from chatbot_app.knowledge.formats.page_furniture import kept_ranges
from chatbot_app.knowledge.formats.pdf_forms import Filled, filled_in, with_filled
from chatbot_app.knowledge.formats.pdf_headings import Heading, Line, OutlineEntry, headings_of_pages
from chatbot_app.knowledge.formats.refusals import (
    DocumentDamaged,
    DocumentEncrypted,
    DocumentNeedsOcr,
    ParserStopped,
)
from chatbot_app.knowledge.formats.registry import title_of
from chatbot_app.knowledge.tables.page_rulings import rulings_of
from chatbot_app.knowledge.tables.page_table import PageTable
from chatbot_app.knowledge.tables.pdf_tables import PlacedTable, continued, markdown_of, tables_of
from chatbot_app.knowledge.tables.pdfium_calls import TextPage

OCR_WARNING = "The text of {pages} was read from pictures (OCR); it may have mistakes."
NO_OCR_WARNING = "{pages}: no text layer; OCR needs Tesseract with its language data."
UNREAD_WARNING = "{pages} could not be read: OCR took too long."

_LAM_ALEF = re.compile("\u0627([\u0622\u0623\u0625])\u0644")  # no word is spelt so
_OUTLINE_ENTRIES = 5000
# Letters so low, in points and as a share of the page, are for programs: identifiers of the fields of a form, say.
_UNREADABLE, _UNREADABLE_SHARE = 1.5, 0.002
_NAMES_LISTED = 12
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class _Page:
    text: str
    lines: tuple[Line, ...]
    drawn: bool  # something is on it, text or not
    tables: tuple[PlacedTable, ...] = ()
    filled: tuple[str, ...] = ()  # on a picture


def mend_ligatures(text: str) -> str:
    """Put the letters of the Arabic ligatures of lam and alef into their order; the length stays."""
    return _LAM_ALEF.sub("\u0627\u0644\\1", text) if "\u0627" in text else text


def read_pdf(path: Path, page_begun: Callable[[int], None]) -> ParsedDocument:
    """Return text, pages and headings; `page_begun` is told each page's number, 0 after the last one.

    Raises DocumentEncrypted, DocumentDamaged, DocumentNeedsOcr, ParserStopped.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as exc:
        if "password" in str(exc).lower() or "security" in str(exc).lower():
            raise DocumentEncrypted(name=path.name) from exc
        raise DocumentDamaged(name=path.name, detail=str(exc)[:200]) from exc
    try:
        if pdf.get_formtype():
            pdf.init_forms()
        pages: list[_Page] = []
        words = BrokenWords()
        for number in range(1, len(pdf) + 1):
            page_begun(number)
            last = pages[-1].tables[-1:] if pages else ()
            pages.append(_read_page(pdf, number, words, last[0].table if last else None))
        outline = _outline(pdf)
        page_begun(0)
        return _with_scans(path, pdf, pages, outline)
    except pypdfium2.PdfiumError as exc:
        raise DocumentDamaged(name=path.name, detail=str(exc)[:200]) from exc
    finally:
        pdf.close()


def _with_scans(path: Path, pdf: Any, pages: list[_Page], outline: Sequence[OutlineEntry]) -> ParsedDocument:
    """Put everything together, what stands on pictures included."""
    from chatbot_app.knowledge.formats.ocr import languages, read_pages

    scanned = [number for number, page in enumerate(pages, 1) if page.drawn and not page.text]
    warnings: list[str] = []
    known = languages() if scanned else ()
    if known:
        texts, late = read_pages(path, pdf, scanned, known)
        for number, text in texts.items():
            pages[number - 1] = replace(pages[number - 1], text=text)
        if any(texts.values()):
            warnings.append(OCR_WARNING.format(pages=_named([n for n, text in texts.items() if text])))
        if late and not any(page.text for page in pages):
            raise ParserStopped(name=path.name, detail="reading its pictures by OCR took too long")
        if late:
            warnings.append(_capital(UNREAD_WARNING.format(pages=_named(late))))
    elif scanned:
        if len(scanned) == sum(page.drawn for page in pages) and not any(page.filled for page in pages):
            raise DocumentNeedsOcr(name=path.name)
        warnings.append(_capital(NO_OCR_WARNING.format(pages=_named(scanned))))
    pages = _without_furniture([_with_what_was_filled_in(page) for page in pages])
    found = headings_of_pages([page.text for page in pages], [page.lines for page in pages], outline)
    return _assembled(path, pages, found, tuple(warnings))


def _with_what_was_filled_in(page: _Page) -> _Page:
    """Return a picture with what was filled in on it; OCR has read most of it with the picture."""
    unread = [one for one in page.filled if one not in page.text]
    return replace(page, text="\n".join([*filter(None, [page.text]), *unread])) if unread else page


def _without_furniture(pages: Sequence[_Page]) -> list[_Page]:
    ranges = kept_ranges([page.text for page in pages], [page.lines for page in pages])
    return [
        page
        if (begin, end) == (0, len(page.text))
        else _Page(
            page.text[begin:end],
            tuple(
                replace(line, start=line.start - begin, end=line.end - begin)
                for line in page.lines
                if begin <= line.start and line.end <= end
            ),
            page.drawn,
            tuple(replace(placed, start=placed.start - begin) for placed in page.tables),
        )
        for page, (begin, end) in zip(pages, ranges, strict=True)
    ]


def _assembled(
    path: Path, pages: Sequence[_Page], found: Sequence[Sequence[Heading]], warnings: tuple[str, ...]
) -> ParsedDocument:
    parts: list[str] = []
    page_of: dict[int, int] = {}
    headings: dict[int, tuple[int, int]] = {}
    continuing: set[int] = set()
    goes_on = continued([page.tables for page in pages])
    position = 0
    for number, (page, titles) in enumerate(zip(pages, found, strict=True), 1):
        if not page.text:
            continue
        page_of[position] = number
        headings.update({position + title.start: (position + title.end, title.level) for title in titles})
        continuing.update(
            position + placed.start
            for place, placed in enumerate(page.tables)
            if (number - 1, place) in goes_on
        )
        parts.append(page.text)
        position += len(page.text) + 2
    text = "\n\n".join(parts)
    blocks = tuple(
        replace(block, continues=True) if block.start in continuing else block
        for block in markdown_blocks(text, page_of=page_of, headings_at=headings)
    )
    empty = tuple(number for number, page in enumerate(pages, 1) if not page.text)
    return ParsedDocument(
        title_of(path), text, blocks, "application/pdf", len(pages), empty, warnings=warnings
    )


def _read_page(pdf: Any, number: int, words: BrokenWords, before: PageTable | None) -> _Page:
    from pypdfium2 import PdfiumError, raw

    try:
        page = pdf[number - 1]
    except PdfiumError:
        return _Page("", (), False)  # a page that does not exist is an empty one; the others are read
    try:
        drawn = raw.FPDFPage_CountObjects(page) > 0
        text_page = page.get_textpage()
        try:
            filled = filled_in(page)
            text, lines, tables = _page_text(text_page, page.get_rotation(), words, before, filled)
        finally:
            text_page.close()
        on_picture = () if text else tuple(one.text for one in filled)
        return _Page(text, lines, drawn or bool(filled), tables, on_picture)
    finally:
        page.close()


def _page_text(
    text_page: Any, rotation: int, words: BrokenWords, before: PageTable | None, filled: Sequence[Filled]
) -> tuple[str, tuple[Line, ...], tuple[PlacedTable, ...]]:
    """Return a page's text without outer white space, its lines with their print, and its tables.

    The lines of a table are none: its rows stand in the text as Markdown.
    """
    raw_text = text_page.get_text_range()
    words.learn(raw_text)
    styled = len(raw_text) == text_page.count_chars()  # else a character of it is no character of the page
    page = TextPage(text_page)
    if filled and raw_text.strip() and styled:
        page, raw_text = with_filled(text_page, raw_text, filled, rotation)
    waiting = tables_of(page, raw_text, rotation, rulings_of(text_page.page), before) if styled else []
    unreadable = min(_UNREADABLE, _UNREADABLE_SHARE * text_page.page.get_height())
    parts: list[str] = []
    lines: list[Line] = []
    tables: list[PlacedTable] = []
    position = taken = 0
    for begin, index in _lines_around(raw_text, waiting):
        line = raw_text[begin:index].rstrip("\n")
        if begin < taken:
            continue
        while waiting and index > waiting[0].start:  # two at once where they stand side by side
            table = waiting.pop(0)
            taken = table.end
            between = "\n" if parts else ""
            written = composed_text(mend_ligatures(words.joined(markdown_of(table))))
            titled = written.find("\n\n|") + 2 if table.title else 0
            tables.append(PlacedTable(position + len(between) + titled, table))
            parts.append(f"{between}{written}\n\n")
            position += len(parts[-1])
        if begin < taken:
            continue
        content = line.rstrip()
        goes_on = content.endswith(HYPHENS)
        lead = len(content) - len(content.lstrip()) if not parts else 0
        content = composed_text(mend_ligatures(words.joined(content[lead:]).replace("\r", " ")))
        if content.strip():
            size, bold = _print_of(page, raw_text, begin + lead, len(content)) if styled else (0.0, False)
            if 0.0 < size <= unreadable:
                continue
            lines.append(Line(position, position + len(content), size, bold))
        if content.strip() or parts:
            end = "" if goes_on else "\n"
            parts.append(content + end)
            position += len(content) + len(end)
    text = "".join(parts).rstrip()
    kept = tuple(Line(l.start, min(l.end, len(text)), l.size, l.bold) for l in lines)  # noqa: E741  # a line's usual letter
    return text, kept, tuple(tables)


def _lines_around(raw_text: str, tables: Sequence[PageTable]) -> Iterator[tuple[int, int]]:
    """Yield where the lines of a page begin and end, the break included; one in which a table begins or ends is several."""
    edges = sorted({edge for table in tables for edge in (table.start, table.end)})
    place = index = 0
    for line in raw_text.split("\n"):
        begin, index = index, index + len(line) + 1
        while place < len(edges) and edges[place] < index:
            edge = edges[place]
            place += 1
            if raw_text[begin:edge].strip() and raw_text[edge:index].strip():
                yield begin, edge
                begin = edge + len(raw_text[edge:index]) - len(raw_text[edge:index].lstrip())
        yield begin, index


def _print_of(page: TextPage, raw_text: str, start: int, length: int) -> tuple[float, bool]:
    """Return (height in points, bold) of a line, by its first, middle and last letter."""
    first = _LETTER.search(raw_text, start, start + length)
    if first is None:
        return 0.0, False
    last = start + length - 1
    while not raw_text[last].isalnum():
        last -= 1
    middle = _LETTER.search(raw_text, (first.start() + last) // 2, last + 1)
    bold = True
    height = float("inf")
    for index in {first.start(), middle.start() if middle is not None else last, last}:
        box = page.box(index)
        if box is None:
            return 0.0, False
        height = min(height, abs(box[1] - box[3]))
        bold = bold and page.is_bold(index)
    return round(height * 2) / 2, bold


def _outline(pdf: Any) -> list[OutlineEntry]:
    entries = []
    for item in islice(pdf.get_toc(), _OUTLINE_ENTRIES):
        destination = item.get_dest()
        page = destination.get_index() if destination is not None else None
        if page is not None:
            entries.append(OutlineEntry(clean_text(item.get_title() or ""), item.level, page + 1))
    return entries


def _named(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers[:_NAMES_LISTED]))
    if len(numbers) > _NAMES_LISTED:
        listed += f" and {len(numbers) - _NAMES_LISTED} more"
    return f"page {listed}" if len(numbers) == 1 else f"pages {listed}"


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]
