"""What a sentence says of its own subject is said of nobody else."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement

PAGE = Source(
    "Ann Arbor was founded in 1824 by two land speculators. The City Council has eleven voting members. In 1841, the "
    "Michigan Central Company announced plans for a station near the river. It opened the line in 1845. The American "
    "settlers named the Board and planted hops. The Board of Directors declared a dividend in May.",
    "Ann Arbor",
)


def check(statement: str) -> tuple[Verdict, str]:
    [found] = check_statement(statement, [PAGE])
    return found.verdict, found.reason


@pytest.mark.parametrize(
    ("statement", "mine", "theirs"),
    [
        ("Ann Arbor has eleven voting members.", "Ann Arbor", "City Council"),
        ("Ann Arbor announced plans for a station near the river.", "Ann Arbor", "Michigan Central Company"),
    ],
)
def test_a_predicate_of_another_subject_is_told_with_both_names(
    statement: str, mine: str, theirs: str
) -> None:
    verdict, reason = check(statement)
    assert verdict is Verdict.CONTRADICTED
    assert f"“{mine}”" in reason
    assert f"“{theirs}”" in reason


@pytest.mark.parametrize(
    "statement",
    [
        "The City Council has eleven voting members.",
        "The Michigan Central Company opened the line in 1845.",  # "It"
        "The MCC announced plans for a station near the river.",
        "America's settlers planted hops.",
        "Ann Arbor declared a dividend in May.",  # by its board
        "Ann Arbor's City Council has eleven voting members.",
        "In Ann Arbor, the City Council has eleven voting members.",
        "Plans for a station near the river were announced in 1841.",
    ],
)
def test_the_same_subject_in_other_words_is_no_other(statement: str) -> None:
    assert check(statement)[0] is Verdict.SUPPORTED
