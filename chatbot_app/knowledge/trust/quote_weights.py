"""The weights of the quotes' features, fitted on one half of retrieval/wikipedia by `tests/benchmarks/fit_quotes.py`.

One set for a library that the embedding model does not know (words alone), one for a server's vectors, one for
the built-in model, whose tokens can be compared. `threshold` is where 3.5 % of the answerable questions of that
half are refused; every figure in the changelog is of the other half.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chatbot_app.knowledge.trust.quote_features import Features

FULL_VECTOR_WEIGHT = 0.55  # that a search gives vectors of a language which the model knows


@dataclass(frozen=True, slots=True)
class Weights:
    """`features` has shape (FEATURES,), `signals` those of `quotes.signals_of` and a bias."""

    features: Features
    signals: Features
    threshold: float


def _weights(features: list[float], signals: list[float], threshold: float) -> Weights:
    return Weights(np.array(features, np.float32), np.array(signals, np.float32), threshold)


# fmt: off
WORDS = _weights(
    [
        1.5305, 2.2565, 1.6751, 2.1272, 0.8582, 0.0000, 0.0000, 3.3991, 1.7491, -0.9876, -0.2479, 1.2786,
        -1.2786, -0.1285, 0.1285, -0.2645, 0.2645, 0.2773, -0.2773, 0.4024, 0.1803, 0.1595, 1.1660, -1.1660,
        0.7862, 1.0462, 0.1835, 0.8757, -0.5165, -0.2503, 1.4938, 0.0000, 0.0000, 0.0000, 0.0000,
    ],
    [
        0.1713, 1.5704, 1.4048, 3.7590, 0.0000, 0.0000, 0.0000, 0.0000, 2.4031, 0.3417, -0.9136, -0.2707,
        -0.5043, -0.3847, -0.2625, 1.4928, 0.0000, 0.0000, 0.0000, 0.0000, -0.5981, -5.1214,
    ],
    0.239,
)
VECTORS = _weights(
    [
        0.2908, 2.5194, 1.2187, 1.9596, 1.5227, 3.1482, 1.0076, 2.1410, 1.2062, -1.5402, -0.2993, 1.0899,
        -1.0899, -0.0215, 0.0215, -0.2099, 0.2099, 0.2034, -0.2034, 0.4459, 0.0310, 0.2575, 0.9554, -0.9554,
        0.7753, 0.7999, 0.5899, 0.9445, -0.6960, -0.3252, 1.3250, 0.0000, 0.0000, 0.0000, 2.8782,
    ],
    [
        -0.0116, 0.9554, 1.3693, 2.8158, 2.7054, 0.0000, 0.0000, 4.3088, 0.6951, 0.3131, -0.7617, -0.5027,
        0.1424, -0.6467, -0.0893, 0.7081, 5.1210, 0.0000, 0.0000, 0.0000, -0.4243, -10.0408,
    ],
    0.250,
)
TOKENS = _weights(
    [
        -0.7971, 1.9772, 1.2492, 1.6601, 1.6192, 1.1732, 1.2079, 1.9712, 1.1424, -1.5166, -0.3443, 1.0968,
        -1.0968, 0.0201, -0.0201, -0.2141, 0.2141, 0.2355, -0.2355, 0.5213, -0.0206, 0.2781, 0.9203,
        -0.9203, 0.7391, 0.8405, 0.4035, 1.1351, -0.7132, -0.6010, 1.0884, 3.0244, 2.7182, 0.5722, 2.0118,
    ],
    [
        -0.8449, 0.5462, 1.2218, 2.5882, 1.1174, 2.2398, 1.4660, 3.5208, 0.1916, 0.1706, -0.7010, -0.6336,
        0.1920, -0.6074, -0.1685, 0.2037, 3.1909, 3.8768, 2.1379, 0.1721, -0.4577, -12.3231,
    ],
    0.282,
)
# fmt: on
