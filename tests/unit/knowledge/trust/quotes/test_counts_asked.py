"""Rows of money are no answer where a number of things is asked for."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.quotes.counts_asked import counts_said
from tests.unit.knowledge.trust.quotes.test_shares_asked import found

TABLE = "| Shares repurchased | $19,228 | $(22,910) |\n| Shares issued (in thousands) | 15,842 | 15,784 |"


@pytest.mark.parametrize(
    "question",
    [
        "How many shares did Pear repurchase?",
        "Wie viele Aktien kaufte Pear zurück?",
        "Combien d'actions Pear a-t-elle rachetées ?",
        "¿Cuántas acciones recompró Pear?",
        "梨公司回购了多少股?",
    ],
)
def test_sums_are_no_number_of_things(question: str) -> None:
    _evidence, sentences = found(TABLE, "It repurchased shares for $19 billion.")
    said = counts_said(question, sentences)
    assert said is not None
    assert {one.text[:16]: score for one, score in zip(sentences, said.tolist(), strict=True)} == {
        "Shares repurchas": -1.0,
        "Shares issued (i": 0.0,
        "It repurchased s": 0.0,
    }


@pytest.mark.parametrize(
    "question",
    [
        "How much did Pear repurchase?",
        "How many dollars did Pear spend?",
        "How many million euros went into it?",
        "How many net sales did Pear have?",
        "Wie viele Euro waren das?",
        "Combien de ventes ?",
        "¿Cuántos dólares?",
    ],
)
def test_sums_that_are_asked_for_are(question: str) -> None:
    _evidence, sentences = found(TABLE)
    assert counts_said(question, sentences) is None
