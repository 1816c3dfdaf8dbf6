"""Which rows of a table are its heads, and what they say of each column."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.tables.heads import head_of
from chatbot_app.knowledge.tables.markdown import cells_of, is_rule


def head(text: str) -> tuple[int, tuple[str, ...], str]:
    lines = text.strip().split("\n")
    rows = [cells_of(line) for line in lines if not is_rule(line)]
    found = head_of(rows, rule=lines[1] if len(lines) > 1 and is_rule(lines[1]) else "")
    return found.rows, found.cells, found.title


def test_one_row_of_heads() -> None:
    assert head("| name | age |\n| Ann | 34 |\n| Bob | 36 |") == (1, ("name", "age"), "")
    assert head("| Year | Sales |\n|---|---|\n| 2023 | 5 |") == (1, ("Year", "Sales"), "")


def test_heads_over_several_columns_and_in_two_rows_become_one_for_each_column() -> None:
    rows = """
| | Three Months Ended | | Nine Months Ended | |
|---|---|---|---|---|
| | July 1, 2023 | June 25, 2022 | July 1, 2023 | June 25, 2022 |
| Total net sales | 81,797 | 82,959 | 293,787 | 304,182 |"""
    assert head(rows)[1] == (
        "",
        "Three Months Ended July 1, 2023",
        "Three Months Ended June 25, 2022",
        "Nine Months Ended July 1, 2023",
        "Nine Months Ended June 25, 2022",
    )


def test_years_below_a_head_belong_to_it() -> None:
    rows = "| Region | Sales | Sales | Staff |\n| | 2022 | 2023 | 2023 |\n| North | 1.5 | 2.5 | 30 |\n| South | 3.5 | 4.5 | 40 |"
    assert head(rows)[:2] == (2, ("Region", "Sales 2022", "Sales 2023", "Staff 2023"))


def test_a_sign_in_a_column_of_its_own_has_the_head_of_its_figures() -> None:
    rows = """
