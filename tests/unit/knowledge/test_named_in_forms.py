"""Documents of one form: what one of them alone is called by chooses it, and no other is quoted for it."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, find_quotes
from tests.unit.knowledge.test_field_search import keep

REPORT = """National Harbour Safety Board
Accident Report

Location: {place}
Vessel: {vessel}, {number}

# Findings

The master of the vessel lost sight of the buoy in the haze and ran aground at low water, as the board has found.

# Master

Age: {age}
Hours at sea: {hours} hours in all ships

# Weather

Wind: {wind} knots
"""
ACCIDENTS = (
    ("Skarvik", "Aurora", "K411B", 58, 2319, 13),
    ("Tessel", "Lark", "K207D", 41, 435, 4),
    ("Dunmore", "Aurora", "K998A", 33, 11423, 20),
    ("Port Isaac", "Heron", "K120C", 62, 28, 6),
)


@pytest.fixture
def accidents(library, embedder):
    for place, vessel, number, age, hours, wind in ACCIDENTS:
        text = REPORT.format(place=place, vessel=vessel, number=number, age=age, hours=hours, wind=wind)
        keep(library, embedder, f"2008{hours}X{age}", text)
    keep(library, embedder, "letter", "The wind at Skarvik is strong in winter, says Ada.")
    return library


def retriever(library, embedder) -> Retriever:
    return Retriever(library.passages, embedder, library.fields)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many hours had the master at sea who ran aground near Dunmore?", "11423"),
        ("How old was the master of K120C?", "62"),
        ("What was the wind at Tessel?", "4 knots"),
        ("how old was the master near tessel", "41"),
        ("How many hours had the master of the Aurora K411B?", "2319"),
    ],
)
def test_what_one_document_alone_has_chooses_it(accidents, embedder, question, said) -> None:
    found = retriever(accidents, embedder).search(question, PASSAGES)
    first = found.best_first()[0]
    assert first.match is FieldMatch.FITS
    assert {item.match for item in found.best_first() if item.title != first.title} <= {
        FieldMatch.DIFFERS,
        FieldMatch.NONE,
    }
    quotes = find_quotes(found, embedder)
    assert said in quotes.quotes[0].text
    assert found.searched == question


def test_what_several_have_or_none_chooses_nothing(accidents, embedder) -> None:
    search = retriever(accidents, embedder).search
    for question in (
        "What was the wind at Larnaca?",
        "How old was the master?",
        "What did the Board find about the Aurora?",
    ):
        assert all(item.match is FieldMatch.NONE for item in search(question, PASSAGES).best_first())


def test_a_follow_up_names_another_or_leans_on_the_question_before(accidents, embedder) -> None:
    search = retriever(accidents, embedder).search
    before = "How old was the master near Tessel?"
    other = search("And near Dunmore?", PASSAGES, previous_questions=(before,))
    assert {item.title for item in other.best_first() if item.match is FieldMatch.FITS} == {"200811423X33"}
    same = search("And the wind?", PASSAGES, previous_questions=(before,))
    assert {item.title for item in same.best_first() if item.match is FieldMatch.FITS} == {"2008435X41"}
    alone = search("How strong was the wind?", PASSAGES, previous_questions=(before,))
    assert {item.match for item in alone.best_first()} == {FieldMatch.NONE}


def test_two_that_are_named_are_both_meant(accidents, embedder) -> None:
    found = retriever(accidents, embedder).search("Compare the wind at Tessel and at Dunmore", PASSAGES)
    assert found.asked is not None
    assert (found.asked.documents, found.asked.several, found.asked.by_names) == (2, True, True)
    assert {item.title for item in found.best_first()[:2]} == {"2008435X41", "200811423X33"}
