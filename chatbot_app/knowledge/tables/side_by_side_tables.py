"""Two tables that stand side by side on a page, whose lines run through both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.page_cells import PrintedLine
from chatbot_app.knowledge.tables.page_heads import heads_of
from chatbot_app.knowledge.tables.page_table import PageRow, PageTable

_ALIGNED = 3.0  # points
_FEWEST_ROWS = 2


def parted(table: PageTable, heads: Sequence[PrintedLine], labels_right: float) -> list[PageTable]:
    """Return the two tables that a table is, or itself: in its middle are labels whose head is that of the labels, or
    behind which the heads of the first columns come again.

    `heads` are its printed heads, `labels_right` is where its longest label ends, in points.
    """
    place = next((n for n in range(1, len(table.columns) - 1) if _is_of_labels(table, n)), None)
    if place is None or not heads or not _begins_again(table, heads[-1:], labels_right, place):
        return [table]
    edge = (table.columns[place - 1][1] + table.columns[place][0]) / 2
    label_edge = table.columns[place][1]
    left = [_kept(line, float("-inf"), edge) for line in heads]
    right = [_kept(line, edge, float("inf")) for line in heads]
    first = [PageRow(row.label, row.cells[:place], row.depth) for row in table.rows]
    second = [PageRow(row.cells[place], row.cells[place + 1 :], 0) for row in table.rows]
    return [
        _half(replace(table, columns=table.columns[:place]), left, first, labels_right),
        _half(replace(table, columns=table.columns[place + 1 :]), right, second, label_edge),
    ]


def _is_of_labels(table: PageTable, column: int) -> bool:
    """Whether a column holds words alone, and figures stand on both sides of it."""
    cells = [row.cells[column] for row in table.rows if row.cells[column]]
    return (
        len(cells) >= _FEWEST_ROWS
        and not any(map(figures.is_figure, cells))
        and all(
            any(figures.is_amount(cell) for row in table.rows for cell in row.cells[side])
            for side in (slice(column), slice(column + 1, None))
        )
    )


def _begins_again(table: PageTable, lowest: Sequence[PrintedLine], labels_right: float, place: int) -> bool:
    label, names = heads_of(table.columns, lowest, labels_right)
    known = [name.casefold() for name in (label, *names)]
    first, second = known[: place + 1], known[place + 1 :]
    return bool(second[0] and first[0] == second[0]) or (first == second and any(first))


def _kept(line: PrintedLine, left: float, right: float) -> PrintedLine:
    return line._replace(pieces=tuple(piece for piece in line.pieces if left <= piece.centre < right))


def _half(
    table: PageTable, lines: Sequence[PrintedLine], rows: Sequence[PageRow], labels_right: float
) -> PageTable:
    """Return one of the tables; a line above its heads that begins where the labels do is its title."""
    lines = [line for line in lines if line.pieces]
    begin = lines[-1].left if lines else 0.0
    is_title = [
        len(line.pieces) == 1 and abs(line.left - begin) <= _ALIGNED and line is not lines[-1]
        for line in lines
    ]
    title = " ".join(line.pieces[0].text for line, is_one in zip(lines, is_title, strict=True) if is_one)
    named = [line for line, is_one in zip(lines, is_title, strict=True) if not is_one]
    label, names = heads_of(table.columns, named, labels_right)
    kept = tuple(row for row in rows if row.label or any(row.cells))
    return replace(table, label_head=label, heads=tuple(names), rows=kept, title=title)