| | 2023 | | 2022 | |
| Products | $ | 60,584 | $ | 63,355 |
| Services | | 21,213 | | 19,604 |"""
    assert head(rows)[1] == ("", "2023", "2023", "2022", "2022")


@pytest.mark.parametrize(
    "rows",
    [
        "| Products | $60,584 | $63,355 |\n| Services | 21,213 | 19,604 |",
        "| Products | 60,584 | 63,355 |\n|---|---|---|\n| Services | 21,213 | 19,604 |",
    ],
)
def test_a_table_without_heads_has_none(rows: str) -> None:
    assert head(rows) == (0, ("", "", ""), "")


def test_an_empty_head_is_none() -> None:
    assert head("|  |  |\n|---|---:|\n| Due after 10 years | 16,646 |")[:2] == (1, ("", ""))


def test_a_rule_may_stand_below_plain_numbers() -> None:
    assert head("| Size | 10 | 20 |\n|---|---|---|\n| Price | 1.50 | 2.50 |")[:2] == (1, ("Size", "10", "20"))


def test_a_title_above_the_heads_is_no_head() -> None:
    rows = "| Sales of ducks | | |\n| Year | Wild | Tame |\n| 2019 | 120 | 80 |"
    assert head(rows) == (2, ("Year", "Wild", "Tame"), "Sales of ducks")


def test_a_section_below_the_heads_is_no_head() -> None:
    rows = "| | 2023 | 2022 |\n|---|---|---|\n| Net sales: | | |\n| Products | 1,000 | 2,000 |"
    assert head(rows)[:2] == (1, ("", "2023", "2022"))


def test_a_first_row_of_words_is_data_below_whole_heads() -> None:
    rows = "| name | remark | score |\n| Ann | good | |\n| Bob | fair | 3.5 |"
    assert head(rows)[:2] == (1, ("name", "remark", "score"))


def test_a_cell_over_two_columns_heads_both_where_the_page_says_so() -> None:
    assert head("| A | B and C |  |\n| --- | --- | --- |\n| x | y | z |")[1] == ("A", "B and C", "B and C")
    assert head("| A | B |  |\n|---|---:|---:|\n| x | 1 | 2 |")[1] == ("A", "B", "")  # from a page of a PDF
    assert head("| name |  | age |\n| Ann | A. | 34 |")[1] == ("name", "", "age")  # a file of values


def test_a_head_that_a_word_file_repeats_over_its_columns_has_the_next_row_for_its_parts() -> None:
    rows = (
        "|  | Seated coach | Seated coach | Sleeper | Sleeper |\n| --- | --- | --- | --- | --- |\n"
        "| Cost in € thousand | Lease | Refit | Lease | Refit |\n| Per coach | 61 | 88 | 140 | 212 |"
    )
    wanted = (
        "Cost in € thousand",
        "Seated coach Lease",
        "Seated coach Refit",
        "Sleeper Lease",
        "Sleeper Refit",
    )
    assert head(rows)[:2] == (2, wanted)
    words = rows.replace("61 | 88 | 140 | 212", "own | own | hired | own")
    assert head(words)[0] == 1


def test_several_titles_above_the_heads_are_no_sections() -> None:
    rows = (
        "| Harbour of Rauma | | | | |\n| Cargo, thousand tonnes | | | | |\n| Quay | Timber | | Ore | |\n"
        "| | 2021 | 2022 | 2021 | 2022 |\n| North | 410 | 388 | 95 | 120 |\n| West | 72 | 80 | 310 | 305 |"
    )
    cells = ("Quay", "Timber 2021", "Timber 2022", "Ore 2021", "Ore 2022")
    assert head(rows) == (4, cells, "Harbour of Rauma Cargo, thousand tonnes")


def test_days_with_points_are_heads_above_figures_and_figures_above_days() -> None:
    assert head("| Werk | 30.06.2021 | 31.12.2020 |\n| Kiel | 61 | 58 |")[:2] == (
        1,
        ("Werk", "30.06.2021", "31.12.2020"),
    )
    assert head("| Los 1 | 01.03.2022 | 15.04.2022 |\n| Los 2 | 16.04.2022 | 30.06.2022 |")[0] == 0


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        (
            "| | Q1 | Q2 | 2021 | Q1 | Q2 | 2020 |\n| Sales | 1.1 | 1.2 | 2.3 | 0.9 | 1.0 | 1.9 |",
            ("", "Q1 2021", "Q2 2021", "2021", "Q1 2020", "Q2 2020", "2020"),
        ),
        (
            "| | FY22 | 1H | 2H | FY21 | 1H | 2H | Change |\n| Sales | 2.3 | 1.1 | 1.2 | 1.9 | 0.9 | 1.0 | 0.4 |",
            ("", "FY22", "1H FY22", "2H FY22", "FY21", "1H FY21", "2H FY21", "Change"),
        ),
        (
            "| | Q1 | Q2 | 2021 |\n| Sales | 1.1 | 1.2 | 2.3 |",  # said once: nothing is to be told apart
            ("", "Q1", "Q2", "2021"),
        ),
        (
            "| | Q1 | 2021 | Q1 | Q1 | 2020 |\n| Sales | 1.1 | 1.2 | 2.3 | 0.9 | 1.9 |",  # nor can these be
            ("", "Q1", "2021", "Q1", "Q1", "2020"),
        ),
    ],
)
def test_parts_of_several_years_say_the_year_beside_them(rows: str, cells: tuple[str, ...]) -> None:
    assert head(rows)[1] == cells


def test_a_head_of_labels_over_three_rows_says_that_these_are_heads() -> None:
    rows = """
| Fleet | Type | Emissions | | | |
|---|---|---|---|---|---|
| Fleet | Type | Scope 1 | | Scope 2 | |
| Fleet | Type | 2022 | 2023 | 2022 | 2023 |
| Europe | Jet | 88 | 84 | 4 | 3 |"""
    assert head(rows)[:2] == (
        3,
        (
            "Fleet",
            "Type",
            "Emissions Scope 1 2022",
            "Emissions Scope 1 2023",
            "Emissions Scope 2 2022",
            "Emissions Scope 2 2023",
        ),
    )


def test_lengths_of_time_head_the_columns_of_rates() -> None:
    rows = "| Loan | Limit | Rate | |\n| | | 5 years | 10 years |\n| Home | 400,000 | 3.1% | 3.4% |"
    assert head(rows)[1] == ("Loan", "Limit", "Rate 5 years", "Rate 10 years")
    ages = "| Machine | Age |\n| Press | 5 years |\n| Lathe | 10 years |"
    assert head(ages)[0] == 1
