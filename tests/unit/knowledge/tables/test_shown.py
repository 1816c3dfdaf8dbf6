"""Tables as they are shown: with a rule below their heads, and the marked words still in their place."""

from __future__ import annotations

from chatbot_app.knowledge.tables.shown import above_rows, around_rows, as_markdown

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


def test_a_window_of_a_long_table_has_its_heads_and_the_rows_around_the_mark() -> None:
    rows = [f"| Plant {n} | {n},500 |" for n in range(1, 1000)]
    whole = "\n".join(["Plants", "", "| Plant | Output |", "|---|---|", *rows, "", "End"])
    start = whole.index("| Plant 500 ")
    text, begin, end = around_rows(whole, start, start + 19)
    assert text[begin:end] == whole[start : start + 19]
    assert text.startswith("Plants\n\n| Plant | Output |\n|---|---|\n| … |\n| Plant 480 |")
    assert text.endswith("| Plant 540 | 540,500 |\n| … |\n\nEnd")


def test_a_table_that_begins_before_the_window_gets_its_heads_back() -> None:
    cut = "t 409 | 409,500 |\n| Plant 410 | 410,500 |\n| Plant 411 | 411,500 |"
    text, begin, end = around_rows(cut, 18, 41, "| Plant | Output |")
    assert text == "| Plant | Output |\n|---|---|\n| Plant 410 | 410,500 |\n| Plant 411 | 411,500 |"
    assert text[begin:end] == cut[18:41]


def test_the_first_row_of_a_table_may_be_the_mark() -> None:
    text = "| Plant | Output |\n|---|---|\n| Ulm | 1 |"
    assert around_rows(text, 0, 18) == (text, 0, 18)
    assert around_rows("Prose", 1, 3) == ("Prose", 1, 3)
