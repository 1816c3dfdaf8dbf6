"""The weights of the quotes' features, fitted on one half of each kind of text by `tests/benchmarks/fit_quotes.py`.

By words alone (`WORDS`: where no embedding model knows the text), with a server's vectors of sentences, with the built-in
model's of sentences and their tokens; and the first and the last with the cosines of passages among the signals, where the
search compared the vectors of both built-in models. `threshold` is where refusing is worth most on those halves; every figure
in the changelog is of the other ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chatbot_app.knowledge.trust.quote_features import Features

MEASURED_PASSAGES = (50, 4_000)  # sizes of the libraries that the signals were fitted on


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
        1.2881, 2.2201, 2.0532, 2.3532, 0.6154, 0.0000, 0.0000, 2.1451, 1.3747, 1.1332, -0.1357, 0.8132,
        -0.8132, 0.2790, -0.2790, -0.0426, 0.0426, 0.4635, -0.4635, 0.4592, -0.2529, -0.1001, 0.9638,
        -0.9638, 1.0922, 1.5948, 0.4958, -0.3561, -0.2816, -0.3648, 1.0422, 0.0000, 0.0000, 0.0000, 0.0000,
        0.0000,
    ],
    [
        0.0402, 0.8405, 1.7896, 4.4316, 0.0000, 0.0000, 0.0000, 0.0000, 1.9883, -0.5887, -0.4886, -0.5523,
        -0.9048, -3.1070, 0.2677, 0.0000, 0.4007, 0.0000, 0.0000, 0.0000, 0.0000, 1.7572, -1.1719, -0.4646,
    ],
    0.344,
)
VECTORS = _weights(
    [
        0.3418, 2.5726, 1.3960, 1.4731, 0.8988, 2.6759, 1.4108, 0.5864, 1.3527, 0.2697, -0.2225, 1.3708,
        -1.3708, 0.0982, -0.0982, -0.3410, 0.3410, 0.2616, -0.2616, 0.6087, -0.2108, -0.1187, 0.8148,
        -0.8148, 1.4206, 1.4108, 0.9216, -0.4878, -0.1675, -0.2813, 1.0282, 0.0000, 0.0000, 0.0000, 2.8088,
        0.0000,
    ],
    [
        -0.4193, 1.0618, 1.0368, 3.0442, 1.3596, 0.0000, 0.0000, 3.7917, 2.2455, -0.6018, -3.9848, 0.0827,
        -0.7689, 0.1978, -0.0746, 0.0000, 0.9560, 4.2887, 0.0000, 0.0000, 0.0000, -1.8108, -1.3273, -3.3053,
    ],
    0.377,
)
TOKENS = _weights(
    [
        -0.2067, 2.3307, 1.3816, 1.2803, 0.9410, 0.9021, 1.5510, 0.4501, 1.2435, 0.2639, -0.1948, 1.2942,
        -1.2942, 0.0465, -0.0465, -0.3504, 0.3504, 0.2777, -0.2777, 0.7117, -0.1824, -0.1258, 0.8222,
        -0.8222, 1.4273, 1.4287, 0.6284, -0.3366, -0.1070, -0.6254, 0.7946, 2.3715, 1.5003, 0.8492, 1.9755,
        0.0000,
    ],
    [
        -1.7789, 0.3425, 0.7850, 3.0447, 0.1267, 1.8822, 1.5235, 2.9740, 1.5026, -0.3631, -3.8100, 0.0513,
        -0.5768, 0.0954, -0.0010, 0.0000, 0.7425, 2.3239, 1.5614, 4.3274, -0.5709, -2.0031, -1.3753,
        -4.7702,
    ],
    0.354,
)
PASSAGES_AND_WORDS = _weights(
    [
        1.2881, 2.2201, 2.0532, 2.3532, 0.6154, 0.0000, 0.0000, 2.1451, 1.3747, 1.1332, -0.1357, 0.8132,
        -0.8132, 0.2790, -0.2790, -0.0426, 0.0426, 0.4635, -0.4635, 0.4592, -0.2529, -0.1001, 0.9638,
        -0.9638, 1.0922, 1.5948, 0.4958, -0.3561, -0.2816, -0.3648, 1.0422, 0.0000, 0.0000, 0.0000, 0.0000,
        0.0000,
    ],
    [
        1.4073, 1.4001, 1.6541, 1.6601, 0.0000, 0.0000, 0.0000, 0.0000, 4.1806, -0.4499, -0.4070, -1.0648,
        -1.0633, -3.7512, -1.0648, 22.9568, 0.7044, 0.0000, 0.0000, 0.0000, 0.0000, 4.0110, 0.0000,
        -10.2516,
    ],
    0.342,
)
PASSAGES_AND_TOKENS = _weights(
    [
        -0.2067, 2.3307, 1.3816, 1.2803, 0.9410, 0.9021, 1.5510, 0.4501, 1.2435, 0.2639, -0.1948, 1.2942,
        -1.2942, 0.0465, -0.0465, -0.3504, 0.3504, 0.2777, -0.2777, 0.7117, -0.1824, -0.1258, 0.8222,
        -0.8222, 1.4273, 1.4287, 0.6284, -0.3366, -0.1070, -0.6254, 0.7946, 2.3715, 1.5003, 0.8492, 1.9755,
        0.0000,
    ],
    [
        0.7726, -0.0573, 0.7760, 2.2955, -0.8060, 1.7228, -0.6032, 0.6787, 1.4270, -0.6144, -2.9616,
        -0.0753, -0.6879, 0.9851, -0.7079, 9.0694, 0.0758, 1.4880, 0.1280, 4.7744, 0.3363, -2.0064, -2.2595,
        -2.3554,
    ],
    0.377,  # where refusing is worth most lies .371; up to here two more silent questions of half 1 are refused, and none that is answered
)
# fmt: on
