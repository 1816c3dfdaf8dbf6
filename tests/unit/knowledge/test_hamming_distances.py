"""The bits in which rows differ are counted right, by SimSIMD and without it."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from chatbot_app.knowledge.search.hamming_distances import counted_by_numpy, hamming_distances


@pytest.mark.parametrize(
    "words", [1, 2, 6, 7, 12, 16, 64]
)  # of 7 numbers, of MiniLM, of both halves, of large models
@pytest.mark.parametrize("count", [0, 1, 5, 1000])
def test_they_are_as_many_as_there_are_ones_in_the_difference(words: int, count: int) -> None:
    random = np.random.default_rng(words)
    queries, rows = (random.integers(0, 2**64, (size, words), np.uint64) for size in (3, count))
    rows[: count // 2] = queries[0]
    rows[: count // 4] ^= np.uint64(2**64 - 1)
    expected = [
        [sum((int(a) ^ int(b)).bit_count() for a, b in zip(query, row, strict=True)) for row in rows]
        for query in queries
    ]
    assert hamming_distances(queries, rows).tolist() == expected
    assert counted_by_numpy(queries, rows).tolist() == expected


def test_rows_may_lie_apart() -> None:
    planes = np.random.default_rng(3).integers(0, 2**64, (200, 5, 12), np.uint64)
    queries = planes[:7, 4]
    for rows in (planes[:, 2], planes[::3, 0]):
        assert hamming_distances(queries, rows).tolist() == counted_by_numpy(queries, rows.copy()).tolist()


def test_counting_takes_no_reference_to_none() -> None:
    """SimSIMD loses one in calls that we do not make: enough of them end the program."""
    rows = np.random.default_rng(3).integers(0, 2**64, (4, 2), np.uint64)
    before = sys.getrefcount(None)
    for _ in range(2000):
        hamming_distances(rows, rows)
    assert abs(sys.getrefcount(None) - before) < 200
