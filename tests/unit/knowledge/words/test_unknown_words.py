"""A name that begins a sentence, told by that no dictionary knows it."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.words.unknown_words import is_unknown


def test_what_dictionaries_know_or_endings_tell_is_no_name() -> None:
    assert [
        word
        for word in ("nokia", "camden", "workers", "kayaking", "it", "haus", "photosynthesis")
        if is_unknown(word)
    ] == [
        "nokia",
        "camden",
    ]


@pytest.mark.parametrize(
    ("statement", "source", "verdict"),
    [
        ("Nokia acquired Siemens in 2019.", "Microsoft acquired Siemens in 2019.", Verdict.CONTRADICTED),
        ("Camden Council runs 12 libraries.", "Islington Council runs 12 libraries.", Verdict.CONTRADICTED),
        ("Nokia acquired Siemens in 2019.", "It acquired Siemens in 2019.", Verdict.SUPPORTED),
        ("Researchers found the cave in 1990.", "Scientists found the cave in 1990.", Verdict.SUPPORTED),
    ],
)
def test_another_name_at_the_beginning_is_told(statement: str, source: str, verdict: Verdict) -> None:
    [check] = check_statement(statement, [Source(f"{source} It belongs to the house.")])

    assert check.verdict is verdict
