"""A name in the clause of another: who did what, where one sentence says it of two."""

from __future__ import annotations

import pytest

from chatbot_app.core.trust import Verdict
from chatbot_app.knowledge.trust.checks.claims import Source, check_statement
from chatbot_app.knowledge.trust.contradictions.clause_names import another_clause

SCHOOL = "The violin class was opened by Ida Brandt; the drum class, which is newer, by Karl Moss."
TRUST = "Its director is Dr Lena Okoye, who followed Paul Reed in 2016; the chair of its board is the founder's son, Amos Field."
CHESS = "Olga Perl won the first game in 41 moves, but Tomas Rudd drew level in the second."
GERMAN = "Geschäftsführerin ist seit 2018 Anna Kolb, den Beirat leitet Jens Dorn."


@pytest.mark.parametrize(
    ("said", "source", "instead"),
    [
        ("The violin class was opened by Karl Moss.", SCHOOL, "Ida Brandt"),
        ("The director of the trust is Amos Field.", TRUST, "Lena Okoye"),
        ("Tomas Rudd won the first game in 41 moves.", CHESS, "Olga Perl"),
        ("Geschäftsführerin ist Jens Dorn.", GERMAN, "Anna Kolb"),
    ],
)
def test_a_name_of_another_clause_is_told_with_the_one_of_this(said: str, source: str, instead: str) -> None:
    found = another_clause(said, source)
    assert found is not None
    assert found[1] == instead
    [check] = check_statement(said, [Source(source)])
    assert check.verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("The violin class was opened by Ida Brandt.", SCHOOL),
        ("Karl Moss opened the drum class.", SCHOOL),
        ("Lena Okoye is the director and followed Paul Reed.", TRUST),
        ("Dr Lena Okoye took over from Paul Reed in 2016.", TRUST),
        ("The board is chaired by Amos Field, son of the founder.", TRUST),
        ("After Olga Perl had won the first game, Tomas Rudd drew level.", CHESS),
        ("Who won the first game? Olga Perl.", CHESS),
        ("Den Beirat leitet Jens Dorn.", GERMAN),
        ("Ann Lee founded the firm.", "Ann Lee founded the firm and sold its shares to Bob Ray."),
        ("Ann Lee sold its shares.", "Ann Lee founded the firm and sold its shares to Bob Ray."),
    ],
)
def test_a_name_in_its_clause_is_left_alone(said: str, source: str) -> None:
    assert another_clause(said, source) is None
