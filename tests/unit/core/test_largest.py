from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chatbot_app.core.largest import at_least_nth


@pytest.mark.parametrize("kind", [np.int16, np.float64])
@pytest.mark.parametrize("order", ["as they come", "ascending", "a high one where the sample looks"])
def test_the_best_are_those_of_a_whole_sort_however_they_lie(order: str, kind: type[np.number[Any]]) -> None:
    scores = np.random.default_rng(3).integers(-200, 200, 5000).astype(kind)  # many are the same
    if order == "ascending":
        scores.sort()
    elif order != "as they come":
        scores[::16] = np.arange(len(scores[::16])) + 1000
    for number in (1, 15, 100, 313, 2000, 4999, 5000):
        expected = np.flatnonzero(scores >= np.sort(scores)[-number])
        assert at_least_nth(scores, number).tolist() == expected.tolist()
