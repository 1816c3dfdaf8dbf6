"""Tables on a page of a PDF: lines with figures that stand in columns, the heads above them, the labels beside them.

Rules over the places of words, for PDFs hold no tables but printed lines. What is not surely a table stays text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.knowledge.tables.grouped_columns import says_period
from chatbot_app.knowledge.tables.page_cells import Piece, PrintedLine
from chatbot_app.knowledge.tables.page_heads import (
    first_within,
    heads_of,
    is_head,
    is_near,
    may_head,
    without_title,
)
from chatbot_app.knowledge.tables.page_rows import (
    LONGEST_CELL,
    MOST_HEAD_LINES,
    is_contents,
    is_row,
    says_days,
)
from chatbot_app.knowledge.tables.page_table import PageRow, PageTable
from chatbot_app.knowledge.tables.side_by_side_tables import parted

_LINE_GAP = 3.4  # times the height: what is farther apart belongs to no table together
_MOST_LABEL_LINES = 4  # without figures, in a row
_MOST_HEAD_LINES_WITHIN = 10  # where the file has them among the lines of the table
_FEWEST_ROWS = 2
_FEWEST_ROWS_OF_ONE_COLUMN = 3
_FEWEST_COLUMNS_OF_ONE_ROW = 2  # each below a time: "2023", "2022"
_TOLERANCE = 3.0  # points
_WHITE = 1.5  # times what is between two rows: white space that parts tables
_LARGER = 1.15  # times the height of a row: a heading
_WRAPS = 0.72  # of the room of the labels: a line that reaches so far goes on in the next
_DEEPEST = 5
_FARTHEST_INDENT = 60.0  # points
# What numbers an article or a paragraph ("20-010", "4.2", "A113"): a row of its own, and no rest of the label above.
_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d]|\S*\d[./-]\d|\d{5})[\w./-]{2,20}")


def find_tables(lines: Sequence[PrintedLine]) -> list[PageTable]:
    """Return the tables of a page in order; `lines` are its printed lines in the order of the file."""
    tables: list[PageTable] = []
    place = free = 0
    while place < len(lines):
        if not is_row(lines[place]) or says_days(lines, place):
            place += 1
            continue
        region = _Region(lines, place)
        table = region.table(free)
        if table is not None:
            tables += region.halves(table)
            free = region.stop
        place = max(region.stop, place + 1)
    return tables


class _Region:
    """The lines that grow to a table from its first row of figures, line `first`; `stop` is behind its last one."""

    def __init__(self, lines: Sequence[PrintedLine], first: int) -> None:
        self._lines = lines
        self._first = first
        self._columns: list[tuple[float, float]] = []
        self._rows = [first]  # the lines with figures
        self._left = lines[first].left  # of the labels
        self._heads: list[PrintedLine] = []
        self._take(lines[first])
        self.stop = first + 1
        self._grow()

    def _grow(self) -> None:
        lines = self._lines
        labels = 0
        for place in range(self._first + 1, len(lines)):
            line, before = lines[place], lines[place - 1]
            gap = before.base - line.base
            if not 0 <= gap <= _LINE_GAP * max(line.height, before.height) or self._begins_another(place):
                return
            if self._is_label(line):
                labels += 1
                if labels > _MOST_LABEL_LINES:
                    return
                if line.pieces[0].text[:1].islower() and labels == 1 and gap < 1.6 * line.height:
                    self.stop = place + 1  # the label of the row above goes on
                continue
            if not self._fits(line) or not self._take(line):
                return
            self._rows.append(place)
            self._left = min(self._left, line.left)
            labels = 0
            self.stop = place + 1

    def _begins_another(self, place: int) -> bool:
        """Whether another table begins at a line: white space or larger letters, then heads without a figure, then rows."""
        lines, last = self._lines, self._lines[self._rows[-1]]
        line, gap = lines[place], lines[place - 1].base - lines[place].base
        is_larger = line.height > _LARGER * last.height
        if place - 1 != self._rows[-1] or not (is_larger or gap > _WHITE * self._pitch()):
            return False
        heads = 0  # lines with words above the columns
        for below in lines[place : place + MOST_HEAD_LINES]:
            if is_row(below) or any(piece.is_amount for piece in below.pieces):
                return bool(heads) and is_row(below)
            heads += is_head(below, self._columns, self._left, self._labels_right()) and len(below.pieces) > 1
        return False

    def _pitch(self) -> float:
        """Return how far its rows are from each other at the least."""
        lines = self._lines
        gaps = (lines[row - 1].base - lines[row].base for row in range(self._first + 1, self._rows[-1] + 1))
        return min((gap for gap in gaps if gap > 0), default=_LINE_GAP * lines[self._first].height)

    def _is_label(self, line: PrintedLine) -> bool:
        """Whether a line is a label alone, with nothing in the columns."""
        return (
            len(line.pieces) == 1
            and not line.pieces[0].is_amount
            and line.left < self._columns[0][0] - 2 * _TOLERANCE
            and line.right < self._columns[-1][0]
            and (
                line.left <= self._left + _FARTHEST_INDENT
                or line.pieces[0].text.endswith(":")
                or line.pieces[0].text.isupper()
            )
        )

    def _fits(self, line: PrintedLine) -> bool:
        """Whether a line is a row of the table: at least one figure in a column, and no heads of another table."""
        beside = self._beside(line)
        if not beside or any(len(piece.text) > LONGEST_CELL for piece in beside):
            return False
        has_label = len(beside) < len(line.pieces)
        if has_label and line.pieces[0].right > self._columns[0][1]:
            return False  # prose runs through the columns
        if any(piece.is_amount for piece in beside):
            return True
        return has_label and any(self._columns_of(piece) for piece in beside)

    def _beside(self, line: PrintedLine) -> list[Piece]:
        """Return the pieces right of the labels."""
        first = line.pieces[0]
        edge = self._columns[0][0] if self._columns else first.right
        is_label = (not first.is_figure or not self._columns_of(first)) and first.left < edge - _TOLERANCE
        return list(line.pieces[1:] if is_label or not self._columns else line.pieces)

    def _columns_of(self, piece: Piece) -> list[int]:
        """Return the columns that a piece stands in; where it stands in none, those that it is next to."""
        return [n for n, edges in enumerate(self._columns) if _meets(piece, edges, 0.0)] or [
            n for n, edges in enumerate(self._columns) if _meets(piece, edges, _TOLERANCE)
        ]

    def _take(self, line: PrintedLine) -> bool:
        """Widen the columns to hold a row; False where two cells would share one."""
        columns = list(self._columns)
        beside = self._beside(line)
        if not columns and line.pieces[0].is_amount:
            beside = list(line.pieces)
        used: set[int] = set()
        fresh: list[tuple[float, float]] = []
        for piece in beside:
            members = self._columns_of(piece)
            if len(members) > 1 or used.intersection(members):
                return False
            if members:
                used.update(members)
                left, right = columns[members[0]]
                columns[members[0]] = min(left, piece.left), max(right, piece.right)
            else:
                fresh.append((piece.left, piece.right))
        self._columns = sorted(columns + fresh)
        return all(
            first[1] < second[0] + _TOLERANCE
            for first, second in zip(self._columns, self._columns[1:], strict=False)
        )

    # --- what became of it ---------------------------------------------------------------------------

    def table(self, free: int) -> PageTable | None:
        """Return the table, None where these lines are none; it begins at line `free` at the earliest."""
        count = len(self._rows)
        is_short = count < (_FEWEST_ROWS if len(self._columns) > 1 else _FEWEST_ROWS_OF_ONE_COLUMN)
        if is_short and len(self._columns) < _FEWEST_COLUMNS_OF_ONE_ROW:
            return None
        body, heads = self._top(free)
        begin = body - len(heads)
        lines = self._lines
        while (above := first_within(lines, begin, self.stop)) is not None:
            if above < max(free, body - _MOST_HEAD_LINES_WITHIN) or not may_head(lines[above : begin + 1]):
                return None  # other text stands in between
            begin, heads = above, list(lines[above:body])
        start = min(line.start for line in lines[begin : self.stop])
        end = max(line.end for line in lines[begin : self.stop])
        if any(line.start < end and line.end > start for line in lines[self.stop :]):
            return None
        label_head, names = (
            heads_of(self._columns, heads, self._labels_right()) if heads else ("", [""] * len(self._columns))
        )
        if is_contents(names, [self._cells(lines[row]) for row in self._rows]) or (
            is_short and not all(map(says_period, names))
        ):
            return None
        rows = self._page_rows(body)
        self._heads = heads
        above, below = begin, len(lines) - self.stop
        table = PageTable(
            start, end, label_head, tuple(names), tuple(rows), tuple(self._columns), above, below
        )
        return table if label_head or any(row.label for row in rows) else table.labelled()

    def halves(self, table: PageTable) -> list[PageTable]:
        """Return the tables that a table of these lines is: two that stand side by side, or itself."""
        if len(table.columns) < len(self._columns):
            return [table]
        return parted(table, self._heads, self._labels_right())

    def _labels_right(self) -> float:
        """Return where the longest label ends that stands beside figures."""
        return max(
            (self._lines[row].pieces[0].right for row in self._rows if self._has_label(self._lines[row])),
            default=self._columns[0][0],
        )

    def _top(self, free: int) -> tuple[int, list[PrintedLine]]:
        """Return (first line of the body, lines of heads above it)."""
        lines, body = self._lines, self._first
        place = body
        labels = 0
        while (
            place > free
            and labels < _MOST_LABEL_LINES
            and is_near(lines, place)
            and (self._is_label(lines[place - 1]))
        ):
            place -= 1
            labels += 1
        heads = self._heads_above(place, free)
        if not heads and labels:
            # Labels without heads above them: only those that open a section surely belong to the table.
            while place < body and (not lines[place].pieces[0].text.endswith(":") or self._ends_prose(place)):
                place += 1
        whole = next((n for n, line in enumerate(heads) if self._fills(line)), None)
        if whole is not None and all(self._fills(line) for line in heads[whole:]):
            # Below heads that are whole, rows of text.
            return place - len(heads) + whole + 1, heads[: whole + 1]
        return place, heads

    def _fills(self, line: PrintedLine) -> bool:
        """Whether a line has a label and a piece in each column."""
        return len(line.pieces) == len(self._columns) + 1 and line.pieces[0].centre < self._columns[0][0]

    def _ends_prose(self, place: int) -> bool:
        """Whether a line is the last one of a paragraph above it."""
        if not place:
            return False
        above, line = self._lines[place - 1], self._lines[place]
        return 0 <= above.base - line.base < 1.6 * line.height and above.right > self._columns[0][0]

    def _heads_above(self, place: int, free: int) -> list[PrintedLine]:
        lines = self._lines
        left, right = self._left, self._labels_right()
        heads: list[PrintedLine] = []
        while (
            place - len(heads) > free
            and len(heads) < MOST_HEAD_LINES
            and is_near(lines, place - len(heads))
            and is_head(lines[place - len(heads) - 1], self._columns, left, right)
        ):
            heads.insert(0, lines[place - len(heads) - 1])
        return without_title(heads)

    def _page_rows(self, body: int) -> list[PageRow]:
        lines = self._lines[body : self.stop]
        lefts = sorted({line.left for line in lines if self._has_label(line)})
        levels: list[float] = []
        for left in lefts:
            if (not levels or left - levels[-1] > _TOLERANCE) and len(levels) <= _DEEPEST:
                levels.append(left)
        rows: list[PageRow] = []
        waiting: list[PrintedLine] = []  # labels that go on
        for line in lines:
            cells = self._cells(line)
            label = line.pieces[0].text if self._has_label(line) else ""
            if not any(cells) and self._is_label(line):
                goes_on = rows and not waiting and label[:1].islower() and any(rows[-1].cells)
                if goes_on:
                    last = rows[-1]
                    rows[-1] = PageRow(f"{last.label} {label}", last.cells, last.depth)
                    continue
                if waiting and not self._goes_on(waiting[-1], label):
                    rows += self._sections(waiting, levels)
                    waiting = []
                waiting.append(line)
                continue
            depth_line = line
            if waiting and (not label or self._goes_on(waiting[-1], label)):
                label = " ".join([*(other.pieces[0].text for other in waiting), label]).strip()
                depth_line = waiting[0]
            else:
                rows += self._sections(waiting, levels)
            waiting = []
            rows.append(PageRow(label, cells, self._depth(depth_line, levels)))
        return rows + self._sections(waiting, levels)

    def _sections(self, waiting: Sequence[PrintedLine], levels: Sequence[float]) -> list[PageRow]:
        if not waiting:
            return []
        label = " ".join(line.pieces[0].text for line in waiting)
        return [PageRow(label, ("",) * len(self._columns), self._depth(waiting[0], levels))]

    def _goes_on(self, line: PrintedLine, label: str) -> bool:
        """Whether the label of a line without figures goes on with `label` in the next."""
        text = line.pieces[0].text
        if text.endswith(":") or (_CODE.fullmatch(label) and text[-1:].isalnum()):
            return False
        room = self._columns[0][0] - self._left
        return label[:1].islower() or line.right > self._left + _WRAPS * room or text.endswith((",", "-"))

    def _has_label(self, line: PrintedLine) -> bool:
        return len(self._beside(line)) < len(line.pieces) or self._is_label(line)

    def _depth(self, line: PrintedLine, levels: Sequence[float]) -> int:
        if not levels:
            return 0  # no line has a label
        if line.left > levels[0] + _FARTHEST_INDENT and self._is_label(line):
            return 0  # in the middle: above all that follows
        depth = sum(line.left > level + _TOLERANCE for level in levels)
        return min(depth, _DEEPEST)

    def _cells(self, line: PrintedLine) -> tuple[str, ...]:
        if self._is_label(line):
            return ("",) * len(self._columns)
        cells = [""] * len(self._columns)
        for piece in self._beside(line):
            for column in self._columns_of(piece)[:1]:
                cells[column] = f"{cells[column]} {piece.text}".strip()
        return tuple(cells)


def _meets(piece: Piece, edges: tuple[float, float], tolerance: float) -> bool:
    """Whether a piece stands in a column with such edges, or as near as `tolerance` to it, in points."""
    return piece.left < edges[1] + tolerance and piece.right > edges[0] - tolerance
