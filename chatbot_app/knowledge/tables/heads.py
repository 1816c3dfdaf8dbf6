"""The heads of a table in Markdown: how many of its rows they take, and what they say of each column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.knowledge.tables import figures

MOST_HEAD_ROWS = 4
_MOST_TITLES = 3  # rows above the heads that say one thing each: whose table it is, what of, in which unit
_PART_OF_YEAR = re.compile(
    r"(?:[hq][1-4]|[1-4][hq]|(?:first|second)\s+half|(?:first|second|third|fourth)\s+quarter|[12]\.\s?halbjahr|[1-4]\.\s?quartal)",
    re.IGNORECASE,
)
_ITS_YEAR = re.compile(
    r"(?:(?:full|fiscal|financial)[ -]year\s|year\s|fy\s?['’]?|gesamtjahr\s|gj\s)?(?:(?:19|20)\d\d(?:/\d\d)?|(?<=\D)\d\d)",
    re.IGNORECASE,
)

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class TableHead:
    """The first `rows` rows are heads. `cells` has one for each column, all empty where the table has no heads.

    `title` is what a row above the heads says in a single cell.
    """

    rows: int
    cells: tuple[str, ...]
    title: str = ""


def head_of(rows: Rows, *, rule: str = "") -> TableHead:
    """Return the heads of a table; `rule` is the line below its first row where that marks it as a head.

    Heads over several columns are read as those of each of them, heads in several rows as one.
    """
    width = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    titles, begin = list[str](), 0
    above = next((n for n, row in enumerate(padded[: _MOST_TITLES + 1]) if not _is_title(row)), 0)
    if 0 < above < len(padded) - 1 and (above == 1 or _head_rows(padded[above:], is_marked=False)):
        titles, begin = [row[0] for row in padded[:above]], above
    count = _head_rows(padded[begin:], is_marked=bool(rule) and not begin)
    if not count:
        return TableHead(begin, ("",) * width, " ".join(titles))
    heads = [list(row) for row in padded[begin : begin + count]]
    body = padded[begin + count :]
    for above, row in enumerate(heads[:-1]):
        _spread(row, heads[above + 1 :])
    if rule and ":" not in rule and len(heads) == 1:
        # As pages of the web and Word files are written: a cell over several columns leaves the next ones empty.
        _spread(heads[0], body)
    _lend_to_signs(heads, body)
    cells = tuple(joined_head([row[column] for row in heads]) for column in range(width))
    return TableHead(begin + count, _with_years(cells), " ".join(titles))


def _with_years(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return heads in which each of repeated parts says its year: that of "H1 | H2 | FY24 | H1 | H2 | FY23" beside it."""
    parts = [n for n, cell in enumerate(cells) if _PART_OF_YEAR.fullmatch(cell)]
    years = [n for n, cell in enumerate(cells) if _ITS_YEAR.fullmatch(cell)]
    if len({cells[n].casefold() for n in parts}) == len(parts) or len(years) < 2:
        return cells
    is_behind = parts[0] < years[0] and parts[-1] < years[-1]
    if not is_behind and not (years[0] < parts[0] and years[-1] < parts[-1]):
        return cells
    named = list(cells)
    for part in parts:
        year = min(n for n in years if n > part) if is_behind else max(n for n in years if n < part)
        named[part] = f"{cells[part]} {cells[year]}"
    # Else they are parts of other things.
    return tuple(named) if len({named[n] for n in parts}) == len(parts) else cells


def _is_title(row: Sequence[str]) -> bool:
    return len(row) > 1 and bool(row[0]) and not any(row[1:])


def _head_rows(rows: Rows, *, is_marked: bool) -> int:
    """Return how many rows from the first are heads."""
    if not rows or not any(rows[0]):
        return 1 if rows and is_marked else 0  # an empty head: the table has none
    if _is_data(rows[0], is_marked=is_marked) and not _says_times(rows[0], rows[1:]):
        return 0
    count = 1
    while count < min(MOST_HEAD_ROWS, len(rows) - 1) and _goes_on(
        rows[:count], rows[count], rows[count + 1 :]
    ):
        count += 1
    return count


