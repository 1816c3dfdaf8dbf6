"""Cells of HTML tables that stand over several rows, said in each of them: who reads the page leaves the others empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import AnyStr

_TABLE = re.compile(r"<(/?)table\b[^<>]*>?", re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"<(t[dh])\b([^<>]*)>", re.IGNORECASE)
_END_OF_ROW = re.compile(r"</tr\s*>", re.IGNORECASE)
_SPAN = re.compile(r"\s(row|col)span\s*=\s*[\"']?\s*(\d{1,4})\s*[\"']?", re.IGNORECASE)
_MOST_ROWS, _MOST_COLUMNS = 200, 100
_GROWTH, _GROWS_BY = 3, 100_000  # times, and characters: as much may a table grow to
_LONGEST = 300  # characters of a cell that is said again


def with_spanned_cells(page: str) -> str:
    """Return a page of HTML whose cells stand over one row each, but for tables that hold others: they lay out a page."""
    return with_innermost_tables(page, _TABLE, _filled)


def with_innermost_tables(text: AnyStr, tag: re.Pattern[AnyStr], made: Callable[[AnyStr], AnyStr]) -> AnyStr:
    """Return a text with what is made of the inside of each table that holds no other; `tag` finds (a slash or nothing)."""
    parts: list[AnyStr] = []
    place = 0
    begin: int | None = None  # of what stands in the innermost table
    for found in tag.finditer(text):
        if not found[1]:
            begin = found.end()
        elif begin is not None:
            parts += [text[place:begin], made(text[begin : found.start()])]
            place, begin = found.start(), None
    parts.append(text[place:])
    return text[:0].join(parts)


def _filled(table: str) -> str:
    if "rowspan" not in table.lower():
        return table
    starts = [row.start() for row in _ROW.finditer(table)]
    if not starts:
        return table
    above: dict[int, tuple[int, str]] = {}  # by column: for how many more rows, and the cell
    rows: list[str] = []
    room = _GROWTH * len(table) + _GROWS_BY
    for start, end in zip(starts, [*starts[1:], len(table)], strict=True):
        rows.append(_row(table[start:end], above))
        room -= len(rows[-1])
        if room < 0:
            return table  # no person wrote it
    return table[: starts[0]] + "".join(rows)


def _row(row: str, above: dict[int, tuple[int, str]]) -> str:
    end = _END_OF_ROW.search(row)
    stop = end.start() if end is not None else len(row)
    cells = list(_CELL.finditer(row, 0, stop))
    opens = row[: cells[0].start()] if cells else row[:stop]
    written = [opens]
    below: dict[int, tuple[int, str]] = {}
    column = 0

    def repeat() -> None:
        nonlocal column
        while column in above:
            rows, cell = above.pop(column)
            written.append(cell)
            if rows > 1:
                below[column] = rows - 1, cell
            column += 1

    for number, cell in enumerate(cells):
        repeat()
        until = cells[number + 1].start() if number + 1 < len(cells) else stop
        spans = {name.lower(): int(count) for name, count in _SPAN.findall(cell[2])}
        rows, columns = min(spans.get("row", 1), _MOST_ROWS), min(max(spans.get("col", 1), 1), _MOST_COLUMNS)
        words = row[cell.end() : until]
        without = _SPAN.sub(lambda span: "" if span[1].lower() == "row" else span[0], cell[2])
        written.append(f"<{cell[1]}{without}>{words}")
        if rows > 1:
            again = words if len(words) <= _LONGEST else ""
            below.update((column + n, (rows - 1, f"<{cell[1]}>{again}")) for n in range(columns))
        column += columns
    repeat()
    above.clear()
    above.update(below)
    return "".join([*written, row[stop:]])
