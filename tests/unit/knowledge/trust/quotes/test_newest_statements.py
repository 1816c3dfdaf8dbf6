"""What reports of one series say in turn is quoted newest first; what only one of them says stays where it is."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.core.documents import Evidence, Passage, StageScores
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.newest_statements import OLDER_LOSES, newest_statements_first

ENDS = {"Q1": "2023-03-31", "Q2": "2023-06-30", "Q3": "2023-09-30"}


def evidence(company: str, quarter: str, kind: str = "10-Q") -> Evidence:
    fields = DocumentFields(company, kind, f"2023-{quarter}", ENDS[quarter])
    passage = Passage(1, f"{company} {quarter}", 0, 0, 10, "", 1, (), "")
    return Evidence(passage, f"{company} {quarter}", "", StageScores(1.0, 1.0, 1.0, 1.0), fields)


def moved(scores: list[float], sentences: list[Sentence], found: list[Evidence]) -> list[float]:
    return newest_statements_first(np.array(scores, np.float32), sentences, found).tolist()


def row(source: int, label: str, amount: int = 100, month: str = "June") -> Sentence:
    return Sentence(
        source, 0, 9, f"{label}, Three Months Ended {month} 30, 2023: ${amount},000 million", True
    )


PEAR = [evidence("Pear Inc.", quarter) for quarter in ("Q1", "Q3", "Q2")]


def test_the_newest_row_of_a_label_has_the_best_score() -> None:
    rows = [row(0, "Total net sales", 1), row(1, "Total net sales", 3), row(2, "Total net sales", 2)]
    assert moved([9.0, 7.0, 8.0], rows, PEAR) == [7.0, 9.0, 8.0]


def test_a_label_that_was_changed_a_little_is_the_same() -> None:
    rows = [
        row(0, "Operating expenses: Technology and content"),
        row(1, "Operating expenses: Technology and infrastructure"),
    ]
    assert moved([9.0, 7.0], rows, PEAR) == [7.0, 9.0]


def test_sentences_are_the_same_by_their_words_without_figures_and_times() -> None:
    text = "Net sales of phones increased {} % during the {} quarter of 2023 due to a new model."
    sentences = [Sentence(0, 0, 9, text.format(4, "first")), Sentence(1, 0, 9, text.format(7, "third"))]
    assert moved([9.0, 8.5], sentences, PEAR) == [8.5 - OLDER_LOSES, 9.0]


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (row(1, "Cost of sales"), PEAR),  # another row
        (row(1, "Total net sales"), [PEAR[0], evidence("Nile, Inc.", "Q3")]),  # another company
        (row(1, "Total net sales"), [PEAR[0], evidence("Pear Inc.", "Q3", "10-K")]),  # another kind
        (Sentence(1, 0, 9, "Total net sales"), PEAR),  # no row
    ],
)
def test_what_is_not_the_same_stays(second: Sentence, found: list[Evidence]) -> None:
    assert moved([9.0, 7.0], [row(0, "Total net sales"), second], found) == [9.0, 7.0]


def test_what_is_far_worse_stays_and_so_does_what_has_no_date() -> None:
    rows = [row(0, "Total net sales"), row(1, "Total net sales")]
    assert moved([9.0, 2.0], rows, PEAR) == [9.0, 2.0]
    undated = Evidence(PEAR[1].passage, "", "", StageScores(1.0, 1.0, 1.0, 1.0))
    assert moved([9.0, 7.0], rows, [PEAR[0], undated]) == [9.0, 7.0]


def test_two_rows_of_one_report_keep_their_order() -> None:
    rows = [row(0, "Total net sales"), row(0, "Total net sales"), row(1, "Total net sales")]
    assert moved([9.0, 8.0, 7.0], rows, PEAR) == [7.0, 8.0, 9.0]


@pytest.mark.parametrize(("kind", "company", "is_series"), [("letter", "", False), ("letter", "Pear", True)])
def test_letters_of_nobody_are_no_series(kind: str, company: str, is_series: bool) -> None:
    def dated(day: str) -> Evidence:
        return Evidence(
            PEAR[0].passage,
            "",
            "",
            StageScores(1.0, 1.0, 1.0, 1.0),
            DocumentFields(company, kind, "", day),
        )

    rents = [Sentence(n, 0, 9, f"The rent of the flat is ${amount}.") for n, amount in ((0, 950), (1, 1200))]
    scores = moved([9.0, 8.0], rents, [dated("2021-03-01"), dated("2023-05-15")])
    assert scores == ([8.0 - OLDER_LOSES, 9.0] if is_series else [9.0, 8.0])
