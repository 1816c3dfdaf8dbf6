"""What stands at the edges of every page of a document: running titles, page numbers, notes of the printer.

It is read once, where it first stands: in every passage it would be quoted, and make all of them more alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from chatbot_app.knowledge.formats.pdf_headings import Line

_EDGE_LINES = 3  # at the head and the foot of a page
_FEWEST_PAGES = 3
_LEAST_PAGES = 0.5  # share of all pages
_LONGEST = 160  # characters
_MOST_UNCOUNTED = 50  # pages before the first that is numbered, or of the volume before it
_NUMBER = re.compile(r"\d+")
_PAGE = r"(?:page|seite|página|pagina|pág\.?|str\.?|стр(?:аница|\.)?|sida|side)"
_OF = r"(?:of|von|sur|de|di|из|av|af|/)"
# "Page 2", "Page 2 of 5" on a line of its own: it says nothing of what the document is about. "… described on / page 12." does.
_PAGE_NUMBER = re.compile(rf"\W*{_PAGE} ?#(?: ?{_OF} ?#)?\W*|第 ?# ?页(?:\W*共 ?# ?页)?")
# What such lines hold is no heading, however it is printed: "Version 1.2 Date: 3 May 2024", "Page 2 of 5 NYC08CA055".
_OF_THE_PRINT = re.compile(rf"\b{_PAGE} ?#|第 ?# ?页|\b(?:version|revision|версия)\b")
_COUNTED = re.compile(rf"\b{_PAGE} ?# ?{_OF} ?#")
_FEWEST_COUNTED = 2  # pages that say which of how many they are


def kept_ranges(texts: Sequence[str], lines: Sequence[Sequence[Line]]) -> list[tuple[int, int]]:
    """Return (begin, end) of each page's text without what its edges share with those of at least half of all pages.

    Lines are shared that say the same, but for numbers that count pages: bills that differ in their number stay, also where
    one follows the other ("Invoice 1001", "No. 2024-001").
    The first page that has a line keeps it, but for one that only numbers the page, and a page that has nothing else keeps all.
    """
    sizes: Counter[float] = Counter()
    for row in (row for rows in lines for row in rows):
        sizes[row.size] += row.end - row.start
    body = max(sizes, key=lambda size: sizes[size], default=0.0)
    shared: dict[str, list[tuple[int, list[str]]]] = {}
    for number, (text, rows) in enumerate(zip(texts, lines, strict=True)):
        for key, numbers in dict(_edges(text, rows, body)).items():
            shared.setdefault(key, []).append((number, numbers))
    fewest = max(_FEWEST_PAGES, _LEAST_PAGES * len(texts))
    running = {
        key: found[0][0]
        for key, found in shared.items()
        if len(found) >= (_FEWEST_COUNTED if _COUNTED.search(key) else fewest) and _count_pages(found)
    }
    return [
        _kept(
            text,
            [
                row
                for row in _at_edges(rows)
                if running.get(_key(text, row), number) != number or _is_page_number(text, row)
            ],
            rows,
        )
        for number, (text, rows) in enumerate(zip(texts, lines, strict=True))
    ]


def _edges(text: str, rows: Sequence[Line], body: float) -> Iterator[tuple[str, list[str]]]:
    """Yield (what it says, its numbers) of lines at the edges of a page that are not printed as headings are."""
    for row in _at_edges(rows):
        key = _key(text, row)
        is_heading = (row.size > body or row.bold) and not _OF_THE_PRINT.search(key)
        if row.end - row.start <= _LONGEST and not is_heading:
            yield key, _NUMBER.findall(text[row.start : row.end])


def _is_page_number(text: str, row: Line) -> bool:
    """Whether a line that begins as a sentence does only numbers its page."""
    return not text[row.start].islower() and _PAGE_NUMBER.fullmatch(_key(text, row)) is not None


def _at_edges(rows: Sequence[Line]) -> tuple[Line, ...]:
    return (*rows[:_EDGE_LINES], *rows[-_EDGE_LINES:])


def _key(text: str, row: Line) -> str:
    return " ".join(_NUMBER.sub("#", text[row.start : row.end].casefold()).split())


def _count_pages(found: Sequence[tuple[int, list[str]]]) -> bool:
    """Whether each number of lines on several pages stays as it is, or counts with the pages."""
    if len({len(numbers) for _page, numbers in found}) != 1:
        return False
    for column in zip(*(numbers for _page, numbers in found), strict=True):
        if len(set(column)) == 1:
            continue
        steps = {int(number) - page for number, (page, _n) in zip(column, found, strict=True)}
        if len(steps) > 1 or abs(steps.pop()) > _MOST_UNCOUNTED or any(n.startswith("0") for n in column):
            return False
    return True


def _kept(text: str, gone: Sequence[Line], rows: Sequence[Line]) -> tuple[int, int]:
    begin, end = 0, len(text)
    for row in rows[:_EDGE_LINES]:
        if row not in gone or text[begin : row.start].strip():
            break
        begin = row.end
    for row in reversed(rows[-_EDGE_LINES:]):
        if row not in gone or row.start < begin or text[row.end : end].strip():
            break
        end = row.start
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return (begin, end) if begin < end else (0, len(text))
