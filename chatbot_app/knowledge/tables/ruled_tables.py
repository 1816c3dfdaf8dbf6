"""Tables whose cells are ruled on the page: what stands between two lines is a cell, whether figures or words."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.forms import pairs_of, titled_rows
from chatbot_app.knowledge.tables.page_rulings import Ruling
from chatbot_app.knowledge.tables.page_table import PageRow, PageTable
from chatbot_app.knowledge.tables.page_words import PlacedWords, Word
from chatbot_app.knowledge.tables.pdfium_calls import TextPage
from chatbot_app.knowledge.tables.ruled_heads import RuledTop, merging_of, ruled_top

_NEAR = 2.5  # points: lines so near to each other meet, or are one
_THICK = 1.0
_MOST_LINES_OF_A_PAGE = 600
_FEWEST, _MOST_COLUMNS, _MOST_ROWS = 2, 30, 200
_LEAST_FILLED = 0.4  # share of the cells: a form that nobody has filled in is no table
_LONGEST_CELL = 700  # characters: more is the frame of a page
_MOST_LINES = 3  # in two cells beside each other, as many in both: rows that nothing rules
_LONGEST_PAGE_NUMBER = 4
_EDGE_LINES = 3  # of a page: a table that begins above may go on with one from the page before

_BEGIN = attrgetter("begin")

Cell = list[Word]


def ruled_tables(
    page: TextPage, text: str, rulings: Sequence[Ruling], before: PageTable | None = None
) -> list[PageTable]:
    """Return the ruled tables of an upright page whose PDFium text is `text`.

    `before` is the last table of the page before, which the first of this one may go on with.
    """
    grids = [grid for grid in map(_Grid, _connected(_joined(rulings))) if grid.is_table]
    if not grids:
        return []
    words = PlacedWords(page, text)
    found = (grid.table(text, words, page.is_bold, before) for grid in grids)
    return [table for table in found if table is not None]


def _joined(rulings: Sequence[Ruling]) -> list[Ruling]:
    """Return the lines with those that go on with each other as one: programs draw them cell by cell.

    None where there are more than a table has.
    """
    found: list[Ruling] = []
    for is_across in (True, False):
        bands: list[list[Ruling]] = []
        first = float("-inf")
        for line in sorted({line for line in rulings if line.is_across is is_across}):
            if line.at - first <= _THICK:
                bands[-1].append(line)
            else:
                bands.append([line])
                first = line.at
        for band in bands:
            band.sort(key=_BEGIN)
            _is_across, at, begin, end = band[0]
            for line in band:
                if line.begin > end + _NEAR:
                    found.append(Ruling(is_across, at, begin, end))
                    _is_across, at, begin, end = line
                elif line.end > end:
                    end = line.end
            found.append(Ruling(is_across, at, begin, end))
    return found if len(found) <= _MOST_LINES_OF_A_PAGE else []


def _connected(rulings: Sequence[Ruling]) -> Iterator[tuple[list[Ruling], list[Ruling]]]:
    """Yield the lines (across, down) that meet each other."""
    waiting = {
        is_across: dict.fromkeys(line for line in rulings if line.is_across is is_across)
        for is_across in (True, False)
    }
    while waiting[True]:
        queue = [waiting[True].popitem()[0]]
        group: dict[bool, list[Ruling]] = {True: list(queue), False: []}
        while queue:
            is_across, at, begin, end = queue.pop()
            begin, end = begin - _NEAR, end + _NEAR
            met = [
                line
                for line in waiting[not is_across]
                if begin <= line.at <= end and line.begin - _NEAR <= at <= line.end + _NEAR
            ]
            for line in met:
                del waiting[not is_across][line]
            group[not is_across] += met
            queue += met
        if group[False]:
            yield group[True], group[False]


def _places(values: Sequence[float]) -> list[float]:
    """Return values that differ, those near to each other as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


