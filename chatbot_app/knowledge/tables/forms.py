"""Forms whose rows are labels, each beside what was filled in, two or more in a row: "Certificate: | Private | Age: | 85"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from chatbot_app.knowledge.tables.page_cells import Piece, PrintedLine
from chatbot_app.knowledge.tables.page_table import PageRow, PageTable

Pair = tuple[str, str]
"""A label and what stands beside it, "" where it was left empty; words across the form, which are no label, stand above others."""

_FEWEST_LINES, _FEWEST_PAIRS = 2, 4
_PIECES = 4  # of a line that tells where labels and values stand: two of each
_LEAST_LABELLED = 0.9  # share of the labels that end with a colon
_LEAST_PAIRED = 0.4  # share of the rows with several labels
_LONGEST_LABEL = 60  # characters
_LINE_GAP = 2.6  # times the height: what is farther apart is no form together
_SAME_PLACE = 2.5  # points
_LABEL = re.compile(r"[^\W\d_].*[:：]$")


def pairs_of(rows: Sequence[Sequence[str]]) -> list[Pair]:
    """Return the labels of a ruled form with their values, row by row; nothing where rows are no such thing.

    Each row has one text for each of its cells, however many columns these take.
    """
    pairs = [(row[n], row[n + 1] if n + 1 < len(row) else "") for row in rows for n in range(0, len(row), 2)]
    pairs = [pair for pair in pairs if any(pair)]
    across = {(row[0], "") for row in rows if len(row) == 1 and not _is_label(row[0])}
    said = [pair for pair in pairs if pair not in across]
    labelled = [pair for pair in said if _is_label(pair[0])]
    several = sum(sum(map(_is_label, row[::2])) > 1 for row in rows)
    # Where each label ends so, one row of two is enough: notes go over all columns.
    enough = 1 if len(labelled) == len(said) else max(_FEWEST_LINES, _LEAST_PAIRED * len(rows))
    if (
        len(labelled) < max(_FEWEST_PAIRS, _LEAST_LABELLED * len(said))
        or several < enough
        or any(not label or _is_label(value) for label, value in said)
    ):
        return []
    return pairs


def titled_rows(pairs: Sequence[Pair]) -> tuple[str, tuple[PageRow, ...]]:
    """Return (title, rows) of a form: a row for each label; those that were left empty say nothing."""
    titles = 0
    while titles < len(pairs) and _is_above(pairs[titles]):
        titles += 1
    rows = (
        PageRow(label, (value,), 0)
        for label, value in pairs[titles:]
        if _says(value) or _is_above((label, value))
    )
    return " ".join(label for label, _value in pairs[:titles]), tuple(rows)


def find_forms(lines: Sequence[PrintedLine], text: str) -> list[PageTable]:
    """Return the forms without lines of a page whose text is `text`, in order."""
    found: list[PageTable] = []
    place = 0
    while place < len(lines):
        stop = place + 1
        if _sets_columns(lines[place]):
            columns = [piece.left for piece in lines[place].pieces]
            start = place
            before = len(lines) - found[-1].below if found else 0
            while start > before and _belongs(lines[start - 1], lines[start], columns):
                start -= 1
            while stop < len(lines) and _belongs(lines[stop], lines[stop - 1], columns):
                stop += 1
            table = _table(lines, start, stop, text, columns)
            if table is not None:
                found.append(table)
        place = stop
    return found


def _says(value: str) -> bool:
    """Whether anything was filled in: the "/" between two values is printed."""
    return any(map(str.isalnum, value))


def _is_above(pair: Pair) -> bool:
    return not pair[1] and not _is_label(pair[0])


def _is_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and _LABEL.match(text) is not None


def _sets_columns(line: PrintedLine) -> bool:
    """Whether a line is two labels, each with its value."""
    return len(line.pieces) == _PIECES and all(
        _is_label(piece.text) is (number % 2 == 0) for number, piece in enumerate(line.pieces)
    )


def _column(piece: Piece, columns: Sequence[float]) -> int | None:
    return next((n for n, left in enumerate(columns) if abs(piece.left - left) <= _SAME_PLACE), None)


def _belongs(line: PrintedLine, neighbour: PrintedLine, columns: Sequence[float]) -> bool:
    """Whether a line beside one of a form has its labels, and its values, at the same places."""
    if abs(neighbour.base - line.base) > _LINE_GAP * max(line.height, neighbour.height):
        return False
    places = [_column(piece, columns) for piece in line.pieces]
    return all(
        place is not None and _is_label(piece.text) is (place % 2 == 0)
        for piece, place in zip(line.pieces, places, strict=True)
    )


def _table(
    lines: Sequence[PrintedLine], first: int, stop: int, text: str, columns: Sequence[float]
) -> PageTable | None:
    """Return the form of some lines; None where they are too few, or the page's text has something else between them."""
    taken = lines[first:stop]
    start, end = min(line.start for line in taken), max(line.end for line in taken)
    pairs: list[Pair] = []
    last: dict[int, int] = {}  # of each column of labels the pair that the next line may go on with
    for line in taken:
        for piece in line.pieces:
            column = _column(piece, columns) or 0
            if column % 2 == 0:
                last[column] = len(pairs)
                pairs.append((piece.text, ""))
            elif column - 1 in last:
                label, value = pairs[last[column - 1]]
                pairs[last[column - 1]] = (label, f"{value} {piece.text}".strip())
            else:
                return None
    held = sum(len("".join(piece.text.split())) for line in taken for piece in line.pieces)
    if (
        len(taken) < _FEWEST_LINES
        or len(pairs) < _FEWEST_PAIRS
        or held != len("".join(text[start:end].split()))
    ):
        return None
    edges = [*columns[1:], max(line.right for line in taken)]
    return PageTable(
        start,
        end,
        "",
        ("",),
        titled_rows(pairs)[1],
        tuple(pairwise(edges)),
        first,
        len(lines) - stop,
        is_form=True,
    )
