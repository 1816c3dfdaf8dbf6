"""Reads a question and a sentence together, token by token, and says whether the sentence answers it.

A small transformer over the token vectors that quotes are compared by anyway: each token of the one text is laid beside
what the other has nearest to it (compare and aggregate, Wang & Jiang 2017; ESIM, Chen et al. 2017), two layers read
both together (Vaswani et al. 2017), and the log odds of "this answers that" are read off. Sentences that share the
question's words and answer another question are what it was trained to tell apart: `tests/benchmarks/train_reader.py` makes
`resources/embedding/answer-reader.npz`, from the questions of SQuAD 1.1 (Rajpurkar et al. 2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from chatbot_app.core.paths import resources_dir
from chatbot_app.core.softmax import softmax
from chatbot_app.knowledge.embedder import TokenVectors, Vectors

HEADS = 4
SHARPNESS = 12.0  # of what is laid beside a token: the softmax of the cosines times this
LONGEST_QUESTION, LONGEST_SENTENCE = 32, 96  # tokens that are read
NEAR = 0.6  # cosine from which two tokens count as the same word

Weights = Mapping[str, npt.NDArray[np.float32]]


def log_odds(question: TokenVectors, sentences: Sequence[TokenVectors]) -> Vectors:
    """Return the logarithm of the odds that each sentence answers the question, float32, shape (len(sentences),).

    The vectors are the built-in model's; where a model tells none of tokens, nothing is known: 0.
    """
    odds = np.zeros(len(sentences), np.float32)
    asked = question.tokens[:LONGEST_QUESTION]
    read = [row for row, one in enumerate(sentences) if len(one.tokens) and len(asked)]
    if read:
        odds[read] = _read(_weights(), asked, [sentences[row].tokens[:LONGEST_SENTENCE] for row in read])
    return odds


def load() -> None:
    """Read the parameters, so that the first question does not wait for them."""
    _weights()


@cache
def _weights() -> Weights:
    with np.load(resources_dir() / "embedding" / "answer-reader.npz") as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def _read(weights: Weights, asked: Vectors, sentences: Sequence[Vectors]) -> Vectors:
    """Return the log odds that each of `sentences`, shape (tokens, 384), answers `asked`, shape (len(sentences),).

    The tokens of all pairs stand below each other, so that each product is one; only what a pair makes of itself is a loop.
    """
    pairs = [_Pair(asked, said) for said in sentences]
    ends = np.cumsum([pair.length for pair in pairs])
    spans = [slice(end - pair.length, end) for end, pair in zip(ends.tolist(), pairs, strict=True)]
    state = _normed(_compared(weights, pairs), weights["in.scale"], weights["in.shift"])
    layer = 0
    while f"{layer}.read" in weights:
        state = _layer(weights, layer, state, spans)
        layer += 1
    state = _normed(state, weights["out.scale"], weights["out.shift"])
    last = 1 + len(asked)
    pooled = np.array(
        [
            np.concatenate([one[0], one[1:last].mean(axis=0), one[last:].mean(axis=0)])
            for one in (state[span] for span in spans)
        ]
    )
    odds: Vectors = pooled @ weights["answers"] + weights["answers.shift"]
    return odds


class _Pair:
    """A question and a sentence below each other, after a row that stands for both; all of shape (length, …)."""

    def __init__(self, asked: Vectors, said: Vectors) -> None:
        self.length = 1 + len(asked) + len(said)
        cosines = asked @ said.T
        first = np.zeros((1, asked.shape[1]), np.float32)
        self.tokens = np.concatenate([first, asked, said])
        self.beside = np.concatenate([first, _beside(cosines, said), _beside(cosines.T, asked)])
        self.signs = np.concatenate(
            [np.zeros((1, 4), np.float32), _signs(asked, said, cosines), _signs(said, asked, cosines.T)]
        )
        self.segments = np.repeat([2, 0, 1], [1, len(asked), len(said)])


def _beside(cosines: Vectors, other: Vectors) -> Vectors:
    """Return what the other text has nearest to each token, shape (tokens, 384); `cosines` has shape (tokens, others)."""
    found: Vectors = softmax(SHARPNESS * cosines) @ other
    return found


def _signs(tokens: Vectors, other: Vectors, cosines: Vectors) -> Vectors:
    """Return how near the nearest token of the other text is, and the whole of it, shape (tokens, 4)."""
    nearest = np.maximum(cosines.max(axis=1), 0)
    whole = tokens @ other.mean(axis=0)
    return np.stack([nearest, nearest**2, whole, nearest > NEAR], axis=1).astype(np.float32)


def _compared(weights: Weights, pairs: Sequence[_Pair]) -> Vectors:
    """Return each token with what the other text has nearest to it, shape (tokens of all pairs, width)."""
    tokens, beside, signs, segments = (
        np.concatenate([getattr(pair, part) for pair in pairs])
        for part in ("tokens", "beside", "signs", "segments")
    )
    scale = np.sqrt(np.float32(tokens.shape[1]))
    compared: Vectors = (
        scale / 4 * (tokens @ weights["token"] + beside @ weights["beside"])
        + scale * ((tokens * beside) @ weights["product"])
        + signs @ weights["signs"]
        + weights["in.bias"]
    )
    compared[segments == 2] = weights["cls"]
    compared += weights["segments"][segments]
    return compared


def _layer(weights: Weights, layer: int, state: Vectors, spans: Sequence[slice]) -> Vectors:
    """Return what a layer makes of `state`, shape (tokens, width): attention over a pair's tokens, then each by itself."""
    seen = _normed(state, weights[f"{layer}.seen.scale"], weights[f"{layer}.seen.shift"])
    parts = (seen @ weights[f"{layer}.read"] + weights[f"{layer}.read.bias"]).reshape(
        len(state), 3, HEADS, -1
    )
    heard: Vectors = np.concatenate([_heard(parts[span]) for span in spans])
    told: Vectors = state + heard @ weights[f"{layer}.write"] + weights[f"{layer}.write.bias"]
    seen = _normed(told, weights[f"{layer}.alone.scale"], weights[f"{layer}.alone.shift"])
    inner = np.maximum(seen @ weights[f"{layer}.up"] + weights[f"{layer}.up.bias"], 0)
    after: Vectors = told + inner @ weights[f"{layer}.down"] + weights[f"{layer}.down.bias"]
    return after


def _heard(parts: Vectors) -> Vectors:
    """Return what each token of a pair takes from the others, shape (tokens, width); `parts` (tokens, 3, heads, …)."""
    asks, offers, holds = parts.transpose(1, 2, 0, 3)
    shares = softmax(asks @ offers.transpose(0, 2, 1) / np.sqrt(np.float32(asks.shape[-1])))
    heard: Vectors = (shares @ holds).transpose(1, 0, 2).reshape(len(parts), -1)
    return heard


def _normed(state: Vectors, scale: Vectors, shift: Vectors) -> Vectors:
    middle = state - state.mean(axis=-1, keepdims=True)
    spread = np.sqrt((middle**2).mean(axis=-1, keepdims=True) + 1e-5)
    normed: Vectors = middle / spread * scale + shift
    return normed
