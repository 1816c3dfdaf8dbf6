"""The title and the heads of a ruled table whose heads are cells over several columns or rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.heads import MOST_HEAD_ROWS, joined_head
from chatbot_app.knowledge.tables.page_table import Merging

Place = tuple[int, int]
"""A row from the top and a column from the left."""

_MOST_TITLES = 3


@dataclass(frozen=True, slots=True)
class RuledTop:
    """`titles` rows of the grid say `title`; `heads`, one for each column, are joined from `rows` rows of text below.

    No heads, and no title, where none are merged: what the first row is then is not said by the lines.
    """

    titles: int = 0
    title: str = ""
    heads: tuple[str, ...] = ()
    rows: int = 0
    ends: int = 0  # the first row of the grid below title and heads


def ruled_top(merged: Mapping[Place, Place], rows: Sequence[Sequence[Sequence[str]]]) -> RuledTop:
    """Return title and merged heads; `merged` says for each place the first one of its cell, `rows` the texts of each
    row of the grid, one for each column, what stands over several of them in each.
    """
    width = 1 + max(column for _row, column in merged)
    titles = 0
    while (
        titles < min(_MOST_TITLES, len(rows) - 2)
        and _is_across(merged, titles, width)
        and _said(rows[titles])
    ):
        titles += 1
    title = " ".join(_said(row) for row in rows[:titles])
    count = _head_rows(merged, rows, titles, width)
    if count:
        parts = [row for some in rows[titles : titles + count] for row in some]
        heads = tuple(joined_head([row[column] for row in parts]) for column in range(width))
        return RuledTop(titles, title, heads, len(parts), titles + count)
    if titles and _heads_nothing(rows[titles]):
        return RuledTop()
    return RuledTop(titles, title, ends=titles)


def merging_of(merged: Mapping[Place, Place], rows: int, top: RuledTop) -> Merging:
    """Return what is merged in a grid of so many rows."""
    if any(merged[row, 0][0] < row for row in range(top.ends + 1, rows)):
        return Merging.LABELS
    return Merging.HEADS if top.heads or top.title else Merging.NOTHING


def _head_rows(
    merged: Mapping[Place, Place], rows: Sequence[Sequence[Sequence[str]]], first: int, width: int
) -> int:
    """Return how many rows of the grid are heads, 0 where the first of them has no cell over several columns."""
    if not _parts_columns(merged, first, width) or _heads_nothing(rows[first]):
        return 0
    count = 1
    while (
        count < MOST_HEAD_ROWS
        and first + count < len(rows) - 1
        and not _heads_nothing(rows[first + count])
        and _belongs_above(merged, rows, first, first + count, width)
    ):
        count += 1
    return count if count > 1 else 0


def _belongs_above(
    merged: Mapping[Place, Place], rows: Sequence[Sequence[Sequence[str]]], first: int, row: int, width: int
) -> bool:
    """Whether a row parts what the row above it joins, and has no label of its own."""
    above = row - 1
    label = merged[row, 0]
    is_open = first <= label[0] < row or not rows[row][0][0]
    parted = [
        column
        for column in range(1, width)
        if merged[above, column] == merged[above, column - 1]
        and merged[row, column] != merged[row, column - 1]
    ]
    return is_open and bool(parted)


def _parts_columns(merged: Mapping[Place, Place], row: int, width: int) -> bool:
    """Whether a row has a cell over several columns, but none over all."""
    firsts = [merged[row, column] for column in range(width)]
    return 1 < len(set(firsts)) < width and any(
        merged[row, column] == merged[row, column - 1] for column in range(2, width)
    )


def _is_across(merged: Mapping[Place, Place], row: int, width: int) -> bool:
    return len({merged[row, column] for column in range(width)}) == 1 and merged[row, 0][0] == row


def _heads_nothing(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row of the grid holds figures that head nothing."""
    return any(figures.is_amount(cell) and not figures.is_time(cell) for row in rows for cell in row[1:])


def _said(rows: Sequence[Sequence[str]]) -> str:
    return " ".join(row[0] for row in rows if row[0])
