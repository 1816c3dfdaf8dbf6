"""Rows of tables in words: a label, and for each figure its head and its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.grouped_columns import says_period
from chatbot_app.knowledge.tables.heads import head_of
from chatbot_app.knowledge.tables.labelled_rows import is_label_list
from chatbot_app.knowledge.tables.markdown import cells_of, depth_of, is_row, is_rule
from chatbot_app.knowledge.tables.named_rows import without_marks
from chatbot_app.knowledge.tables.row_units import TableUnits, rows_above_money
from chatbot_app.knowledge.tables.units import Unit, is_reference, unit_of
from chatbot_app.knowledge.words.sentence_ends import sentence_spans

GOES_ON = "…"  # the last cell of a row that goes on in the next passage
_ENDS_SECTION = ("total", "net cash", "gesamt", "summe", "итого", "subtotal")
_LONGEST_SECTION = 160  # characters
_MOST_SECTIONS = 3
_LONGEST_TIME = 60  # characters
_FEWEST_WITH_DECIMALS = 2  # rows
_SMALL = re.compile(r"[(+\-−–]*\d{1,3}[.,]\d{1,2}\)?")  # what may be a percent without its sign


@dataclass(frozen=True, slots=True)
class DescribedRow:
    """Characters `start` to `end` of a text hold a row; `text` says in words what it says."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Sections:
    """The rows without figures that the next row stands under, outermost first: (indent, words)."""

    open: list[tuple[int, str]] = field(default_factory=list)
    _under: bool = False  # a row has been seen that is indented below the last of them

    def enter(self, depth: int, words: str) -> None:
        """Open a section; those that are not indented less end with it."""
        words = words.rstrip(" :")[:_LONGEST_SECTION]
        self.open = [(level, name) for level, name in self.open if level < depth][-(_MOST_SECTIONS - 1) :]
        self.open.append((depth, words))
        self._under = False

    def of_row(self, depth: int, label: str) -> list[str]:
        """Return the sections of a row, and end those that the row ends."""
        if self.open and depth > self.open[-1][0]:
            self._under = True
        if self._under:
            while self.open and depth <= self.open[-1][0]:
                self.open.pop()
            self._under = bool(self.open)
        names = [name for _level, name in self.open]
        # "2021" above "Total revenue" is no sum's section: what is of another time stands under that.
        if label.casefold().startswith(_ENDS_SECTION) and self.open and not _is_time(names[-1]):
            names.pop()
            self.open.pop()
        return names


def _is_time(section: str) -> bool:
    """Whether a section only says of when its rows are: "2021", "Fiscal year ended May 31, 2019"."""
    return len(section) <= _LONGEST_TIME and section[-1:].isdigit() and says_period(section)


