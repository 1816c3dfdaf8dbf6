"""Agreements that resemble each other: the one that is named, and in it the clause instead of its title and signatures."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.trust.quotes.quotes import PASSAGES, find_quotes
from tests.unit.knowledge.test_field_search import keep

AGREEMENT = """# Exclusive reseller agreement

This Exclusive Reseller Agreement is made as of the {day} day of March, 2001 by and between {seller}, a Delaware corporation, and {buyer}, a \
Virginia corporation, each with its main place of business as it is written below.

# 1. Appointment

{short} appoints the other party to sell the software of {short} in the territory, and the other party accepts this appointment.

# 2. General

This Agreement shall be governed by the laws of the State of {state}, without regard to conflicts of law.

# Signatures

Reseller agreement between {seller} and {buyer}, signed by both parties: {seller} {buyer}
"""
PARTIES = (
    ("3rd", "Larkspur Software, Inc.", "Dello Technologies, LLC", "Colorado"),
    ("5th", "Larkspur Software, Inc.", "Bestow Trading, Inc.", "Nevada"),
    ("9th", "Vayter Imaging, Inc.", "Inde Homes, Inc.", "Georgia"),
)


@pytest.fixture
def agreements(library, embedder):
    for day, seller, buyer, state in PARTIES:
        short = seller.split()[0]
        text = AGREEMENT.format(day=day, seller=seller, buyer=buyer, state=state, short=short)
        keep(library, embedder, buyer.split()[0], text)
    return library


@pytest.mark.parametrize(
    ("question", "state"),
    [
        (
            "Which law governs the exclusive reseller agreement between Larkspur Software and Dello Technologies?",
            "Colorado",
        ),
        ("By the laws of which state is the Larkspur Bestow reseller agreement governed?", "Nevada"),
        ("Which law governs the reseller agreement with Inde Homes?", "Georgia"),
    ],
)
def test_the_clause_of_the_agreement_that_is_named_is_quoted(
    agreements, embedder, question: str, state: str
) -> None:
    found = Retriever(agreements.passages, embedder, agreements.fields).search(question, PASSAGES)
    assert "this agreement" in found.addressed
    quotes = find_quotes(found, embedder)
    assert f"laws of the State of {state}" in quotes.quotes[0].text
    fitting = {item.title for item in found.best_first() if item.match is FieldMatch.FITS}
    assert len(fitting) == 1
