"""The two linear models that quotes are ranked and refused by, fitted with numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.trust.quotes.quote_features import Features

SHRINKING = 0.002  # of the ranking's weights
SHRINKING_OF_SIGNALS = 10.0
STEPS, STEP = 1500, 0.05  # of Adam (Kingma & Ba 2015)
COST = 2.0  # of refusing what is answered, against not refusing what is not

Numbers = npt.NDArray[np.float64]
_Row = TypeVar("_Row")


def ranking_weights(lists: Sequence[tuple[Features, npt.NDArray[np.bool_]]]) -> Numbers:
    """Return the weights that make the right ones of each list most probable: a list is (features, which are right)."""
    lists = [(table, right) for table, right in lists if right.any()]
    table = np.concatenate([features for features, _ in lists]).astype(np.float64)
    gold = np.concatenate([right for _, right in lists])
    sizes = [len(right) for _, right in lists]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    of_row = np.repeat(np.arange(len(lists)), sizes)
    weights, mean, square = (np.zeros(table.shape[1]) for _ in range(3))
    for step in range(1, STEPS + 1):
        scores = table @ weights
        grown = np.exp(scores - np.maximum.reduceat(scores, starts)[of_row])
        probable = grown / np.add.reduceat(grown, starts)[of_row]
        right = np.where(gold, probable, 0.0)
        gradient = table.T @ (probable - right / np.add.reduceat(right, starts)[of_row]) / len(lists)
        gradient += SHRINKING * weights
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        weights -= STEP * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def signal_weights(answered: Numbers, silent: Numbers) -> Numbers:
    """Return the weights, and last the bias, of the logistic regression that tells the two apart (Newton's method)."""
    table = np.concatenate([answered, silent])
    truth = np.concatenate([np.ones(len(answered)), np.zeros(len(silent))])
    mean, spread = table.mean(0), table.std(0) + 1e-6
    scaled = np.column_stack([(table - mean) / spread, np.ones(len(table))])
    shrinking = np.append(np.full(table.shape[1], SHRINKING_OF_SIGNALS), 1e-6)
    weights = np.zeros(scaled.shape[1])
    for _ in range(60):
        probable = 1 / (1 + np.exp(-scaled @ weights))
        gradient = scaled.T @ (probable - truth) + shrinking * weights
        curvature = (scaled * (probable * (1 - probable))[:, None]).T @ scaled + np.diag(shrinking)
        weights -= np.linalg.solve(curvature, gradient)
    return np.append(weights[:-1] / spread, weights[-1] - (weights[:-1] * mean / spread).sum())


def as_often(rows: Sequence[_Row], count: int) -> list[_Row]:
    """Return rows repeated so that a kind with few questions counts as much as one with `count`."""
    return [row for row in rows for _ in range(max(1, round(count / len(rows))))]


def threshold_of(answered: Sequence[Numbers], silent: Sequence[Numbers]) -> float:
    """Return where refusing is worth most, to refuse what is answered costing `COST` times as much as the other mistake.

    Given are the probabilities of each kind; each kind counts as much as another.
    """
    tried = np.unique(np.concatenate([*answered, *silent]))

    def worth(limit: float) -> float:
        good = np.mean([np.mean(known < limit) for known in silent])
        bad = np.mean([np.mean(known < limit) for known in answered])
        return float(good - COST * bad)

    return float(max(tried, key=worth))
