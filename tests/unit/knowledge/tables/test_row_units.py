"""Figures of a row are said with the unit of their column, their row, their section or their table."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.tables.described import described_rows
from chatbot_app.knowledge.tables.row_units import rows_above_money


def words(table: str, context: str = "") -> list[str]:
    return [row.text for row in described_rows(table, context)]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (  # each column its own
            "| Terminal | Containers (thousand TEU) | Revenue (EUR m) | Share (%) | Staff |\n|---|---|---|---|---|\n| East | 1,105 | 81.7 | 32.5 | 340 |",
            ["Terminal: East; Containers (thousand TEU): 1,105 thousand TEU; Revenue (EUR m): EUR 81.7 million; Share (%): 32.5; Staff: 340"],
        ),
        (  # each row its own
            "| Measure | 2023 | 2024 |\n|---|---|---|\n| Visits (thousands) | 402 | 418 |\n| Length of stay (days) | 5.3 | 5.1 |\n| Cost (£ million) | 611.7 | 648.2 |",
            [
                "Measure: Visits (thousands); 2023: 402 thousand; 2024: 418 thousand",
                "Measure: Length of stay (days); 2023: 5.3 days; 2024: 5.1 days",
                "Measure: Cost (£ million); 2023: £611.7 million; 2024: £648.2 million",
            ],
        ),
        (  # a column of units, which is put behind results and years and behind nothing else
            "| Analyte | Result | Unit | Reference |\n|---|---|---|---|\n| Creatinine | 88 | µmol/L | 62 - 106 |\n| HbA1c | 5.9 | % | 4.0 - 6.0 |",
            [
                "Analyte: Creatinine; Result: 88 µmol/L; Unit: µmol/L; Reference: 62 - 106",
                "Analyte: HbA1c; Result: 5.9%; Reference: 4.0 - 6.0",
            ],
        ),
        (
            "| Article | Unit | Price | Stock |\n|---|---|---|---|\n| Sand | t | 14.50 | 120 |",
            ["Article: Sand; Unit: t; Price: 14.50; Stock: 120"],
        ),
        (  # what is of one thing each is not counted in what the table is
            "| £000 | 2023 | Cost per resident | FTE |\n|---|---|---|---|\n| Parks | 5,118 | 19.23 | 102 |",
            ["Parks, 2023: £5,118 thousand; Cost per resident: 19.23; FTE: 102"],
        ),
    ],
)  # fmt: skip
def test_a_figure_has_the_unit_of_its_column_or_row(table: str, rows: list[str]) -> None:
    assert words(table) == rows


def test_a_caption_may_name_a_unit_for_each_of_several_things() -> None:
    rows = words(
        "| Eastgate | 84 | 5,120 | 1,690 |",
        "Fleet\nMileage in thousands of km; fuel in thousands of litres\n| Depot | Buses | Mileage | Fuel |",
    )
    assert rows == ["Depot: Eastgate; Buses: 84; Mileage: 5,120 thousand km; Fuel: 1,690 thousand litres"]


@pytest.mark.parametrize(
    ("caption", "figure"),
    [
        ("Net generation (GWh)", "4,118 GWh"),
        ("Net generation in thousand MWh", "4,118 thousand MWh"),
        ("Net generation", "4,118"),
    ],
)
def test_a_table_of_one_thing_over_the_years_says_its_measure(caption: str, figure: str) -> None:
    [row] = words("| Hydro | 4,118 |", f"Power\n{caption}\n| Source | 2021 |")
    assert row.endswith(f"2021: {figure}")


def test_a_measure_above_several_things_is_that_of_none_of_them() -> None:
    [row] = words("| Ash | 31 | 40 |", "Sites\nEnergy (GWh)\n| Site | Energy | Staff |")
    assert row == "Site: Ash; Energy: 31; Staff: 40"


def test_thousands_below_the_years_are_their_unit_and_no_amount() -> None:
    rows = words("|  | 2023 | 2022 |\n|  | £000 | £000 |\n| Parks | 5,118 | 4,960 |")
    assert rows == ["Parks, 2023 £000: £5,118 thousand; 2022 £000: £4,960 thousand"]


def test_a_unit_in_a_head_or_a_label_stands_behind_its_figures() -> None:
    """Without it a claim of 3,615 tonnes was supported by "Dry bulk (kt): 3,615"."""
    rows = words(
        "| Quay | Dry bulk (kt) | Depth (m) | Fee (£) |\n|---|---|---|---|\n| Basin II | 3,615 | 12.5 | 75 |"
    )
    assert rows == ["Quay: Basin II; Dry bulk (kt): 3,615 kt; Depth (m): 12.5; Fee (£): 75"]


@pytest.mark.parametrize(
    ("rows", "above"),
    [
        ([["Memberships", "54,750"], ["Revenues", "$6,153"], ["Costs", "3,319"], ["Profit", "$2,834"]], 1),
        ([["Of all", ""], ["Memberships", "54,750"], ["Revenues", "$6,153"], ["Profit", "$2,834"]], 2),
        ([["Revenues", "$6,153"], ["Costs", "3,319"], ["Profit", "$2,834"]], 0),
        ([["Sales", "11"], ["Costs", "9"], ["Earnings per share", "$1.20"]], 0),  # the one of one share
        (
            [
                ["Sales", "11"],
                ["Costs", "9"],
                ["Tax", "1"],
                ["Net", "1"],
                ["Basic", "$1.2"],
                ["Diluted", "$1.1"],
            ],
            0,
        ),
        ([["Umsatz", "11"], ["Kosten", "9"]], 0),
    ],
)
def test_rows_above_the_first_sign_of_money_are_no_money(rows: list[list[str]], above: int) -> None:
    assert rows_above_money(rows) == above


def test_a_count_above_money_has_the_scale_alone() -> None:
    text = (
        "| in $ thousands | Domestic | DVD |\n|---|---:|---:|\n| Total memberships at end of period | 54,750 | 3,383 |\n"
        "| Revenues | $6,153,025 | $450,497 |\n| Cost of revenues | 3,319,230 | 202,525 |\n| Contribution profit | $2,280,464 | $247,972 |"
    )
    assert [row.text for row in described_rows(text)][::2] == [
        "Total memberships at end of period, Domestic: 54,750 thousand; DVD: 3,383 thousand",
        "Cost of revenues, Domestic: $3,319,230 thousand; DVD: $202,525 thousand",
    ]
