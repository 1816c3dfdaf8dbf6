"""Labels beside what they say on a page of a PDF, as forms, bills and the heads of letters print them: no lines, and often no figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from chatbot_app.knowledge.tables.figures import is_figure
from chatbot_app.knowledge.tables.page_cells import Piece, PrintedLine
from chatbot_app.knowledge.tables.page_table import PageRow, PageTable

_FEWEST_ROWS = 3
_LINE_GAP = 2.6  # times the height: what is farther apart belongs to no list together
_SAME_PLACE = 2.5  # points
_LONGEST_LABEL, _LABEL_WORDS = 36, 5
_LETTER = re.compile(r"[^\W\d_]{2}")
_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?;,]$")
_LIST_MARK = re.compile(r"(?:\d{1,3}|[a-zA-Z])[.)]|[ivx]+\)")


def find_label_tables(
    lines: Sequence[PrintedLine], text: str, is_bold: Callable[[int], bool]
) -> list[PageTable]:
    """Return the lists of labels and values of a page whose text is `text`, in order; `is_bold` says it of a character."""
    tables: list[PageTable] = []
    place = 0
    while place < len(lines):
        stop = _end_of_list(lines, place)
        if stop - place >= _FEWEST_ROWS:
            table = _table(lines, place, stop, text, is_bold)
            if table is not None:
                tables.append(table)
        place = max(stop, place + 1)
    return tables


def _end_of_list(lines: Sequence[PrintedLine], first: int) -> int:
    """Return the line behind the last one of the list that begins with line `first`; that line, where none does."""
    if not _is_labelled(lines[first]):
        return first
    label, value = lines[first].pieces
    place = first + 1
    while place < len(lines):
        line, before = lines[place], lines[place - 1]
        if not 0 <= before.base - line.base <= _LINE_GAP * max(line.height, before.height):
            break
        if _goes_on(line, value):
            place += 1
            continue
        if (
            not _is_labelled(line)
            or abs(line.left - label.left) > _SAME_PLACE
            or not _is_below(line.pieces[1], value)
        ):
            break
        place += 1
    return place


def _is_labelled(line: PrintedLine) -> bool:
    if len(line.pieces) != 2:
        return False
    label = line.pieces[0].text
    return (
        len(label) <= _LONGEST_LABEL
        and len(label.split()) <= _LABEL_WORDS
        and _LETTER.search(label) is not None
        and _SENTENCE_END.search(label) is None
        and _LIST_MARK.fullmatch(label) is None
    )


def _is_below(piece: Piece, value: Piece) -> bool:
    """Whether a piece begins, or ends, where the values above it do."""
    return abs(piece.left - value.left) <= _SAME_PLACE or abs(piece.right - value.right) <= _SAME_PLACE


def _goes_on(line: PrintedLine, value: Piece) -> bool:
    """Whether a line is the rest of the value above it."""
    return len(line.pieces) == 1 and abs(line.left - value.left) <= _SAME_PLACE


def _table(
    lines: Sequence[PrintedLine], first: int, stop: int, text: str, is_bold: Callable[[int], bool]
) -> PageTable | None:
    """Return the table of some lines; None where the page's text has something else between them, or it is no list."""
    taken = lines[first:stop]
    start, end = min(line.start for line in taken), max(line.end for line in taken)
    rows: list[tuple[str, str]] = []
    for line in taken:
        words = tuple(piece.text for piece in line.pieces)
        rows[len(rows) - (len(words) == 1) :] = [
            words if len(words) == 2 else (rows[-1][0], f"{rows[-1][1]} {words[0]}")
        ]
    held = sum(len("".join(words.split())) for row in rows for words in row)
    if all(is_figure(value) for _label, value in rows):
        return None  # a table of contents, or one of figures: `page_tables` tells
    if len(rows) < _FEWEST_ROWS or held != len("".join(text[start:end].split())):
        return None
    label_head, heads = "", ("",)
    is_head = is_bold(taken[0].end - 1) and not is_bold(taken[1].end - 1)
    if is_head and _DIGIT.search(rows[0][1]) is None:
        (label_head, head), *rows = rows
        heads = (head,)
    column = (min(line.pieces[-1].left for line in taken), max(line.right for line in taken))
    return PageTable(
        start,
        end,
        label_head,
        heads,
        tuple(PageRow(label, (value,), 0) for label, value in rows),
        (column,),
        first,
        len(lines) - stop,
    )
