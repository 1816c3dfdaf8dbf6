"""How the next token is drawn: penalties, filters, temperature, and the draw, in the order of llama.cpp.

    log-probabilities → penalties → top k → top p → min p → temperature → softmax → one draw

Every function here takes and returns arrays with one entry a token, in the order in which they came; nothing asks a
model. The order matters: filters see the probabilities at temperature 1, as llama.cpp's default chain has it
(`penalties, …, top_k, top_p, min_p, …, temperature`).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from chatbot_app.core.softmax import softmax

Floats = NDArray[np.float64]

LAST_TOKENS = 64  # that penalties look back at: llama.cpp's default of `repeat_last_n`


@dataclass(frozen=True, slots=True)
class Sampling:
    """What reshapes a distribution; as constructed it changes nothing.

    `temperature` divides the scores; at 0 only the likeliest token is left (greedy decoding). `top_k` keeps so many
    tokens, 0 all. `top_p` keeps the smallest set of tokens that together reach this probability ("nucleus", Holtzman et
    al. 2020, "The Curious Case of Neural Text Degeneration"). `min_p` leaves out what is less likely than this share of
    the likeliest (Nguyen et al. 2024, "Turning Up the Heat: Min-p Sampling"). Penalties are for the tokens among
    the last `last_tokens` ones: `repeat_penalty` divides a positive score and multiplies a negative one (Keskar et al.
    2019, "CTRL"), `presence_penalty` is subtracted once, `frequency_penalty` as often as the token stands there.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repeat_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    last_tokens: int = LAST_TOKENS

    @property
    def penalises(self) -> bool:
        """Whether any token is lowered for standing in the text already."""
        return (self.repeat_penalty, self.presence_penalty, self.frequency_penalty) != (1.0, 0.0, 0.0)


class Cut(IntEnum):
    """What left a token out."""

    KEPT = 0
    TOP_K = 1
    TOP_P = 2
    MIN_P = 3
    GREEDY = 4  # temperature 0 leaves the likeliest token alone


@dataclass(frozen=True, slots=True, eq=False)
class Reshaped:
    """A distribution after sampling's settings; both arrays have shape (tokens,).

    `probabilities` are 0 where `cut` names a filter, and sum to 1. `is_exact` is False where tokens that were not given
    would have had a share: at temperature 1 it is missing from the sum, at any other nobody knows it.
    """

    probabilities: Floats
    cut: NDArray[np.int8]
    is_exact: bool = True

    @property
    def entropy(self) -> float:
        """In nats (see `entropy`)."""
        return entropy(self.probabilities)

    def count(self, cut: Cut) -> int:
        """Return how many tokens a filter left out."""
        return int(np.count_nonzero(self.cut == cut))


def reshape(
    logprobs: Floats,
    sampling: Sampling,
    counts: NDArray[np.int64] | None = None,
    *,
    rest: float = 0.0,
    offset: float = 0.0,
) -> Reshaped:
    """Return what the settings make of a distribution.

    `logprobs` are natural logarithms of probabilities, shape (tokens,), in any order; `counts` says how often each token
    stands among the last ones. `rest` is the probability of all tokens that are not given, where a server sends only
    the likeliest. `offset` is what has to be added to the log-probabilities to make them the model's own scores
    (logits): only `repeat_penalty`, which is no difference, depends on it.
    """
    scores = penalised(logprobs, counts, sampling, offset)
    cut = np.zeros(len(scores), np.int8)
    if not len(scores):
        return Reshaped(np.zeros(0), cut, is_exact=False)
    order = np.argsort(-scores, kind="stable")
    weights = np.exp(scores - scores[order[0]])  # of the likeliest: 1
    unseen = rest * float(np.exp(-scores[order[0]]))  # the same unit

    if sampling.top_k > 0:
        cut[order[sampling.top_k :]] = Cut.TOP_K
        if sampling.top_k <= len(scores):
            unseen = 0.0  # k tokens are known, so the others are none of them
    if sampling.top_p < 1:
        order = order[cut[order] == Cut.KEPT]
        reached = np.cumsum(weights[order]) / (weights[order].sum() + unseen)
        # The token that reaches p is still one of them. Rounding must not make it one more.
        kept = int(np.searchsorted(reached, sampling.top_p - 1e-12)) + 1
        cut[order[kept:]] = Cut.TOP_P
        unseen = 0.0 if kept <= len(order) else unseen
    if sampling.min_p > 0:
        cut[(cut == Cut.KEPT) & (weights < min(sampling.min_p, 1.0))] = Cut.MIN_P
        # What was not sent is less likely than the least likely that was.
        unseen = 0.0 if weights.min() < sampling.min_p else unseen
    if sampling.temperature <= 0:
        others = cut == Cut.KEPT
        others[order[0]] = False
        cut[others] = Cut.GREEDY
        unseen = 0.0
    below = np.where(cut == Cut.KEPT, scores - scores[order[0]], -np.inf)
    temperature = sampling.temperature if sampling.temperature > 0 else 1.0
    with np.errstate(over="ignore"):  # next to 0 it leaves the likeliest, as 0 does
        probabilities = softmax(below / temperature) if np.isfinite(below.max()) else np.zeros(len(scores))
    if temperature == 1:
        given = float(weights[cut == Cut.KEPT].sum())
        probabilities *= given / (given + unseen)
    return Reshaped(probabilities, cut, is_exact=unseen <= 1e-6)