class _Grid:
    """Lines that meet, and the cells between them: rows from the top, columns from the left."""

    def __init__(self, lines: tuple[list[Ruling], list[Ruling]]) -> None:
        self._across, self._down = lines
        ends = (min(line.begin for line in self._across), max(line.end for line in self._across))
        tips = (min(line.begin for line in self._down), max(line.end for line in self._down))
        self._xs = _places([*(line.at for line in self._down), *ends])
        self._ys = _places([*(line.at for line in self._across), *tips])
        self.columns, self.rows = len(self._xs) - 1, len(self._ys) - 1

    @property
    def is_table(self) -> bool:
        """Whether there are rows and columns enough, and lines down between them."""
        inner = any(self._xs[0] + _NEAR < line.at < self._xs[-1] - _NEAR for line in self._down)
        return inner and _FEWEST <= self.columns <= _MOST_COLUMNS and _FEWEST <= self.rows <= _MOST_ROWS

    def table(
        self, text: str, words: PlacedWords, is_bold: Callable[[int], bool], before: PageTable | None
    ) -> PageTable | None:
        """Return the table, None where these are cells of none."""
        inside = words.within(self._xs[0], self._xs[-1], self._ys[0], self._ys[-1])
        if not inside or inside[-1] - inside[0] >= len(inside):
            return None  # empty, or other text stands in between
        start, end = words.word(inside[0]).start, words.word(inside[-1]).end
        cells: dict[tuple[int, int], Cell] = {}
        for number in inside:
            cells.setdefault(self._place(*words.middles[number]), []).append(words.word(number))
        merged = self._merged()
        held: dict[tuple[int, int], Cell] = {}
        for place, first in merged.items():
            held.setdefault(first, []).extend(cells.get(place, []))
        if not self._holds(held, merged):
            return None
        above = text.count("\n", 0, start)
        columns = tuple(pairwise(self._xs[1:]))
        goes_on = (
            above <= _EDGE_LINES
            and before is not None
            and before.is_ruled
            and _are_same(before.columns, columns)
        )
        if pairs := pairs_of([self._cells_of(held, merged, number) for number in range(self.rows)]):
            title, form = titled_rows(pairs)
            ends = (above, text.count("\n", end))
            return PageTable(
                start, end, "", ("",), form, columns, *ends, is_ruled=True, title=title, is_form=True
            )
        by_row = [list(self._rows_of(held, merged, number)) for number in range(self.rows)]
        top = ruled_top(merged, by_row)
        rows = [row for some in by_row[top.titles :] for row in some]
        has_heads = bool(top.heads) or self._heads_others(rows, held, is_bold, top.titles, goes_on)
        if top.titles and (goes_on or not has_heads):
            top = RuledTop()  # they open a section
            rows = [row for some in by_row for row in some]
            has_heads = self._heads_others(rows, held, is_bold, 0, goes_on)
        heads = list(top.heads) or (rows[0] if has_heads else [""] * self.columns)
        body = [row for row in rows[top.rows or has_heads :] if any(row)]
        if not body or (not has_heads and _is_contents(body)):
            return None
        return PageTable(
            start,
            end,
            heads[0],
            tuple(heads[1:]),
            tuple(PageRow(row[0], tuple(row[1:]), 0) for row in body),
            columns,
            above,
            text.count("\n", end),
            is_ruled=True,
            title=top.title,
            merged=merging_of(merged, self.rows, top),
        )

    def _place(self, x: float, y: float) -> tuple[int, int]:
        """Return (row, column) of the cell in which a point stands."""
        return len(self._ys) - 1 - bisect.bisect(self._ys, y), bisect.bisect(self._xs, x) - 1

    def _merged(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return for each cell the first one of those that no line parts from it."""
        first = {(row, column): (row, column) for row in range(self.rows) for column in range(self.columns)}
        parts = {place: [place] for place in first}

        def join(one: tuple[int, int], other: tuple[int, int]) -> None:
            kept, gone = sorted((first[one], first[other]))
            if kept != gone:
                parts[kept] += parts[gone]
                first.update(dict.fromkeys(parts.pop(gone), kept))

        for row in range(self.rows):
            middle = (self._top(row) + self._top(row + 1)) / 2
            for column in range(1, self.columns):
                if not _is_ruled(self._down, self._xs[column], middle):
                    join((row, column - 1), (row, column))
        for column in range(self.columns):
            middle = (self._xs[column] + self._xs[column + 1]) / 2
            for row in range(1, self.rows):
                if not _is_ruled(self._across, self._top(row), middle):
                    join((row - 1, column), (row, column))
        return first

    def _top(self, row: int) -> float:
        return self._ys[len(self._ys) - 1 - row]

    def _holds(
        self, held: dict[tuple[int, int], Cell], merged: dict[tuple[int, int], tuple[int, int]]
    ) -> bool:
        """Whether cells hold what cells do: not the text of a page, and no rows that only their columns are ruled of."""
        filled = {first for first, cell in held.items() if cell}
        rows = {row: {merged[row, column] for column in range(self.columns)} for row in range(self.rows)}
        several = sum(len(firsts & filled) > 1 for firsts in rows.values())
        if several < _FEWEST or len(filled) < _LEAST_FILLED * len(held):
            return False
        if any(cell[-1].end - cell[0].start > _LONGEST_CELL for cell in held.values() if cell):
            return False
        parts: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for place, first in merged.items():
            parts.setdefault(first, []).append(place)
        for places in parts.values():
            if all(len({place[side] for place in places}) > 1 for side in (0, 1)):
                return False  # a table stands in a cell of it, or beside one
        lines = {first: tuple(sorted({round(word.base) for word in held[first]})) for first in filled}
        for firsts in rows.values():
            tall = [lines[first] for first in firsts & filled if len(lines[first]) > _MOST_LINES]
            if (
                len(tall) > len(set(tall))
                and _below_each_other([_lines(held[first]) for first in firsts]) == 1
            ):
                return False
        return True

    def _rows_of(
        self, held: dict[tuple[int, int], Cell], merged: dict[tuple[int, int], tuple[int, int]], row: int
    ) -> Iterator[list[str]]:
        """Yield the texts of a row, or of several where figures stand below each other and nothing rules them apart.

        What stands over several columns is said in each, over all of them once.
        """
        firsts = [merged[row, column] for column in range(self.columns)]
        lines = {first: _lines(held[first]) for first in firsts}
        if len(lines) == 1:
            (first,) = lines
            yield [_text(lines[first]) if first[0] == row else "", *[""] * (self.columns - 1)]
            return
        parts = _below_each_other([lines[first] for first in lines if first[0] == row])
        for part in range(parts):
            yield [
                _text(lines[first][part : part + 1] if len(lines[first]) == parts > 1 else lines[first])
                for first in firsts
            ]

    def _cells_of(
        self, held: dict[tuple[int, int], Cell], merged: dict[tuple[int, int], tuple[int, int]], row: int
    ) -> list[str]:
        """Return the texts of the cells that begin in a row, each once."""
        firsts = dict.fromkeys(merged[row, column] for column in range(self.columns))
        return [_text(_lines(held[first])) for first in firsts if first[0] == row]

    def _is_bold(self, held: dict[tuple[int, int], Cell], row: int, is_bold: Callable[[int], bool]) -> bool:
        cells = [held[row, column] for column in range(self.columns) if held.get((row, column))]
        return bool(cells) and all(is_bold(cell[0].start) for cell in cells)

    def _heads_others(
        self,
        rows: Sequence[Sequence[str]],
        held: dict[tuple[int, int], Cell],
        is_bold: Callable[[int], bool],
        first: int,
        goes_on: bool,
    ) -> bool:
        """Whether the first of some rows, which begin in row `first` of the grid, heads the others."""
        bold = [self._is_bold(held, row, is_bold) for row in range(first, min(first + 2, self.rows))]
        return self._has_heads(rows, bold, goes_on)

    def _has_heads(self, rows: Sequence[Sequence[str]], bold: Sequence[bool], goes_on: bool) -> bool:
        """Whether the first row heads the others."""
        if any(figures.is_amount(cell) for cell in rows[0][1:]) or not all(rows[0][1:]):
            return False
        if bold[0] and not bold[1]:
            return True
        if goes_on or self.columns == _FEWEST:
            return False  # the rest of a table of the page before, or names and what they stand for
        return not any(character.isdigit() for cell in rows[0] for character in cell) or self.columns > 3


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows say on which page something begins."""
    numbers = [int(row[-1]) for row in rows if row[-1].isdecimal() and len(row[-1]) <= _LONGEST_PAGE_NUMBER]
    return len(numbers) == len(rows) and numbers == sorted(numbers)


def _are_same(some: Sequence[tuple[float, float]], others: Sequence[tuple[float, float]]) -> bool:
    return len(some) == len(others) and all(
        abs(one[0] - other[0]) < _NEAR and abs(one[1] - other[1]) < _NEAR
        for one, other in zip(some, others, strict=True)
    )


def _is_ruled(lines: Sequence[Ruling], at: float, middle: float) -> bool:
    """Whether a line goes through a place: at `at`, over `middle`."""
    return any(
        abs(line.at - at) <= _NEAR and line.begin - _NEAR <= middle <= line.end + _NEAR for line in lines
    )


def _lines(cell: Cell) -> list[Cell]:
    """Return the words of a cell, line by line from the top."""
    lines: list[Cell] = []
    for word in sorted(cell, key=lambda word: -word.base):
        if lines and lines[-1][0].base - word.base < 0.5 * lines[-1][0].height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def _below_each_other(cells: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows cells beside each other hold: one, but for as many figures in each of several."""
    counts = [
        len(lines)
        for lines in cells
        if len(lines) > 1 and all(figures.is_figure(_text([line])) for line in lines)
    ]
    return counts[0] if len(counts) > 1 and len(set(counts)) == 1 else 1


def _text(lines: Sequence[Cell]) -> str:
    """Return what a cell says, with PDFium's marks where a word goes on in the next line."""
    return " ".join(word.text for line in lines for word in line).replace("\n", " ")
