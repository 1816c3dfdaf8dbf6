"""Tables that somebody made to cost time: rows and pages of any size are read in time that grows with them."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.tables.described import described_rows
from chatbot_app.knowledge.tables.page_cells import lines_of
from chatbot_app.knowledge.tables.page_tables import find_tables
from chatbot_app.knowledge.tables.page_words import Word, printed_lines
from tests.processor_time import processor_seconds


@pytest.mark.parametrize(
    "cell", ["**a " * 20_000, "1" * 80_000, "1 " * 40_000, "$(" * 40_000, "per x " * 16_000, "<br" * 30_000]
)
def test_a_long_cell_costs_little(cell: str) -> None:
    begun = processor_seconds()
    described_rows(f"| {cell} | {cell} |\n| {cell} | 1,000 |", f"T\n(In millions)\n| {cell} | {cell} |")
    assert processor_seconds() - begun < 4.0


@pytest.mark.parametrize("step", [0.0, 0.9], ids=["straight", "each line a little farther right"])
def test_a_page_of_thousands_of_figures_costs_little(step: float) -> None:
    words = []
    for row in range(2000):
        for column, text in enumerate(("x", f"{row},000", "(1)")):
            start = (3 * row + column) * 8
            left = 30.0 + 80 * column + step * row
            words.append(
                Word(start, start + 6, left, left + 30, 20_000.0 - 9 * row, 8.0 - 3 * (column == 2), text)
            )
    begun = processor_seconds()
    find_tables(lines_of(printed_lines(words)))
    assert processor_seconds() - begun < 4.0
