"""A row, or a sentence, with an amount that is said to be what is asked for: by other words, below a section."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.fields.content import without_kinds
from chatbot_app.knowledge.fields.figure_places import FigureAsked
from chatbot_app.knowledge.fields.terms import terms_of

CONTEXT = "Pear 2023 › Results\nStatements of operations (in millions)\n|  | 2023 | 2022 |"
SALES = "|  | 2023 | 2022 |\n|---|---|---|\n| Total net sales | $81,797 | $82,959 |"
COSTS = "| Total cost of sales | 45,384 | 47,074 |\n| Gross margin | 36,413 | 35,885 |"
AWS = "| AWS |  |  |\n|   Net sales | $22,140 | $19,739 |\n|   Operating expenses | 16,775 | 14,024 |"
CASH = "| Net cash provided by (used in) operating activities | 16,476 | (8,938) |\n| Cash, end of period | 50,067 | 37,700 |"
PROSE = "The Company repurchased 408 million shares of its common stock for $65.0 billion in the period."
EMPTY = "The Company may repurchase shares of its common stock in the period."


def asked(question: str, *, weight: float = 1.0) -> FigureAsked:
    words = question.casefold().replace("?", "").replace("&", " ").split()
    return FigureAsked(question, dict.fromkeys(words, weight))


def shares(question: str, *texts: str) -> list[float]:
    return [asked(question).share(text, CONTEXT) for text in texts]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("revenue", 0),
        ("net sales", 0),
        ("umsatz", 0),
        ("cogs", 1),
        ("cost of goods sold", 1),
        ("gross profit", 1),
        ("aws segment revenue", 2),
        ("opex", 2),
        ("scale of buybacks", 3),
        ("cash flows", 4),
        ("operating cash flow", 4),
    ],
)
def test_the_row_or_sentence_is_found_by_other_words(question: str, best: int) -> None:
    found = shares(question, SALES, COSTS, AWS, PROSE, CASH)
    assert found.index(max(found)) == best, found
    assert found[best] > 0


def test_a_section_above_the_passage_counts_with_its_rows() -> None:
    rows = "|   Net sales | $22,140 | $19,739 |"
    below = f"{CONTEXT}\n| AWS |"
    question = asked("aws revenue")
    assert question.share(rows, below) > question.share(rows, CONTEXT)


def test_what_has_no_amount_says_none() -> None:
    assert shares("repurchase of shares", EMPTY, "| Repurchases |  |  |", "") == [0.0, 0.0, 0.0]
    assert not FigureAsked("", {})
    assert FigureAsked("", {}).share(SALES, CONTEXT) == 0.0


def test_a_total_of_anything_is_not_what_a_total_is_asked_of() -> None:
    first, second = shares(
        "total dividends", "| Total assets | 1,234 | 1,300 |", "| Dividends | 3,811 | 3,760 |"
    )
    assert second > first


def test_phrases_are_one_term_the_longest_first() -> None:
    names = [term for term, _parts in terms_of("Cost of sales, net sales and R&D per share")]
    assert names[:3] == ["cost of sales", "revenue", "research and development"]


def test_a_kind_of_document_is_no_part_number() -> None:
    assert "10-Q" not in without_kinds("What does Pear's latest 10-Q say about part AX-200-7?")
    assert "AX-200-7" in without_kinds("What does Pear's latest 10-Q say about part AX-200-7?")
