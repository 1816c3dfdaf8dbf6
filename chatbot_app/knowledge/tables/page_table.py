"""A table that was found on a page of a PDF, and its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Merging(Enum):
    """What the lines of a ruled table say of cells that are one."""

    NOTHING = "nothing"
    HEADS = "heads"  # a head over several columns, or a title above them
    LABELS = "labels"  # one label over several rows as well


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row: `depth` says how far its label is indented, from 0; `cells` has one text for each column."""

    label: str
    cells: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table in characters `start` to `end` of its page's text, in the order of the file.

    `heads` are empty where there are none; `columns` are the edges of the columns of figures in points;
    `above` and `below` count the printed lines of the page before and behind it.
    """

    start: int
    end: int
    label_head: str
    heads: tuple[str, ...]
    rows: tuple[PageRow, ...]
    columns: tuple[tuple[float, float], ...]
    above: int
    below: int
    is_ruled: bool = False  # its cells by lines on the page, words as well as figures
    title: str = ""  # what its first rows say across all columns
    merged: Merging = Merging.NOTHING
    is_form: bool = False  # a row for each of its labels, of which several stood beside each other

    @property
    def has_heads(self) -> bool:
        """Whether any column has a head."""
        return any(self.heads)

    def labelled(self) -> PageTable:
        """Return the table with its first column for labels, where it has several columns and no labels."""
        if len(self.columns) < 2:
            return self
        rows = tuple(PageRow(row.cells[0], row.cells[1:], row.depth) for row in self.rows)
        return replace(
            self, label_head=self.heads[0], heads=self.heads[1:], rows=rows, columns=self.columns[1:]
        )
