"""Tables of plain text whose columns only stand below each other, as Markdown: labels beside values, entries by date.

What is no table for sure stays as it is: lines of programs and logs, verse, prose in two columns, text that is justified by spaces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.markdown import row_line

_GAP = re.compile(r"[ \t](?<=\S.)(?:(?<=\t)|(?=[ \t]))[ \t]*\S")  # more than a space between words
_CELL = re.compile(r"\S+(?: \S+)*")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_NO_ROW = re.compile(r"\d\d:\d\d:\d\d|[{}\\]|;\s*$|^\s*\|")  # a log, a program, a table that is one already
_LIST_MARK = re.compile(r"[-*+•◦▪–]|(?:\d{1,3}|[a-z])[.)]|\[[ xX]?\]")
_STROKES = re.compile(r"[-=_─═━]{3,}")
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile(r"[^\W\d_]{3}[.!?]$")
_LONGEST_LABEL, _LABEL_WORDS = 36, 5
_LONGEST_LINE = 160  # characters
_LONGEST_SECTION = 48
_MOST_COLUMNS = 12
_WIDE = 3  # spaces: one gap of a list of labels is at least so wide
_FEWEST_ROWS = 2
_ROWS_BELOW_HEAD = 2
_MOST_LINES_OF_VALUE = 20  # of more, it is a text that stands beside a label
_WORDS_OF_HEAD = 3
_SAME = 0.6  # of the rows have a column at the same place
_MOSTLY = 0.5


@dataclass(slots=True)
class _Line:
    """A line as it is written, and its cells as (first column, column behind, words)."""

    text: str
    cells: list[tuple[int, int, str]]
    has_tabs: bool

    @property
    def indent(self) -> int:
        return self.cells[0][0]


@dataclass(slots=True)
class _Table:
    """Lines `first` to `stop` (behind the last) of a run; rows with as many cells as there are columns."""

    first: int
    stop: int
    rows: list[list[str]]
    has_head: bool = False
    figures: list[bool] = field(default_factory=list)


def with_spaced_tables(text: str) -> str:
    """Return a text in which lines whose columns stand below each other are rows of Markdown; the rest as it is."""
    if not _has_gap(text):
        return text
    parts: list[str] = []
    run: list[str] = []
    is_fenced = False
    for line in (*text.split("\n"), ""):
        if _FENCE.match(line):
            is_fenced = not is_fenced
        if line.strip() and not is_fenced:
            run.append(line)
            continue
        parts += _with_tables(run)
        parts.append(line)
        run = []
    return "\n".join(parts[:-1])


def _has_gap(text: str) -> bool:
    # Nearly all lines of prose have neither, which is known at once.
    return ("  " in text or "\t" in text) and _GAP.search(text) is not None


def _with_tables(run: Sequence[str]) -> list[str]:
    """Return the lines of a paragraph, those of its tables in Markdown and apart from the others."""
    if sum(map(_has_gap, run)) < _FEWEST_ROWS:
        return list(run)
    found: list[str] = []
    place = 0
    for table in _tables([_line(text) for text in run]):
        found += run[place : table.first]
        found += [*([""] if found else []), *_written(table)]
        place = table.stop
        found += [""] if place < len(run) else []
    return [*found, *run[place:]]


def _line(text: str) -> _Line:
    has_tabs = "\t" in text.strip()
    parted = re.sub(r"[ ]*\t[ \t]*", "\t", text.strip()) if has_tabs else text.rstrip()
    if has_tabs:
        cells = [(n, n + 1, " ".join(cell.split())) for n, cell in enumerate(parted.split("\t"))]
    else:
        cells = [(one.start(), one.end(), one.group()) for one in _CELL.finditer(parted)]
    return _Line(text, cells, has_tabs)


def _tables(lines: Sequence[_Line]) -> Iterator[_Table]:
    place = 0
    while place < len(lines):
        stop = _end_of_rows(lines, place)
        while stop > place and not _is_row(lines[stop - 1]) and not _is_rule(lines[stop - 1]):
            if lines[stop - 1].indent > lines[place].indent:
                break  # the last value goes on
            stop -= 1
        table = _table(lines, place, stop) if stop - place >= _FEWEST_ROWS else None
        if table is not None:
            yield table
        place = max(stop, place + 1)


def _end_of_rows(lines: Sequence[_Line], first: int) -> int:
    """Return the line behind the last that may belong to a table which begins with the line `first`; that itself where none does."""
    columns: set[int] = set()  # in which cells begin
    width = 0
    for place in range(first, len(lines)):
        line = lines[place]
        following = lines[place + 1] if place + 1 < len(lines) else None
        goes_on = place > first and _goes_on(line, following, lines[first].indent, columns, width)
        if not (goes_on or _is_row(line)):
            return place
        columns.update(begin for begin, _end, _words in line.cells[1:])
        width = max(width, len(line.cells))
    return len(lines)


def _is_row(line: _Line) -> bool:
    """Whether a line may be one of a table: a short label, or a number or day, apart from what is said of it."""
    if (
        not 1 < len(line.cells) <= _MOST_COLUMNS
        or len(line.text) > _LONGEST_LINE
        or _NO_ROW.search(line.text)
    ):
        return False
    label = line.cells[0][2]
    return (
        len(label) <= _LONGEST_LABEL
        and len(label.split()) <= _LABEL_WORDS
        and (len(line.cells) > 2 or (not _LIST_MARK.fullmatch(label) and len(label) > 1))
        and not _SENTENCE_END.search(label)
        and not _is_rule(line)
        and all(words for _begin, _end, words in line.cells[:1])
    )


def _is_rule(line: _Line) -> bool:
    return all(_STROKES.fullmatch(words) for _begin, _end, words in line.cells)


def _goes_on(line: _Line, following: _Line | None, indent: int, columns: Set[int], width: int) -> bool:
    """Whether a line that is no row belongs to those above: a rule, the rest of a value, or what the next rows stand under.

    Those above begin at `indent`, have cells that begin in `columns`, and at most `width` of them.
    """
    if _is_rule(line):
        return True
    if len(line.cells) != 1 or _NO_ROW.search(line.text) or line.has_tabs:
        return False
    begin, _end, words = line.cells[0]
    if begin in columns:
        return True
    is_section = len(words) <= _LONGEST_SECTION and not _SENTENCE_END.search(words)
    follows = following is not None and _is_row(following) and len(following.cells) == width
    return width > 2 and is_section and follows and begin <= indent


def _table(lines: Sequence[_Line], first: int, stop: int) -> _Table | None:
    """Return the table that lines `first` to `stop` make, None where their columns do not stand below each other."""
    rows = [line for line in lines[first:stop] if _is_row(line)]
    counts = Counter(len(line.cells) for line in rows)
    width = max(counts, key=lambda count: (counts[count], count))
    whole = [line for line in rows if len(line.cells) == width]
    if len(whole) < _FEWEST_ROWS or len(whole) < _SAME * len(rows) or not _is_aligned(whole, width):
        return None
    spans = [(min(l.cells[n][0] for l in whole), max(l.cells[n][1] for l in whole)) for n in range(width)]  # noqa: E741  # a line's usual letter
    found = _Table(first, stop, [])
    gone_on = 0  # lines of the last value besides its first
    for place in range(first, stop):
        line = lines[place]
        if _is_rule(line):
            found.has_head = found.has_head or len(found.rows) == 1
            continue
        cells = _in_columns(line, width, spans)
        if cells is None:
            return None
        if found.rows and not cells[0] and not _is_row(line):
            gone_on += 1
            if gone_on > _MOST_LINES_OF_VALUE:
                return None
            found.rows[-1] = [
                " ".join(filter(None, pair)) for pair in zip(found.rows[-1], cells, strict=True)
            ]
        else:
            gone_on = 0
            found.rows.append(cells)
    found.has_head = found.has_head or _begins_with_heads(found.rows)
    body = found.rows[1:] if found.has_head else found.rows
    if not body or (not found.has_head and width == 2 and not _are_labels(body)):
        return None
    found.figures = [_are_figures([row[column] for row in body]) for column in range(width)]
    return found


def _is_aligned(rows: Sequence[_Line], width: int) -> bool:
    """Whether each column but the first begins, or ends, at one place in most rows; of two columns, not by a gap of two spaces alone."""
    if rows[0].has_tabs:
        return all(row.has_tabs for row in rows)
    if any(row.has_tabs for row in rows):
        return False
    # Spaces that only fill lines of prose are below each other by chance in two of three.
    least = _SAME if width == 2 or any(_DIGIT.search(row.text) for row in rows) else 1.0
    for column in range(1, width):
        begins = Counter(row.cells[column][0] for row in rows).most_common(1)[0][1]
        ends = Counter(row.cells[column][1] for row in rows).most_common(1)[0][1]
        if max(begins, ends) < max(_FEWEST_ROWS, least * len(rows)):
            return False
    return max(row.cells[1][0] - row.cells[0][1] for row in rows) >= _WIDE


def _in_columns(line: _Line, width: int, spans: Sequence[tuple[int, int]]) -> list[str] | None:
    """Return the words of a line by column; None where that cannot be told."""
    if len(line.cells) == width:
        return [words for _begin, _end, words in line.cells]
    if width == 2 and len(line.cells) > width:
        return [line.cells[0][2], " ".join(words for _begin, _end, words in line.cells[1:])]
    if line.has_tabs:
        said = [words for _begin, _end, words in line.cells]
        return [*said, *[""] * (width - len(said))] if len(said) < width else None
    cells = [""] * width
    if len(line.cells) == 1 and line.indent <= spans[0][0]:
        return [line.cells[0][2], *cells[1:]]
    for begin, end, words in line.cells:
        met = [n for n, (left, _right) in enumerate(spans) if begin == left]
        met = met or [n for n, (left, right) in enumerate(spans) if begin < right and left < end]
        if len(met) != 1 or cells[met[0]]:
            return None
        cells[met[0]] = words
    return cells


def _begins_with_heads(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row says in words what stands in the columns: figures or days stand below it, and none in it."""
    below = rows[1:]
    if len(below) < _ROWS_BELOW_HEAD or any(_DIGIT.search(cell) for cell in rows[0]) or not all(rows[0][1:]):
        return False
    if len(rows[0]) == 2:  # the first of some labels says something in words as well
        return len(rows[0][1].split()) <= _WORDS_OF_HEAD and _are_figures([row[1] for row in below])
    of_columns = ([row[column] for row in below if row[column]] for column in range(len(rows[0])))
    return any(cells and all(map(_DIGIT.search, cells)) for cells in of_columns)


def _are_labels(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first of two columns names what the second one says: not one column of prose beside another."""
    labels = [row[0] for row in rows]
    if any(": " in label for label in labels):
        return False  # two lists of labels and values side by side
    named = sum(_LETTER.search(label) is not None or figures.is_date(label) for label in labels)
    values = [row[1] for row in rows if row[1]]
    return (
        named >= len(labels) - 1
        and len(values) > _MOSTLY * len(rows)
        and len(set(labels)) > _MOSTLY * len(rows)
    )


def _are_figures(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(figures.is_figure, filled)) > _MOSTLY * len(filled)


def _written(table: _Table) -> list[str]:
    """Return the lines of a table in Markdown; without heads of its own they are empty."""
    head, body = (
        (table.rows[0], table.rows[1:]) if table.has_head else ([""] * len(table.rows[0]), table.rows)
    )
    rule = "|---|" + "".join("---:|" if is_figure else "---|" for is_figure in table.figures[1:])
    return [row_line(head), rule, *map(row_line, body)]