def _is_data(row: Sequence[str], *, is_marked: bool) -> bool:
    """Whether a first row holds figures, so that it heads nothing. Below a rule plain numbers may be heads."""
    holds = figures.is_written_out if is_marked else figures.is_amount
    return any(holds(cell) for cell in row[1:]) or (len(row) == 1 and figures.is_amount(row[0]))


def _says_times(row: Sequence[str], below: Rows) -> bool:
    """Whether the figures of a row, if it has any, are times above other figures: the days of a balance sheet."""
    amounts = [cell for cell in row[1:] if figures.is_amount(cell)]
    if not amounts:
        return True
    held = ([cell for cell in other[1:] if figures.is_amount(cell)] for other in below)  # none in a section
    first = next(filter(None, held), [])
    return all(map(figures.is_time, amounts)) and bool(first) and not any(map(figures.is_time, first))


def _goes_on(heads: Rows, row: Sequence[str], below: Rows) -> bool:
    """Whether the row below some heads is one of them: it fills what they leave open, or says years and units."""
    if any(figures.is_amount(cell) and not figures.is_time(cell) for cell in row) or not any(row[1:]):
        return False
    if row[0] and row[0] == heads[-1][0] and _says_times(row, below):
        return True  # the head of the labels stands over several rows
    has_figures = any(figures.is_figure(cell) for other in below for cell in other[1:])
    if not has_figures:
        return False
    open_columns = [
        column for column in range(1, len(row)) if not heads[-1][column] and not _is_of_signs(below, column)
    ]
    fills = bool(open_columns) and all(row[column] for column in open_columns)
    if not _says_times(row, below):
        return False
    only_years = all(figures.is_year(cell) or figures.is_time(cell) for cell in row[1:] if cell)
    below_nothing = not row[0] and any(other[0] for other in below)
    return fills or only_years or below_nothing or _parts_merged(heads[-1], row, below)


def _parts_merged(head: Sequence[str], row: Sequence[str], below: Rows) -> bool:
    """Whether a row without figures parts a head over several columns, which Word files repeat in each of them."""
    same = [column for column in range(2, len(row)) if head[column] and head[column] == head[column - 1]]
    return bool(same) and all(
        row[column]
        and row[column] != row[column - 1]
        and any(figures.is_amount(other[column]) for other in below)
        for column in same
    )


def _spread(row: list[str], lower: Rows) -> None:
    """Let a head over several columns stand above each of them that has a head of its own below."""
    for column in range(2, len(row)):
        if not row[column] and row[column - 1] and any(other[column] for other in lower):
            row[column] = row[column - 1]


def _is_of_signs(body: Rows, column: int) -> bool:
    """Whether a column holds nothing but signs of the figures beside it."""
    cells = [row[column] for row in body if column < len(row) and row[column]]
    return not cells or all(figures.is_prefix(cell) or figures.is_suffix(cell) for cell in cells)


def _lend_to_signs(heads: Sequence[list[str]], body: Rows) -> None:
    """Give the head above a sign's column, or above its figures', to both of them."""
    width = len(heads[0])
    for column in range(1, width):
        if not _is_of_signs(body, column):
            continue
        is_prefix = any(figures.is_prefix(row[column]) for row in body if column < len(row) and row[column])
        beside = column + 1 if is_prefix else column - 1
        if not 0 < beside < width:
            continue
        for row in heads:
            row[column] = row[beside] = row[column] or row[beside]


def joined_head(parts: Sequence[str]) -> str:
    """Return the head of a column of what stands above each other; what is merged over rows is said once."""
    kept: list[str] = []
    for part in parts:
        if part and (not kept or kept[-1] != part):
            kept.append(part)
    return " ".join(kept)
