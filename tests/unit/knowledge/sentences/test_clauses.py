"""Which clause of a sentence speaks of what a statement names."""

from __future__ import annotations

from chatbot_app.knowledge.sentences.clauses import clauses, clauses_with, other_subject
from chatbot_app.knowledge.values.values import values_of
from chatbot_app.knowledge.words.words import stems

ENGINEERS = (
    "Joseph Strauss was chief engineer; Charles Ellis did much of the design but was dismissed in 1931."
)
CONTRAST = "In the first group it fell to 7.1%,  whereas in the second it rose to 8.3%."


def test_a_sentence_is_split_at_its_contrasts_whatever_white_space_they_have() -> None:
    assert clauses(CONTRAST) == ["In the first group it fell to 7.1%", "in the second it rose to 8.3%."]
    assert clauses("Tea   while  coffee") == ["Tea", "coffee"]
    assert clauses("It was cold and wet.") == ["It was cold and wet."]


def test_the_clause_with_the_value_is_what_a_statement_speaks_of() -> None:
    said = "It is 8.3% in the second."
    told = clauses_with(CONTRAST, values_of(CONTRAST), values_of(said), stems(said))
    assert told == "in the second it rose to 8.3%."


def test_what_one_clause_says_of_its_subject_is_not_said_of_the_other() -> None:
    assert other_subject("Charles Ellis was the chief engineer.", ENGINEERS) == (
        "Charles Ellis",
        "Joseph Strauss",
    )
    assert other_subject("Joseph Strauss was dismissed in 1931.", ENGINEERS) == (
        "Joseph Strauss",
        "Charles Ellis",
    )


def test_what_a_clause_says_of_its_own_subject_stands() -> None:
    assert other_subject("Joseph Strauss was the chief engineer.", ENGINEERS) is None
    assert other_subject("Charles Ellis was dismissed in 1931.", ENGINEERS) is None
