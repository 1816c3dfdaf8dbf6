"""Tables as they are shown: with a rule below their heads, and the marked words still in their place."""

from __future__ import annotations

from chatbot_app.knowledge.tables.shown import above_rows, as_markdown

ROWS = "| Plant | Output |\n| Ulm | 1,200 |\n| Bonn | 1,300 |"


def test_rows_alone_get_a_rule_and_the_mark_moves_along() -> None:
    start = ROWS.index("| Bonn")
    text, (begin, end) = as_markdown(f"Plants\n\n{ROWS}\n\nEnd", (start + 8, len(ROWS) + 8))
    assert text == "Plants\n\n| Plant | Output |\n|---|---|\n| Ulm | 1,200 |\n| Bonn | 1,300 |\n\nEnd"
    assert text[begin:end] == "| Bonn | 1,300 |"


def test_rows_whose_heads_are_elsewhere_get_empty_ones() -> None:
    text, (begin,) = as_markdown("| Ulm | 1,200 |\n| Bonn | 1,300 |", (0,))
    assert text == "|  |  |\n|---|---|\n| Ulm | 1,200 |\n| Bonn | 1,300 |"
    assert text[begin:].startswith("| Ulm")


def test_a_whole_table_stays_as_it_is() -> None:
    text = "| a | b |\n|---|---|\n| 1 | 2 |"
    assert as_markdown(text, (5,)) == (text, [5])


def test_rows_far_below_their_heads_are_shown_with_them() -> None:
    below = "(In millions)\n|  | 2023 |\n| Net sales |"
    assert above_rows(below, "|   Products | 5 |") == "(In millions)\n|  | 2023 |\n|---|---|\n| Net sales |"


def test_what_the_text_says_itself_is_not_said_twice() -> None:
    below = "(In millions)\n|  | 2023 |"
    assert above_rows(below, "(In millions)\n\n|  | 2023 |\n|---|---:|\n| Products | 5 |") == ""
    assert above_rows(below, "(In millions)") == ""
    assert above_rows("no table", "text") == "no table"
