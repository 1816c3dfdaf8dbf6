"""The weights of the quotes' features, fitted on one half of retrieval/wikipedia by `fit_quotes.py`.

One set for a library that the embedding model does not know (words alone), one for a server's vectors, one for
the built-in model, whose tokens can be compared. `threshold` is where 5 % of the answerable questions of that
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
        2.6634, 2.9881, 1.6913, 0.0000, 0.0000, 4.0735, 1.7223, -0.3838, 1.2927, -1.2927, 0.8195, -0.8195,
        0.0631, -0.0631, 0.1965, -0.1965, 0.4446, 0.1670, 0.1425, 0.3005, 1.0434, -0.6713, -0.3200, 1.3538,
        0.0000, 0.0000, 0.0000,
    ],
    [
        0.9114, 2.5521, 3.3077, 0.0000, 0.0000, 0.0000, 0.0000, 1.4970, 0.4004, -1.1974, -0.6477, -0.5332,
        -0.8651, 1.8633, 0.0000, 0.0000, 0.0000, -0.1453, -4.8039,
    ],
    0.269,
)
VECTORS = _weights(
    [
        1.4752, 3.1436, 1.4260, 2.7202, 0.8621, 3.1058, 1.3367, -0.4036, 1.1755, -1.1755, 0.7138, -0.7138,
        0.0543, -0.0543, 0.1616, -0.1616, 0.4380, 0.0616, 0.2384, 0.5348, 1.2628, -0.7880, -0.3264, 1.3103,
        0.0000, 0.0000, 1.7601,
    ],
    [
        0.4141, 1.5161, 2.7314, 2.3958, 0.0000, 0.0000, 4.0770, 0.7455, 0.3306, -1.4420, -1.0717, 0.0599,
        -1.1200, 1.0006, 5.7917, 0.0000, 0.0000, -0.2671, -9.7650,
    ],
    0.326,
)
TOKENS = _weights(
    [
        0.3750, 2.6105, 1.5219, 0.9595, 0.9742, 2.9114, 1.3070, -0.4089, 1.1824, -1.1824, 0.7091, -0.7091,
        0.0467, -0.0467, 0.2162, -0.2162, 0.5068, 0.0111, 0.2332, 0.3798, 1.4579, -0.7940, -0.3350, 1.0900,
        2.6929, 2.3495, 0.9467,
    ],
    [
        -0.5996, 0.9217, 2.4524, 0.8891, 1.6875, 1.3232, 3.4028, 0.3998, 0.3186, -1.2030, -0.7175, 0.0219,
        -1.2641, 0.5119, 4.0100, 3.8724, 2.3263, -0.3808, -11.8263,
    ],
    0.346,
)
# fmt: on
