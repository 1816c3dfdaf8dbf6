"""Parts of statements: which tell no subject apart, which say a change, and what labels say in other words."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.fields.statements import (
    asks_for_change,
    in_other_words,
    names_statement,
    says_change,
    says_no_subject,
)


@pytest.mark.parametrize(
    ("sections", "is_of_any"),
    [
        ("Cash flows from investing activities", True),
        ("LIABILITIES AND STOCKHOLDERS\u2019 EQUITY Current liabilities", True),
        ("Adjustments to reconcile net income to net cash provided by operating activities", True),
        ("Kurzfristige Verbindlichkeiten", True),
        ("AWS", False),
        ("Revenue by product category: Domestic", False),
        ("Changes in operating assets and liabilities", False),
    ],
)
def test_parts_of_any_statement_tell_no_subject_apart(sections: str, is_of_any: bool) -> None:
    assert says_no_subject(sections) is is_of_any


def test_a_change_is_said_and_asked_for() -> None:
    assert says_change("Changes in operating assets and liabilities")
    assert says_change("Increase (decrease) in working capital")
    assert not says_change("Exchange rates")
    assert asks_for_change("By how much did inventories increase?")
    assert asks_for_change("How far has the debt fallen?")
    assert not asks_for_change("How much unearned revenue was there at the end of 2016?")


@pytest.mark.parametrize(
    ("label", "question", "said"),
    [
        (
            "Purchases of property and equipment",
            "What was the capital expenditure in 2022?",
            {"capital expenditure"},
        ),
        ("Additions to land, buildings, and equipment", "capex 2019", {"capital expenditure"}),
        ("Capital expenditures", "What was the capital expenditure in 2022?", set()),
        ("Purchases of treasury stock", "How much was spent on share buybacks?", {"repurchase"}),
        ("Purchases of property and equipment", "How much was spent on property and equipment?", set()),
    ],
)
def test_what_labels_say_in_other_words_than_the_question(label: str, question: str, said: set[str]) -> None:
    assert in_other_words(label, question) == said


def test_a_statement_is_named_by_what_stands_above_its_table() -> None:
    assert names_statement("PEAR INC.\nCONSOLIDATED BALANCE SHEETS\n(in millions)")
    assert names_statement("Consolidated Statements of Cash Flows")
    assert names_statement("Bilanz zum 31. Dezember 2023")
    assert not names_statement("Trade payables that are held for sale were as follows:")
    assert not names_statement(
        "These are included in other liabilities of the balance sheets as they were shown in the report of the year before, in note 7 of it."
    )
