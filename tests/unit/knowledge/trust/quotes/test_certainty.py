"""Quotes that are not refused and may not answer all the same."""

from __future__ import annotations

import pytest

from chatbot_app.knowledge.trust.quotes.certainty import fewness, is_certain
from chatbot_app.knowledge.trust.quotes.quote_weights import MEASURED_PASSAGES

FEW, MANY = MEASURED_PASSAGES
THRESHOLD = 0.44


@pytest.mark.parametrize(
    ("confidence", "passages", "certain"),
    [
        (0.45, FEW, True),  # in a small library doubt would tell nothing
        (0.45, 3, True),
        (0.45, MANY, False),
        (0.45, 1_000_000, False),
        (0.60, MANY, False),
        (0.70, MANY, True),
        (0.45, 450, False),
        (0.60, 450, True),
        (1.0, MANY, True),
        (0.0, FEW, False),
    ],
)
def test_doubt_begins_above_the_threshold_and_grows_with_the_library(
    confidence: float, passages: int, certain: bool
) -> None:
    assert is_certain(confidence, THRESHOLD, passages) is certain


def test_fewness_lies_between_the_libraries_that_were_measured() -> None:
    assert [fewness(size) for size in (0, 1, FEW, MANY, 10 * MANY)] == [1.0, 1.0, 1.0, 0.0, 0.0]
    assert 1 > fewness(FEW + 1) > fewness(MANY - 1) > 0
