"""What a question asks for and the named documents do not have makes an answer less probable, and nothing else does."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import DocumentFields, FieldMatch
from chatbot_app.core.documents import Evidence, Passage, StageScores
from chatbot_app.knowledge.sentences.quotable_sentences import sentences_of
from chatbot_app.knowledge.trust.quotes.missing_parts import (
    COUNT_MISSING,
    DEED_MISSING,
    NAME_MISSING,
    PERSON_MISSING,
    odds_of_missing,
)

TEXT = (
    "Net sales in Japan rose due to iPhone. Amazon Web Services (“AWS”) serves customers of all kinds. "
    "On May 5, 2023, Adam Selipsky adopted a trading plan for 136,996 shares. We operate 520 stores in 25 countries; "
    "fees of $14 are paid by our members, and third-party sellers pay 8% (5) for advertisers.\n\n"
    "| | July 1, 2023 |\n|---|---:|\n| iPhone | $39,669 |\n| Units granted | 210.9 |"
)
FIELDS = DocumentFields("Pear Inc.", "10-Q", "2023-Q3", "2023-07-01", ("PEAR",))


def odds(
    question: str,
    quoted: str = "",
    match: FieldMatch = FieldMatch.FITS,
    terms: dict[str, float] | None = None,
) -> float:
    passage = Passage(1, "d", 0, 0, len(TEXT), TEXT, 1, (), "")
    item = Evidence(passage, "2023 Q3 PEAR", "", StageScores(1.0, 1.0, 1.0, 1.0), FIELDS, match)
    sentences = sentences_of([passage])
    first = [one for one in sentences if quoted and quoted in one.text]
    return odds_of_missing(question, terms or {}, [item], sentences, first)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What were Pear's net sales in Japan?", 0.0),
        ("What were Pear's net sales in India?", -NAME_MISSING),
        ("What did iPhones bring in for PEAR in the Q3 2023 10-Q?", 0.0),
        ("What were the net sales of the iPad?", -NAME_MISSING),
        ("How does AWS (Amazon Web Services) develop?", 0.0),
        ("What is its EPS? List it.", 0.0),
        ("What did Pear pay in the U.S. in May?", 0.0),
        ("WHAT DID PEAR EARN IN JAPAN?", 0.0),  # no word looks like a name
        ("Wie hoch war der Gewinn von Pear in dem Quartal?", 0.0),  # all nouns have capital letters
        ("Wie hoch war der Umsatz mit dem iPad?", -NAME_MISSING),
    ],
)
def test_a_name_that_nothing_found_has(question: str, expected: float) -> None:
    assert odds(question) == expected


def test_what_another_report_says_is_not_had() -> None:
    assert odds("What were Pear's net sales in Japan?", match=FieldMatch.DIFFERS) == -NAME_MISSING


@pytest.mark.parametrize(
    ("thing", "is_counted"),
    [
        ("stores", True),
        ("shares", True),
        ("units", True),
        ("retail stores", True),
        ("iPhones", False),  # an amount of money
        ("members", False),  # a fee
        ("sellers", False),  # the third
        ("advertisers", False),  # a share, and the sign of a note
        ("customers", False),
        ("employees", False),
    ],
)
def test_a_count_is_a_number_of_the_thing(thing: str, is_counted: bool) -> None:
    assert odds(f"How many {thing} did Pear have?") == (0.0 if is_counted else -COUNT_MISSING)


def test_who_is_answered_where_somebody_is_named() -> None:
    question = "Who adopted a trading plan at Pear?"
    assert odds(question, "Selipsky") == 0.0
    assert odds(question, "Japan") == -PERSON_MISSING
    assert odds(question, "iPhone,") == -PERSON_MISSING  # a row
    assert odds("Who was Adam Selipsky?", "Selipsky") == -PERSON_MISSING  # the question says the name itself


def test_who_is_answered_by_a_role_that_did_all_of_it() -> None:
    question = "Who is paid fees according to the report?"
    assert odds(question, "members", terms={"paid": 1.0, "fees": 1.0}) == 0
    assert odds(question, "Japan", terms={"paid": 1.0, "fees": 1.0}) == -PERSON_MISSING
    assert odds("Who was Adam Selipsky?", "Selipsky", terms={"adam": 1.0, "selipsky": 1.0}) == -PERSON_MISSING


def test_the_deed_of_a_fact_has_to_be_said() -> None:
    terms = {"founded": 3.0, "plan": 1.0}
    assert odds("When was the plan founded?", terms=terms) == pytest.approx(-0.75 * DEED_MISSING)
    assert odds("When was the plan adopted?", terms={"plan": 1.0, "adopted": 1.0}) == 0.0
    assert odds("How was the plan founded?", terms=terms) == 0.0  # reports say that in many words
