"""Reports as they come: without a date, with a wrong one in the name, under one title, without heads, in two languages."""

from __future__ import annotations

import pytest

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.knowledge.fields.reading import read_fields
from chatbot_app.knowledge.search.retriever import Retriever
from tests.unit.knowledge.test_field_search import REPORT, keep

UNDATED = """FORM 10-Q

Pear Inc.

(Exact name of registrant as specified in its charter)

# Results

Total net sales were $7,777 million. A strike at the plant in Tampere closed it for a week.
"""
HEADLESS = """# Figures

| Total net sales | 4,321 | 4,111 |
| Cost of sales | 2,001 | 1,999 |
| Gross margin | 2,320 | 2,112 |
"""
MIXED = """FORM 10-Q

For the quarterly period ended June 30, 2023

Pear Inc.

(Exact name of registrant as specified in its charter)

# Results

Total net sales were $6,060 million.

# Zusammenfassung

Der Umsatz der Gesellschaft betrug 6.060 Millionen Dollar. Die Zahl der Mitarbeiter in Kiel stieg auf 412.
"""


def report(end: str, sales: str) -> str:
    return REPORT.format(company="Pear Inc.", end=end, sales=sales)


def first_of(library, embedder, question: str) -> tuple[str, str]:
    """Return title and text of what is found first."""
    found = Retriever(library.passages, embedder, library.fields).search(question)
    best = sorted([*found.evidence, *found.below_floor], key=lambda item: -item.scores.fused)[0]
    return best.title, best.passage.text


def test_a_report_without_a_date_is_no_other_report_and_is_found_all_the_same(library, embedder) -> None:
    keep(library, embedder, "dated", report("June 30, 2023", "1,111"))
    keep(library, embedder, "undated", UNDATED)
    title, text = first_of(library, embedder, "What were Pear's total net sales in Q2 2023?")
    assert (title, "1,111" in text) == ("dated", True)
    found = Retriever(library.passages, embedder, library.fields).search(
        "Which plant of Pear was closed by a strike in Q2 2023?"
    )
    assert any("Tampere" in item.passage.text for item in found.evidence)
    title, _text = first_of(library, embedder, "total net sales in Pear's latest 10-Q")
    assert title == "dated"


@pytest.mark.parametrize("name", ["Pear 2021 Q1", "2019-05-05 Pear"])
def test_the_title_page_counts_and_not_a_wrong_date_in_the_name(library, embedder, name: str) -> None:
    keep(library, embedder, name, report("June 30, 2023", "1,111"))
    keep(library, embedder, "Pear other", report("March 31, 2023", "2,222"))
    assert read_fields(f"/x/{name}.md", name, report("June 30, 2023", "1,111")).period == "2023-Q2"
    title, text = first_of(library, embedder, "What were Pear's total net sales in Q2 2023?")
    assert (title, "1,111" in text) == (name, True)


def test_two_reports_under_one_title_are_told_apart_by_what_differs(library, embedder) -> None:
    for end, sales in (("June 30, 2023", "1,111"), ("September 30, 2023", "3,333")):
        keep(library, embedder, "Quarterly report", report(end, sales), f"/{sales}")
    keep(library, embedder, "Quarterly report", UNDATED, "/undated")
    retriever = Retriever(library.passages, embedder, library.fields)
    for question, sales in (("Q2 2023", "1,111"), ("Q3 2023", "3,333")):
        best = retriever.search(f"What were Pear's total net sales in {question}?").evidence[0]
        assert sales in best.passage.text
        assert best.match is FieldMatch.FITS
        assert best.fields.period_shown == question
    found = retriever.search("How have Pear's total net sales changed over these quarters?")
    texts = " ".join(item.passage.text for item in found.evidence)
    assert "1,111" in texts
    assert "3,333" in texts


def test_the_row_of_a_table_without_heads_is_found(library, embedder) -> None:
    keep(library, embedder, "Pear Q2", report("June 30, 2023", "1,111") + HEADLESS)
    keep(library, embedder, "Pear Q3", report("September 30, 2023", "3,333"))
    _title, text = first_of(library, embedder, "What was Pear's gross margin in Q2 2023?")
    assert "2,320" in text


def test_two_languages_in_one_document_are_both_searched(library, embedder) -> None:
    keep(library, embedder, "mixed", MIXED)
    keep(library, embedder, "other", report("September 30, 2023", "3,333"))
    assert "6,060" in first_of(library, embedder, "What were Pear's total net sales in Q2 2023?")[1]
    assert (
        "412"
        in first_of(library, embedder, "Wie viele Mitarbeiter hatte Pear im 2. Quartal 2023 in Kiel?")[1]
    )


def test_a_library_of_one_report_is_searched_as_it_was(library, embedder) -> None:
    keep(library, embedder, "only", report("June 30, 2023", "1,111"))
    question = "What were Pear's total net sales in Q2 2023?"
    with_fields = Retriever(library.passages, embedder, library.fields).search(question)
    without = Retriever(library.passages, embedder).search(question)
    assert [item.passage.id for item in with_fields.evidence] == [
        item.passage.id for item in without.evidence
    ]
