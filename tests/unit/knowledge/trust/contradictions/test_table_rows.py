"""Figures of a table that a statement gives with the date, the column or the name of another."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

GUESTS = Source(
    "Guests of the Hotel Adler\n\n| Year | Guests | Room income (EUR thousand) | Bar income (EUR thousand) |\n|---|---|---|---|\n"
    "| 2019 | 5,210 | 673 | 118 |\n| 2020 | 2,790 | 212 | 41 |\n| 2021 | 4,630 | 389 | 77 |\n"
)
ACCOUNT = Source(
    "Account of Mira Holt, March 2024\n\n| Date | Description | Debit (EUR) | Credit (EUR) |\n|---|---|---|---|\n"
    "| 04.03. | Rent, Haus & Hof GmbH | 890.00 | |\n| 07.03. | Salary, Lindner Optics | | 2,640.50 |\n"
    "| 19.03. | Electricity, Nordstrom AG | 78.00 | |\n"
)


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("The hotel had 4,630 guests in 2020.", GUESTS),
        ("In 2020 the room income was EUR 41 thousand.", GUESTS),
        ("Mira Holt receives her salary from Nordstrom AG.", ACCOUNT),
        ("On 4 March 2024, €78 were paid for electricity.", ACCOUNT),
    ],
)
def test_a_figure_of_another_row_or_column_is_flagged(statement: str, source: Source) -> None:
    [check] = check_statement(statement, [source])
    assert check.verdict in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("The hotel had 2,790 guests in 2020.", GUESTS),
        ("In 2020 the bar income was EUR 41 thousand.", GUESTS),
        ("In 2021 the hotel's bar income came to €77,000.", GUESTS),
        ("The rent of €890 was paid to Haus & Hof GmbH on 4 March 2024.", ACCOUNT),
        ("On March 7, Mira Holt received a salary of 2,640.50 euros from Lindner Optics.", ACCOUNT),
    ],
)
def test_a_figure_of_its_row_is_supported(statement: str, source: Source) -> None:
    [check] = check_statement(statement, [source])
    assert check.verdict is Verdict.SUPPORTED, check.reason
