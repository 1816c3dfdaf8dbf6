"""Which printed lines are rows of figures, and which only name the days that head their columns."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.page_cells import PrintedLine

MOST_HEAD_LINES = 6
LONGEST_CELL = 48  # characters, of a cell beside figures


def is_row(line: PrintedLine) -> bool:
    """Whether a line has figures in columns: besides a label, or two and more of them."""
    pieces = line.pieces
    if len(pieces) < 2 or any(len(piece.text) > LONGEST_CELL for piece in pieces[1:]):
        return False
    beside = pieces[1:]
    has_dash = not pieces[0].is_figure and any(figures.is_dash(piece.text) for piece in beside)
    return has_dash or any(piece.is_amount for piece in beside)


def says_days(lines: Sequence[PrintedLine], place: int) -> bool:
    """Whether the figures of a line are days that head columns of other figures: "31.12.2023", "31.12.2022"."""
    amounts = [piece.text for piece in lines[place].pieces if piece.is_amount]
    if not amounts or not all(map(figures.is_time, amounts)):
        return False
    below = next((line for line in lines[place + 1 : place + MOST_HEAD_LINES] if is_row(line)), None)
    return below is not None and not any(figures.is_time(piece.text) for piece in below.pieces)


def is_contents(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the only figures of some rows are page numbers: one column of plain numbers that grow."""
    amounts = {n for row in rows for n, cell in enumerate(row) if figures.is_amount(cell)}
    if len(amounts) != 1:
        return False
    (column,) = amounts
    numbers = [row[column] for row in rows if row[column]]
    name = heads[column].casefold()
    if not all(number.isdigit() for number in numbers) or (
        name and len(set(heads)) > 1 and "page" not in name
    ):
        return False
    values = [int(number) for number in numbers]
    return values == sorted(values)