class RowReader:
    """Reads the rows of one table in their order."""

    def __init__(self, head: Sequence[str], unit: Unit, label_so_far: str = "", caption: str = "") -> None:
        """`label_so_far`: the first row goes on with a row whose label this was; `caption` says what the title rows do."""
        self.head = list(head)
        self.units = TableUnits(head, unit, caption)
        self.sections = Sections()
        self._label_so_far = label_so_far
        self._caption = caption
        self._is_in_head = True
        self.percents: frozenset[int] = (
            frozenset()
        )  # columns of percents whose sign only the first and the last have
        # Without one a "Note" may be a mark at school, and a "Ref." the number of an article.
        self._has_scale = self.units.has_scale

    def read(self, line: str) -> str | None:
        """Return a row in words; None for heads, rules and rows that open a section."""
        if is_rule(line):
            return None
        cells = cells_of(line)
        if self._label_so_far:
            cells.insert(0, self._label_so_far)
            self._label_so_far = ""
        elif self._is_in_head and self.is_head(cells):
            return None
        self._is_in_head = False
        if not any(cells):
            return None
        if not any(cells[1:]):
            if len(cells) > 1 or len(self.head) > 1:
                self.sections.enter(depth_of(line), cells[0])
                return None
            return cells[0]
        sections = self.sections.of_row(depth_of(line), cells[0])
        return self._in_words(sections, cells)

    def is_head(self, cells: Sequence[str]) -> bool:
        """Whether a row only says what the heads, or the caption, say."""
        if cells[0] and not any(cells[1:]) and cells[0] in self._caption:
            return True
        if any(figures.is_written_out(cell) and not figures.is_time(cell) for cell in cells) or not any(
            self.head
        ):
            return not any(cells)
        known = [name.casefold() for name in self.head]
        every = " ".join(known)
        return all(
            not cell or cell.casefold() in (known[n] if n and n < len(known) else every)
            for n, cell in enumerate(cells)
        )

    def _in_words(self, sections: Sequence[str], cells: Sequence[str]) -> str:
        label = without_marks(cells[0].rstrip(" :"))
        path = ": ".join([*map(without_marks, sections), *([label] if label else [])])
        parts = [f"{head}: {value}" if head else value for head, value in self._values(cells, path, label)]
        first = self.head[0] if self.head else ""
        is_aside = first.startswith("(") and first.endswith(")")  # "(Unaudited)" names no column of labels
        if label and first and not is_aside and not sections and unit_of(first) == Unit():
            return "; ".join([f"{first}: {label}", *parts])
        if not path:
            return "; ".join(parts)
        joint = ", " if any(self.head[1:]) else ": "
        return f"{path}{joint}{'; '.join(parts)}"

    def _values(self, cells: Sequence[str], path: str, label: str) -> Iterator[tuple[str, str]]:
        """Yield (head, value) of the filled columns, signs together with their figures."""
        prefix = ""
        last: tuple[int, str] | None = None
        row = self.units.of_row(cells)

        def said(column: int, cell: str) -> tuple[str, str]:
            head = self.head[column] if column < len(self.head) else ""
            return head, self.units.value(cell, path, label, column, row)

        for column in range(1, len(cells)):
            cell = cells[column]
            head = self.head[column] if column < len(self.head) else ""
            if not cell or cell == GOES_ON or (self._has_scale and is_reference(head, cell)):
                continue
            if figures.is_prefix(cell):
                prefix += cell
                continue
            if figures.is_suffix(cell) and last is not None:
                last = last[0], last[1] + cell
                continue
            if last is not None:
                yield said(*last)
            last = column, figures.joined_figure(prefix, cell) if prefix else cell
            if column in self.percents and figures.is_amount(cell) and "%" not in cell:
                last = column, f"{last[1]}%"
            prefix = ""
        if last is not None:
            yield said(*last)


def described_rows(text: str, context: str = "") -> list[DescribedRow]:
    """Return the rows of all tables in a text, in order, heads left out.

    `context` is that of a passage: its first line says what the text is about; caption, heads and open sections
    of its table follow (see `tables.passages`). A table without a context has its heads in its own first rows.
    """
    found: list[DescribedRow] = []
    given = reader_of(context)  # of the first table; another one begins with its own heads
    lines = list(_lines(text))
    place = 0
    while place < len(lines):
        if not is_row(lines[place][2]):
            place += 1
            continue
        stop = place
        while stop < len(lines) and is_row(lines[stop][2]):
            stop += 1
        group = lines[place:stop]
        rows = [line for _s, _e, line in group]
        above = " ".join(line for _s, _e, line in lines[max(0, place - 3) : place])
        reader = None
        if not is_label_list(
            "\n".join(rows)
        ):  # it has no heads, and leads to a table that may have those of the context
            reader, given = given, None
            above = f"{context} {above}"
        if reader is None:
            reader = _reader_of_rows(rows, above)
        reader.units.with_decimals = _mostly_decimals(rows)
        reader.percents = _percents(rows)
        above_money = rows_above_money([cells_of(row) for row in rows]) if any(map(is_rule, rows)) else 0
        for number, (start, end, line) in enumerate(group):
            reader.units.is_above_money = number < above_money
            words = reader.read(line)
            if words:
                found.append(DescribedRow(start, end, words))
        place = stop
    return found


