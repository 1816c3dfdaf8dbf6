"""Sheets of a workbook to tables: one sheet often holds several, apart by empty rows or columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot_app.knowledge.tables.figures import is_figure

_CELL = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|(\s*:?-+:?\s*\|)+$")
_MOST_TITLES = 3  # rows
_GAP = 2  # empty columns that part tables; a single one is a margin or a merged cell

_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d) 00:00:00")
_NO_SECONDS = re.compile(r"(?:(?:1899-12-3[01]|1904-01-01) )?((?:\d{4}-\d\d-\d\d )?\d\d:\d\d)(?::00)?")

Rows = list[list[str]]


def part_tables(text: str) -> str:
    """Return Markdown whose tables are parted at empty rows and wide empty columns, without empty columns.

    So each table keeps its own header row in each of its passages.
    """
    parts: list[str] = []
    rows: Rows = []
    for line in (*text.split("\n"), ""):
        if line.startswith("|"):
            if not (len(rows) == 1 and _RULE.match(line)):
                rows.append([_as_shown(cell.strip()) for cell in _CELL.split(line.strip())[1:-1]])
            continue
        if rows:
            parts += [_markdown(table) for table in _tables(rows)]
            rows = []
        if line.strip():
            parts.append(line)
    return "\n\n".join(parts)


def _as_shown(cell: str) -> str:
    """Return a day without the hour at which it begins, and a time without the day on which calendars begin."""
    if len(cell) != 19 or not cell[:1].isdigit():
        return cell
    found = _MIDNIGHT.fullmatch(cell) or _NO_SECONDS.fullmatch(cell)
    return found[1] if found is not None else cell


def _tables(rows: Rows) -> Iterator[Rows]:
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    for group in _runs([any(row) for row in rows], 1):
        part = rows[group[0] : group[-1] + 1]
        used = [any(row[column] for row in part) for column in range(width)]
        columns = list(_runs(used, _GAP))
        if len(columns) > 1 and all(_is_table([row[c[0] : c[-1] + 1] for row in part]) for c in columns):
            for side in columns:
                yield from _tables([row[side[0] : side[-1] + 1] for row in part])
        else:
            kept = [column for column in range(width) if used[column]]
            yield [[row[column] for column in kept] for row in part]


def _is_table(rows: Rows) -> bool:
    """A few words beside a table are a part of it."""
    return sum(any(row) for row in rows) > 1 and sum(any(column) for column in zip(*rows, strict=True)) > 1


def _runs(used: Sequence[bool], gap: int) -> Iterator[list[int]]:
    """Yield the indices of neighbours in use, where fewer than `gap` unused ones lie between."""
    run: list[int] = []
    for index in (index for index, flag in enumerate(used) if flag):
        if run and index - run[-1] > gap:
            yield run
            run = []
        run.append(index)
    if run:
        yield run


def _markdown(rows: Rows) -> str:
    cells = [row[0] for row in rows]
    is_words = len(rows) == 1 or (len(rows) <= _MOST_TITLES and not any(map(is_figure, cells)))
    if len(rows[0]) == 1 and is_words and not any(cell.startswith(("#", "```", "~~~")) for cell in cells):
        # A note beside the tables, that no sign makes a heading or code; a title and a unit above one.
        return "\n\n".join(cells)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
