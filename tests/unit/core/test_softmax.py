"""Scores as shares."""

from __future__ import annotations

import numpy as np
import pytest

from chatbot_app.core.softmax import softmax


def test_shares_of_each_row_sum_to_one_and_keep_their_ratios() -> None:
    shares = softmax(np.log(np.array([[1.0, 2.0, 5.0], [3.0, 1.0, 0.0625]])))
    assert shares.sum(axis=-1) == pytest.approx([1, 1])
    assert shares[0] == pytest.approx([0.125, 0.25, 0.625])
    assert shares[1, 0] / shares[1, 1] == pytest.approx(3)


def test_high_and_missing_scores_are_no_trouble() -> None:
    assert softmax(np.array([1e5, 1e5, -np.inf], np.float32)).tolist() == [0.5, 0.5, 0.0]


def test_the_scores_make_room_for_the_shares() -> None:
    scores = np.zeros((2, 4), np.float32)
    assert softmax(scores) is scores
    assert scores.dtype == np.float32