def quotable_spans(text: str, context: str = "") -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, words) of what of a passage can be quoted: its sentences, and its rows in words.

    The words of a sentence are "": it says itself what it says. Heads and rules of tables are left out, and the
    words that only lead to one: "were as follows (in millions):".
    """
    if not is_row(text) and "\n|" not in text:
        yield from ((start, end, "") for start, end in sentence_spans(text, 0, len(text)))
        return
    rows = {row.start: row for row in described_rows(text, context)}
    begin = 0
    for start, end, line in _lines(text):
        if not is_row(line):
            continue
        spans = list(sentence_spans(text, begin, start))
        if spans and text[spans[-1][0] : spans[-1][1]].endswith((":", "：")):
            spans.pop()
        yield from ((first, last, "") for first, last in spans)
        begin = min(end + 1, len(text))
        if (row := rows.get(start)) is not None:
            yield row.start + len(line) - len(line.lstrip()), row.end, row.text
    yield from ((first, last, "") for first, last in sentence_spans(text, begin, len(text)))


def heads_in(context: str) -> str:
    """Return the row of heads that a passage's context holds, "" where it holds none."""
    rows = [line for line in context.split("\n")[1:] if is_row(line)]
    return rows[0] if rows and any(cells_of(rows[0])) else ""


def reader_of(context: str) -> RowReader | None:
    """Return a reader of the rows below a passage's context; None where it holds no heads of a table."""
    first, *lines = context.split("\n")
    rows = [line for line in lines if is_row(line)]
    if not rows:
        return None
    caption = " ".join(line for line in lines if not is_row(line))
    head = cells_of(rows[0])
    label = ""
    sections = rows[1:]
    if sections and cells_of(sections[-1])[-1:] == [GOES_ON]:
        label = cells_of(sections.pop())[0]
    places = (caption, f"{head[0]} {caption}", f"{first} {caption}")
    unit = next((found for place in places if (found := unit_of(place)).scale), Unit())
    reader = RowReader(head, unit, label, caption)
    for line in sections:
        reader.sections.enter(depth_of(line), cells_of(line)[0])
    return reader


def without_heads(text: str, context: str) -> str:
    """Return the text of a passage without the heads of its table where its context holds them as well."""
    reader = reader_of(context)
    if reader is None:
        return text
    kept: list[str] = []
    is_in_head = True
    for line in text.split("\n"):
        if is_in_head and is_row(line):
            if is_rule(line) or reader.is_head(cells_of(line)):
                continue
            is_in_head = False
        kept.append(line)
    return "\n".join(kept)


def _reader_of_rows(lines: Sequence[str], above: str) -> RowReader:
    rows = [cells_of(line) for line in lines if not is_rule(line)]
    head = head_of(rows, rule=lines[1] if len(lines) > 1 and is_rule(lines[1]) else "")
    unit = unit_of(above)
    if not unit.scale:
        unit = unit_of(" ".join((head.title, head.cells[0] if head.cells else "")))
    return RowReader(head.cells, unit, caption=head.title)


def _mostly_decimals(lines: Sequence[str]) -> bool:
    """Whether two thirds of the rows of figures, and two of them at least, write all of them with decimals."""
    rows = [
        all(map(figures.has_decimals, amounts))
        for line in lines
        if (amounts := [cell for cell in cells_of(line)[1:] if figures.is_amount(cell) and "%" not in cell])
    ]
    return sum(rows) >= max(_FEWEST_WITH_DECIMALS, 2 * len(rows) / 3)


def _percents(lines: Sequence[str]) -> frozenset[int]:
    """Return the columns of percents where only the first and the last figure have their sign, as banks print them."""
    amounts: dict[int, list[str]] = {}
    for line in lines:
        for column, cell in enumerate(cells_of(line)):
            if column and figures.is_amount(cell):
                amounts.setdefault(column, []).append(cell)
    return frozenset(
        column
        for column, cells in amounts.items()
        if "%" in cells[0]
        and "%" in cells[-1]
        and all("%" in cell or _SMALL.fullmatch(cell.strip()) for cell in cells)
    )


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line.rstrip()), line
        start += len(line) + 1
