"""A statement is found by the row that says the amount, however little else it has of the question."""

from __future__ import annotations

from chatbot_app.knowledge.search.retriever import Retriever
from tests.unit.knowledge.test_field_search import keep

STATEMENT = """
# Statements of cash flows (in millions)

|  | 2022 | 2021 |
|---|---:|---:|
| Net income | 4,756 | 4,822 |
| Depreciation | 856 | 788 |
| Purchases of short-term investments | (909) | (1,533) |
| Purchases of property and equipment | (442) | (348) |
| Dividends | (35) | (77) |
"""
PLANS = "\n\n".join(
    f"# Plans of mill {n}\n\nThe capital expenditure of mill {n} is planned by those who run it. Of its capital and of any other"
    f" expenditure the board is told in its own time, and the capital of mill {n} is not spent before that."
    for n in range(60)
)
FRONT = "FORM 10-K\n\nFor the fiscal year ended December 31, {year}\n\n{company}\n\n(Exact name of registrant as specified in its charter)\n\n"


def found_first(library, embedder, question: str) -> str:
    keep(library, embedder, "Pear 2022", FRONT.format(year=2022, company="Pear Inc.") + PLANS + STATEMENT)
    keep(library, embedder, "Nile 2022", FRONT.format(year=2022, company="Nile, Inc.") + PLANS)
    found = Retriever(library.passages, embedder, library.fields).search(question)
    assert found.evidence[0].title == "Pear 2022"
    return "\n".join(item.passage.text for item in found.evidence)


def test_a_row_that_says_it_in_other_words_is_found(library, embedder) -> None:
    assert "| Purchases of property and equipment |" in found_first(
        library, embedder, "What was Pear's capital expenditure in 2022?"
    )


def test_a_year_without_a_report_is_found_in_the_columns_of_the_next(library, embedder) -> None:
    assert "| Purchases of property and equipment |" in found_first(
        library, embedder, "What was Pear's capital expenditure in 2021?"
    )
