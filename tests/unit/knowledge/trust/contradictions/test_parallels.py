"""A figure belongs to its own part of a list."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

CITIES = "Berlin has 3.6 million inhabitants, Hamburg 1.8 million and Munich 1.5 million."
STAFF = "Tom Hill (finance) earns 90,000 euros, Sue Hill (sales) 70,000 euros."


@pytest.mark.parametrize(
    ("source", "statement", "verdict"),
    [
        (CITIES, "Hamburg has 1.8 million inhabitants.", Verdict.SUPPORTED),
        (CITIES, "Berlin has 3.6 million inhabitants.", Verdict.SUPPORTED),
        (CITIES, "Hamburg has 3.6 million inhabitants.", Verdict.CONTRADICTED),
        (CITIES, "Munich has 1.8 million inhabitants.", Verdict.CONTRADICTED),
        (STAFF, "Sue Hill earns 70,000 euros.", Verdict.SUPPORTED),
        (STAFF, "Sue Hill earns 90,000 euros.", Verdict.CONTRADICTED),
    ],
)
def test_a_list_may_leave_out_what_is_counted_and_tell_more_in_brackets(
    source: str, statement: str, verdict: Verdict
) -> None:
    [check] = check_statement(statement, [Source(source)])
    assert check.verdict is verdict
