"""Heads over several columns of a page, wherever they stand above them, and tables side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from chatbot_app.knowledge.tables.grouped_columns import columns_of_groups, years_below
from chatbot_app.knowledge.tables.page_cells import Piece
from tests.unit.knowledge.tables.test_pdf_tables import at, described, read, right, tables
from tests.unit.knowledge.tables.test_ruled_tables import LINE, line

COLUMNS = [(100.0 + 60 * n, 140.0 + 60 * n) for n in range(12)]
ROOMS = [(left - 10, right + 10) for left, right in COLUMNS]
RATES = ("Balance", "Interest", "Rate")


def groups(heads: Sequence[tuple[float, str]], names: Sequence[str]) -> list[list[int]] | None:
    count = len(names)
    pieces = [Piece(left, left + 8.0 * len(words) / 2, words) for left, words in heads]
    return columns_of_groups(COLUMNS[:count], ROOMS[:count], pieces, names)


def test_a_head_stands_above_all_columns_whose_heads_come_again_with_the_next() -> None:
    years = ("2023", "2022", "2023", "2022")
    assert groups([(100, "First half"), (220, "Second half")], years) == [[0, 1], [2, 3]]
    # A last column that nothing stands above, and one of its own.
    assert groups([(100, "Fiscal 2023"), (220, "Fiscal 2022")], (*years, "Change")) == [[0, 1], [2, 3]]
    assert groups([(100, "Day"), (220, "Night"), (345, "In")], (*years, "%")) == [[0, 1], [2, 3], [4]]


def test_years_repeat_below_other_heads_and_parts_of_the_heads_of_columns_are_none_of_groups() -> None:
    years = [(100, "2022"), (280, "2023"), (460, "2022"), (640, "2023")]
    assert groups(years, RATES * 4) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]
    assert groups([(100, "Average"), (280, "Average")], RATES * 2) is None
    assert (
        groups([(100, "Loans"), (280, "Bonds")], ("Balance", "Rate", "Risk", "Value", "Term", "Cost")) is None
    )


def test_a_time_that_begins_with_its_first_year_is_that_of_all_of_them() -> None:
    pieces = [Piece(100, 190, "Year ended 31 March")]
    assert years_below(COLUMNS[:3], pieces, 0, ("2024", "2023", "Change")) == [0, 1]
    assert years_below(COLUMNS[:3], pieces, 0, ("Group", "2023", "Change")) is None
    assert years_below(COLUMNS[:3], [Piece(100, 190, "Restated")], 0, ("2024", "2023", "Change")) is None


def test_heads_at_the_left_edge_of_their_columns_are_those_of_each(tmp_path: Path) -> None:
    page = at(200, 740, "Bachelor") + at(360, 740, "Master")
    for x, year in zip((200, 280, 360, 440), ("2022", "2023") * 2, strict=True):
        page += at(x, 728, year)
    for y, (label, *cells) in (
        (712, ("Law", "1,204", "1,188", "302", "315")),
        (700, ("Arts", "2,290", "2,114", "877", "840")),
    ):
        page += at(30, y, label)
        for x, cell in zip((240, 320, 400, 480), cells, strict=True):
            page += right(x, y, cell)
    assert described(read(tmp_path, page))[1] == (
        "Arts, Bachelor 2022: 2,290; Bachelor 2023: 2,114; Master 2022: 877; Master 2023: 840"
    )


XS = (30, 150, 230, 310, 390, 470)
Cells = Sequence[tuple[int, int, int, int, str]]  # first row, first column, rows, columns, words


def merged(cells: Cells, top: float = 740) -> bytes:
    """Draw cells over several rows and columns, words at the left."""
    drawn = b""
    for row, column, rows, columns, words in cells:
        y, low = top - LINE * 1.5 * row, top - LINE * 1.5 * (row + rows)
        x, far = XS[column], XS[column + columns]
        drawn += at(x + 4, y - LINE, words) if words else b""
        for (a, b), (c, d) in pairwise([(x, y), (far, y), (far, low), (x, low), (x, y)]):
            drawn += line(a, b, c, d)
    return drawn


def figures(row: int, label: str, cells: Sequence[str]) -> Cells:
    return [(row, n, 1, 1, words) for n, words in enumerate((label, *cells))]


HALVES: Cells = [
    (0, 0, 2, 1, "EUR million"),
    (0, 1, 1, 2, "First half"),
    (0, 3, 1, 2, "Second half"),
    *[(1, n, 1, 1, year) for n, year in enumerate(("2023", "2022") * 2, 1)],
    *figures(2, "Sales", ("1,110.3", "1,042.7", "1,255.9", "1,190.4")),
    *figures(3, "Cash flow", ("45.2", "(12.8)", "88.0", "61.3")),
]


def test_ruled_heads_over_several_columns_are_those_of_each_wherever_they_stand(tmp_path: Path) -> None:
    assert described(read(tmp_path, merged(HALVES)))[1] == (
        "Cash flow, First half 2023: EUR 45.2 million; First half 2022: EUR (12.8) million;"
        " Second half 2023: EUR 88.0 million; Second half 2022: EUR 61.3 million"
    )


def test_a_first_row_over_all_columns_is_the_title_of_the_table(tmp_path: Path) -> None:
    below = [(row + 1, *rest) for row, *rest in HALVES]
    title = (0, 0, 1, 5, "Key figures by half")
    parsed = read(tmp_path, merged([title, *below]))
    (found,) = tables(parsed)
    assert found.startswith("| EUR million | First half 2023 | First half 2022 |")
    assert "Key figures by half\n\n|" in parsed.text


def test_a_label_over_several_rows_is_that_of_each_of_them(tmp_path: Path) -> None:
    cells: Cells = [
        *figures(0, "Region", ("Product", "2023", "2022")),
        (1, 0, 2, 1, "North"),
        *[
            (row, n, 1, 1, words)
            for row, some in ((1, ("Coffee", "412", "398")), (2, ("Tea", "120", "131")))
            for n, words in enumerate(some, 1)
        ],
        *figures(3, "South", ("Tea", "64", "59")),
    ]
    assert described(read(tmp_path, merged(cells)))[1] == "Region: North; Product: Tea; 2023: 120; 2022: 131"


def two_tables(heads: tuple[str, str]) -> bytes:
    page = at(30, 740, "Exports (EUR million)") + at(310, 740, "Imports (EUR million)")
    for x, head in zip((30, 310), heads, strict=True):
        page += at(x, 726, head) + right(x + 150, 726, "2023") + right(x + 220, 726, "2022")
    rows = (
        ("Poland", "190.8", "166.2", "China", "655.0", "702.4"),
        ("Spain", "121.4", "118.0", "Norway", "98.2", "143.3"),
    )
    for y, (land, new, old, other, *cells) in zip((710, 698), rows, strict=True):
        page += at(30, y, land) + right(180, y, new) + right(250, y, old)
        page += at(310, y, other) + right(460, y, cells[0]) + right(530, y, cells[1])
    return page + at(30, 660, "Trade is counted where goods cross the border of the country.")


def test_tables_side_by_side_are_two(tmp_path: Path) -> None:
    parsed = read(tmp_path, two_tables(("Country", "Country")))
    assert len(tables(parsed)) == 2
    assert described(parsed) == [
        "Country: Poland; 2023: EUR 190.8 million; 2022: EUR 166.2 million",
        "Country: Spain; 2023: EUR 121.4 million; 2022: EUR 118.0 million",
        "Country: China; 2023: EUR 655.0 million; 2022: EUR 702.4 million",
        "Country: Norway; 2023: EUR 98.2 million; 2022: EUR 143.3 million",
    ]
    assert parsed.text.endswith("Trade is counted where goods cross the border of the country.")


@pytest.mark.parametrize("heads", [("Country", "Partner"), ("Country", "")])
def test_a_column_of_words_with_another_head_belongs_to_its_table(
    tmp_path: Path, heads: tuple[str, str]
) -> None:
    assert len(tables(read(tmp_path, two_tables(heads)))) == 1
