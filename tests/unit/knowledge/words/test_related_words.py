"""Words that may say the same, and what they do for a statement."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.words.opposites import opposites_of
from chatbot_app.knowledge.words.related_words import related_to
from chatbot_app.knowledge.words.words import stem

POLICE = Source(
    "On Saturday a shop on Pell Street was robbed. Nobody was injured. The owner was threatened with a knife."
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("acquire", "acquisition"),
        ("injury", "injured"),
        ("robbery", "rob"),
        ("start", "begin"),
        ("help", "assist"),
    ],
)
def test_related_words_know_each_other(one: str, other: str) -> None:
    assert stem(other) in related_to(stem(one))
    assert stem(one) in related_to(stem(other))


@pytest.mark.parametrize("word", ["rise", "first", "buy", "allow", "win", "hot"])
def test_no_opposite_is_related(word: str) -> None:
    assert opposites_of(stem(word))
    assert not related_to(stem(word)) & opposites_of(stem(word))


def test_a_word_that_nobody_knows_is_related_to_nothing() -> None:
    assert related_to("velatrigant") == frozenset()


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("There were no injuries when the shop was robbed.", Verdict.SUPPORTED),
        ("The robber wounded a customer in the shop with a pistol.", Verdict.UNSUPPORTED),
        ("The robbery on Pell Street was on Sunday.", Verdict.CONTRADICTED),
    ],
)
def test_a_related_word_is_counted_and_contradicts_nothing(statement: str, verdict: Verdict) -> None:
    [check] = check_statement(statement, [POLICE])
    assert check.verdict is verdict
