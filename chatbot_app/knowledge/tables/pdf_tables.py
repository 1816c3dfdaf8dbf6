"""The tables of a PDF: what is found on its pages, written as Markdown, and what goes on from page to page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from chatbot_app.knowledge.tables.figures import is_figure
from chatbot_app.knowledge.tables.forms import find_forms
from chatbot_app.knowledge.tables.label_tables import find_label_tables
from chatbot_app.knowledge.tables.markdown import row_line, rule_line, ruled_line
from chatbot_app.knowledge.tables.page_cells import lines_of
from chatbot_app.knowledge.tables.page_rulings import Ruling
from chatbot_app.knowledge.tables.page_table import Merging, PageTable
from chatbot_app.knowledge.tables.page_tables import find_tables
from chatbot_app.knowledge.tables.page_words import printed_lines, words_of
from chatbot_app.knowledge.tables.pdfium_calls import TextPage
from chatbot_app.knowledge.tables.ruled_tables import ruled_tables

# Lines that end with an amount: a page with fewer has no table, and most pages of prose are not looked at further.
_ENDS_WITH_AMOUNT = re.compile(
    r"(?!^[ \t]*\d{1,3}[ \t]*$)(?:^|[ \t])(?!(?:19|20)\d\d[ \t]*$)[($€£¥+−–\-]*\d[\d.,'’:]*[ \t]?[)%€]*[ \t]*$|[ \t][—–][ \t]*$"
    r"|^[^\n]{0,200}[ \t][($€£¥+−–\-]*\d[\d.,:]*[)%]*[ \t]+[($€£¥+−–\-]*\d[\d.,:]*[)%]*[ \t]",
    re.MULTILINE,
)
_FEWEST_LINES = 2
# Lines below each other that end before the margin and are no ends of sentences: labels with what is said of them.
_SHORT_LINES = re.compile(r"(?:^[^\W\d_][^\n]{3,70}[^\s.!?;,-][ \t]*\n){2}[^\W\d_][^\n]{3,70}$", re.MULTILINE)
_MOST_WORDS = 6000  # of a page; more is a data dump or a drawing
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # read from the other side: not yet
_EDGE_LINES = 3  # at the foot and the head of a page: running titles, numbers, notes
_SAME_EDGE = 12.0  # points
_INDENT = "  "


def tables_of(
    page: TextPage,
    text: str,
    rotation: int = 0,
    rulings: Sequence[Ruling] = (),
    before: PageTable | None = None,
) -> list[PageTable]:
    """Return the tables of a page whose PDFium text is `text`, in order; `rotation` in degrees.

    `rulings` are the lines that are drawn on it, `before` is the last table of the page before. A table of words
    takes whole lines of the text.
    """
    if _RIGHT_TO_LEFT.search(text):
        return []
    found = _by_places(page, text, rotation)
    ruled = ruled_tables(page, text, rulings, before) if rulings and not rotation else []
    # Where no cell takes several lines, what is found by figures knows signs, units and what is indented; what cells
    # are one is known by the lines alone.
    found += [
        _with_its_rows(table, found)
        for table in ruled
        if table.is_form
        or _is_wrapped(table, text)
        or table.merged is not Merging.NOTHING
        or not any(_covers(other, table) for other in found)
    ]
    whole = [
        table
        for table in sorted(found, key=lambda table: table.start)
        if _says_figures(table) or _has_whole_lines(table, text)
    ]
    return [
        table for table in whole if table.is_ruled or not any(_meet(table, o) for o in whole if o.is_ruled)
    ]


def _by_places(page: TextPage, text: str, rotation: int) -> list[PageTable]:
    """Return what stands in columns: figures, and what is said of labels."""
    printed = text.replace("\r", "")
    has_amounts = sum(1 for _ in islice(_ENDS_WITH_AMOUNT.finditer(printed), _FEWEST_LINES)) == _FEWEST_LINES
    if not has_amounts and _SHORT_LINES.search(printed) is None:
        return []
    words = words_of(page, text, rotation)
    if len(words) > _MOST_WORDS:
        return []
    lines = lines_of(printed_lines(words))
    found = find_tables(lines) if has_amounts else []
    labelled = find_forms(lines, text)
    labelled += [
        table
        for table in find_label_tables(lines, text, page.is_bold)
        if not any(_meet(table, form) for form in labelled)
    ]
    return found + [table for table in labelled if not any(_meet(table, other) for other in found)]


def _with_its_rows(table: PageTable, found: Sequence[PageTable]) -> PageTable:
    """Return a ruled table whose heads are merged with the rows that were found by figures, where these are as many."""
    if table.merged is not Merging.HEADS or not table.has_heads:
        return table
    for other in found:
        if (
            _meet(table, other)
            and len(other.columns) == len(table.columns)
            and len(other.rows) == len(table.rows)
        ):
            return replace(
                table,
                rows=other.rows,
                columns=other.columns,
                start=min(table.start, other.start),
                end=max(table.end, other.end),
            )
    return table


def _says_figures(table: PageTable) -> bool:
    """Whether a table was found by its figures: where these stand is surer than where the file breaks its lines."""
    return not table.is_ruled and any(is_figure(cell) for row in table.rows for cell in row.cells)


def _has_whole_lines(table: PageTable, text: str) -> bool:
    """Whether nothing else stands in the line of the text that a table begins with, nor in the one that it ends with."""
    begin, end = text.rfind("\n", 0, table.start) + 1, text.find("\n", table.end)
    return not text[begin : table.start].strip() and not text[table.end : None if end < 0 else end].strip()


def _is_wrapped(table: PageTable, text: str) -> bool:
    """Whether some rows of a table take several lines of the page."""
    return text.count("\n", table.start, table.end) > len(table.rows) + 1


def _covers(table: PageTable, other: PageTable) -> bool:
    return table.start <= other.start and table.end >= other.end


def _meet(table: PageTable, other: PageTable) -> bool:
    return table.start < other.end and other.start < table.end


def markdown_of(table: PageTable) -> str:
    """Return a table as Markdown; spaces before a label say how far it is indented."""
    says_words = table.is_ruled or not any(is_figure(cell) for row in table.rows for cell in row.cells)
    rule = ruled_line(len(table.heads) + 1) if says_words else rule_line(len(table.heads))
    lines = [table.title, ""] if table.title else []
    lines += [row_line([table.label_head, *table.heads]), rule]
    for row in table.rows:
        lines.append(row_line([_INDENT * row.depth + row.label, *row.cells]))
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table that begins at character `start` of a page's own text."""

    start: int
    table: PageTable


def continued(pages: Sequence[Sequence[PlacedTable]]) -> set[tuple[int, int]]:
    """Return (page, table) by index of the tables that go on with the last one of the page before.

    Such a one begins its page, has as many columns at the same places, and no heads of its own or the same.
    """
    found: set[tuple[int, int]] = set()
    for number in range(1, len(pages)):
        if not pages[number] or not pages[number - 1]:
            continue
        before, table = pages[number - 1][-1].table, pages[number][0].table
        if before.below > _EDGE_LINES or table.above > _EDGE_LINES or not _are_same(before, table):
            continue
        if table.heads == before.heads or not table.has_heads:
            found.add((number, 0))
    return found


def _are_same(first: PageTable, second: PageTable) -> bool:
    return len(first.columns) == len(second.columns) and all(
        abs(one[1] - other[1]) <= _SAME_EDGE for one, other in zip(first.columns, second.columns, strict=True)
    )
