"""A question that names a row asks for its figures."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.tables.named_rows import named_share
from chatbot_app.knowledge.words.words import stems

ROWS = "| Net sales: |  |\n|   Products | 60,584 |\n|   Total net sales | 81,797 |\n| Remarks on it | none |"


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("apple total net sales", 3 / 4),
        ("products", 1.0),
        ("total sales", 0.0),  # no row has just this label
        ("remarks", 0.0),  # it has no figures
        ("net sales", 0.0),  # it opens a section
        ("", 0.0),
    ],
)
def test_the_longest_label_that_is_named_whole_counts(question: str, share: float) -> None:
    assert named_share(ROWS, stems(question)) == pytest.approx(share)


def test_prose_names_no_row() -> None:
    assert named_share("Total net sales grew.", stems("total net sales")) == 0.0
