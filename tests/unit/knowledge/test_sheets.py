"""Several tables on one sheet are parted, each with its own header."""

from __future__ import annotations

from chatbot_app.core.documents import BlockKind
from chatbot_app.knowledge.formats.blocks import markdown_blocks
from chatbot_app.knowledge.formats.sheets import part_tables

SHEET = """## Prices

| name | price |  |  | city | people |
| --- | --- | --- | --- | --- | --- |
| apple | 1 |  |  | Turku | 200 |
| pear | 2 |  |  |  |  |
|  |  |  |  |  |  |
| year |  | sum |  |  |  |
| 2024 |  | 7 |  |  |  |"""


def test_tables_side_by_side_and_below_each_other_are_parted() -> None:
    text = part_tables(SHEET)
    blocks = markdown_blocks(text)
    assert [text[block.start : block.end].rstrip() for block in blocks if block.kind is BlockKind.TABLE] == [
        "| name | price |\n| apple | 1 |\n| pear | 2 |",
        "| city | people |\n| Turku | 200 |",
        "| year | sum |\n| 2024 | 7 |",
    ]
    assert {block.heading_path for block in blocks} == {("Prices",)}


def test_a_remark_beside_a_table_stays_in_its_row() -> None:
    text = part_tables("| a | b |  |  | see page 3 |\n| --- | --- | --- | --- | --- |\n| 1 | 2 |  |  |  |")
    assert text == "| a | b | see page 3 |\n| 1 | 2 |  |"


def test_a_cell_may_hold_a_bar() -> None:
    assert part_tables("| a \\| b | c |\n| --- | --- |\n| 1 | 2 |") == "| a \\| b | c |\n| 1 | 2 |"


def test_a_note_alone_in_its_cell_is_a_paragraph_and_no_head_of_a_table() -> None:
    text = part_tables("| On call: 28 € an hour. |\n| --- |\n|  |\n| Ward | Beds |\n| North | 12 |")
    assert text == "On call: 28 € an hour.\n\n| Ward | Beds |\n| North | 12 |"
    number = "| # of beds per ward |"  # and none that a sign makes a heading of all below
    assert part_tables(f"{number}\n| --- |") == number


def test_days_have_no_hour_and_times_no_day() -> None:
    row = "| 2024-05-01 00:00:00 | 1899-12-31 07:30:00 | 2024-05-01 14:20:00 | 2024-05-01 14:20:07 |"
    assert part_tables(f"{row}\n| a | b | c | d |").split("\n")[0] == (
        "| 2024-05-01 | 07:30 | 2024-05-01 14:20 | 2024-05-01 14:20:07 |"
    )


def test_a_title_and_a_unit_above_a_table_are_paragraphs_and_a_column_of_figures_is_none() -> None:
    text = part_tables(
        "| Fleet of Turku |\n| --- |\n| (in thousands of euros) |\n|  |\n| Ship | Fuel |\n| Aura | 61 |"
    )
    assert text == "Fleet of Turku\n\n(in thousands of euros)\n\n| Ship | Fuel |\n| Aura | 61 |"
    column = "| Total |\n| 1,204 |"
    assert part_tables(column) == column
