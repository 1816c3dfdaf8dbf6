"""A question about several documents is answered with quotes of each, but not of those that say nothing of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot_app.core.document_fields import FieldMatch, FieldsAsked
from chatbot_app.core.trust import Quotes
from chatbot_app.knowledge.trust.quotes.quotes import find_quotes
from tests.unit.knowledge.trust.quotes.test_quotes import found

PHONES = ("The Zephyr phone sold 39,669 pieces, less than before.", "The Zephyr phone sold 65,775 pieces.")
SHIPS = ("Its ships carried more pieces than in the year before.", "All sales rose with the ships.")


def quoted(question: str, *texts: str, companies: tuple[str, ...] = ()) -> set[str]:
    return {quote.text for quote in quotes_of_all(question, *texts, companies=companies).quotes}


def quotes_of_all(
    question: str, *texts: str, companies: tuple[str, ...] = (), several: bool = True
) -> Quotes:
    retrieval = found(question, *texts)
    asked = FieldsAsked(companies, periods=("Q1 2023", "Q3 2023"), documents=len(texts), several=several)
    evidence = tuple(replace(item, match=FieldMatch.FITS) for item in retrieval.evidence)
    return find_quotes(replace(retrieval, evidence=evidence, asked=asked))


def test_reports_of_others_that_fit_the_time_alone_are_not_quoted_for_their_own_sake() -> None:
    assert quoted("Compare how many pieces of the Zephyr phone were sold", *PHONES, *SHIPS) == set(PHONES)


@pytest.mark.parametrize("companies", [(), ("Zephyr", "Nile")])
def test_what_is_named_or_says_as_much_is_quoted(companies: tuple[str, ...]) -> None:
    alike = (*PHONES, *(text.replace("phone", "tablet") for text in PHONES))
    assert quoted("Compare how many Zephyr pieces were sold", *alike, companies=companies) == set(alike)


def test_companies_that_are_named_are_quoted_whatever_they_say() -> None:
    both = quoted(
        "Compare how many pieces of the Zephyr phone were sold",
        PHONES[0],
        SHIPS[0],
        companies=("Zephyr", "Nile"),
    )
    assert both == {PHONES[0], SHIPS[0]}


def test_documents_of_headings_alone_are_none() -> None:
    assert quoted("Compare how many pieces of the Zephyr phone were sold", PHONES[0], "") == {PHONES[0]}


def test_a_name_that_one_of_several_documents_says_raises_no_doubt() -> None:
    question = "Compare how many pieces the Zephyr phone and the Quantor tablet sold"
    texts = (PHONES[0], PHONES[1].replace("Zephyr phone", "Quantor tablet"))
    several, one = (quotes_of_all(question, *texts, several=several) for several in (True, False))
    assert several.certain
    assert not one.certain