def penalised(
    logprobs: Floats, counts: NDArray[np.int64] | None, sampling: Sampling, offset: float = 0.0
) -> Floats:
    """Return the scores after penalties, as differences to the same zero as `logprobs`; shape (tokens,)."""
    scores = np.asarray(logprobs, np.float64)
    if counts is None or not sampling.penalises:
        return scores
    logits = scores + offset
    if sampling.repeat_penalty != 1 and sampling.repeat_penalty > 0:
        divided = np.where(logits > 0, logits / sampling.repeat_penalty, logits * sampling.repeat_penalty)
        logits = np.where(counts > 0, divided, logits)
    lowered = sampling.frequency_penalty * counts + sampling.presence_penalty * (counts > 0)
    return logits - lowered - offset


def counts_of(tokens: Sequence[Hashable], past: Sequence[Hashable], last_tokens: int) -> NDArray[np.int64]:
    """Return how often each of `tokens` stands among the last ones of `past`, shape (len(tokens),); a negative number looks at all."""
    window = past if last_tokens < 0 else past[max(0, len(past) - last_tokens) :]
    seen: dict[Hashable, int] = {}
    for token in window:
        seen[token] = seen.get(token, 0) + 1
    if not seen:
        return np.zeros(len(tokens), np.int64)
    return np.fromiter((seen.get(token, 0) for token in tokens), np.int64, len(tokens))


def entropy(probabilities: Floats, rest: float = 0.0) -> float:
    """Return Shannon's entropy in nats: 0 where one token is certain, ln n where n tokens are equally likely.

    `rest` is the probability of all tokens that are not given. It counts as one token: the true entropy is higher.
    """
    known = probabilities[probabilities > 0]
    total = -float(np.sum(known * np.log(known)))
    return max(total - (rest * float(np.log(rest)) if rest > 0 else 0.0), 0.0)


def generator(seed: int, step: int = 0) -> np.random.Generator:
    """Return the random numbers of one step: the same seed and step always draw the same, whatever was undone before."""
    return np.random.default_rng([seed, step])


def draw(probabilities: Floats, random: np.random.Generator) -> int:
    """Return the place of one token, each drawn with its probability. Raises ValueError where there is none."""
    return int(draws(probabilities, random, 1)[0])


def draws(probabilities: Floats, random: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Return the places of `count` tokens, drawn one after the other with replacement; shape (count,).

    Raises ValueError where none has a probability.
    """
    reached = np.cumsum(probabilities)
    if not len(reached) or not reached[-1] > 0:
        raise ValueError("no token has a probability")
    # A uniform number below the sum falls into the step of one token; the steps of probability 0 have no width.
    places = np.searchsorted(reached, random.random(count) * reached[-1], side="right")
    last = int(np.flatnonzero(probabilities)[-1])
    return np.asarray(np.minimum(places, last), np.int64)
