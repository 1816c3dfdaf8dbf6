"""Claims about figures of tables: what is another scale or unit is told, however the table or the answer says its own."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_answer

MONEY = Source(
    "| Total net sales | 81,797 | 82,959 |\n| Costs | 45,384 | 47,074 |\n| Employees | 1,507 | 1,402 |",
    "Report\n(In millions) Amounts in $.\n|  | 2023 | 2022 |",
)
THOUSANDS = Source(
    "| Revenue | 12,412 | 15,121 |\n| Costs | 4,538 | 4,707 |\n| Net loss | (220) | (415) |",
    "Report\n(In thousands) Amounts in $.\n|  | 2023 | 2022 |",
)
POWER = Source(
    "| Hydro | 4,118 | 4,377 |\n| Wind | 1,240 | 1,806 |", "Power\n(thousand MWh)\n| Source | 2022 | 2023 |"
)
PORT = Source(
    "| East Pier | 1,105 | 260 | 81.7 |\n| Basin II | 377 | 3,615 | 48.9 |",
    "Port\nThroughput\n| Terminal | Containers (thousand TEU) | Dry bulk (kt) | Revenue (EUR m) |",
)


def verdict(answer: str, source: Source) -> Verdict:
    return check_answer(answer, [source])[-1].verdict


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        (MONEY, "Total net sales were $81.8 billion in 2023."),
        (MONEY, "Total net sales were $81,797 (in millions) in 2023."),
        (MONEY, "In millions, total net sales were 81,797 in 2023."),
        (MONEY, "| Total net sales | 81,797 | 82,959 |"),
        (MONEY, "| Item (in millions) | 2023 |\n|---|---|\n| Total net sales | 81,797 |"),
        (THOUSANDS, "| Item | 2022 |\n|---|---|\n| Revenue | 15,121 |"),
        (THOUSANDS, "Revenue was $15.121 million in 2022."),
        (THOUSANDS, "The net loss was 415 thousand in 2022."),
        (POWER, "Hydro generated 4,377 thousand MWh in 2023."),
        (POWER, "Hydro generated 4.377 million MWh in 2023."),
        (POWER, "Hydro generated 4,377 GWh in 2023."),
        (PORT, "East Pier handled 1,105,000 TEU."),
        (PORT, "Basin II handled 3.615 million tonnes of dry bulk."),
        (PORT, "The revenue of East Pier was EUR 81.7 million."),
    ],
)
def test_what_a_table_says_is_supported_in_any_scale(source: Source, claim: str) -> None:
    assert verdict(claim, source) is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        (MONEY, "Total net sales were $81,797 thousand in 2023."),
        (MONEY, "Total net sales were $81,797 (in thousands) in 2023."),
        (MONEY, "| Item (in thousands) | 2023 |\n|---|---|\n| Total net sales | 81,797 |"),
        (MONEY, "Total net sales were $81,797 in 2023."),
        (MONEY, "There were 1,507 million employees in 2023."),
        (THOUSANDS, "Revenue was $15,121 in 2022."),
        (THOUSANDS, "Revenue was $15121 in 2022."),
        (THOUSANDS, "The net loss was 415 million in 2022."),
        (THOUSANDS, "Revenue was $15,121 million in 2022."),
        (POWER, "Hydro generated 4,377 MWh in 2023."),
        (POWER, "Hydro generated 4,377 million MWh in 2023."),
        (POWER, "Hydro generated 4,377 thousand tonnes in 2023."),
        (PORT, "East Pier handled 1,105 TEU."),
        (PORT, "Basin II handled 3,615 tonnes of dry bulk."),
        (PORT, "The revenue of East Pier was EUR 81.7 thousand."),
    ],
)
def test_what_is_another_scale_or_unit_is_not_supported(source: Source, claim: str) -> None:
    assert verdict(claim, source) in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)
