"""Two lists of scores made one, and the shortlist that is read sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from chatbot_app.core.documents import Passage

RERANKED = 30  # read sentence by sentence


def merged(scores: Mapping[int, float], others: Sequence[tuple[int, float]]) -> dict[int, float]:
    """Return what is in either list, best first."""
    return dict(sorted({**scores, **dict(others)}.items(), key=lambda item: -item[1]))


def best_by_words(by_words: Mapping[int, float]) -> list[int]:
    """Return what the words alone put on the shortlist."""
    return list(islice(by_words, RERANKED // 2))


def best_of_each(
    by_words: Mapping[int, float], by_vectors: Mapping[int, float], fused: Mapping[int, float]
) -> list[int]:
    """Return the shortlist: the best by both, and the top of each list alone."""
    best = sorted(fused, key=fused.__getitem__, reverse=True)[:RERANKED]
    return list(dict.fromkeys([*best, *best_by_words(by_words), *list(by_vectors)[: RERANKED // 4]]))


def familiarity_of(passages: Sequence[Passage]) -> float:
    """Return how well the embedding model knows what was found, 0 to 1; 0 for nothing."""
    return sum(passage.familiarity for passage in passages) / len(passages) if passages else 0.0


def min_max(scores: Mapping[int, float]) -> dict[int, float]:
    """Return scores mapped to 0–1: the best is 1, the last of the list 0."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high <= low:
        return dict.fromkeys(scores, 1.0)
    return {i: (score - low) / (high - low) for i, score in scores.items()}


def fuse(
    words: Mapping[int, float],
    vectors: Mapping[int, float],
    share: float,
    among: Iterable[int] | None = None,
) -> dict[int, float]:
    """Return (1 − share) · words + share · vectors for everything in either list, or for some of it."""
    rest = 1 - share
    if among is not None:
        return {i: rest * words.get(i, 0.0) + share * vectors.get(i, 0.0) for i in among}
    fused = {i: rest * score for i, score in words.items()}
    for i, score in vectors.items():
        fused[i] = fused.get(i, 0.0) + share * score
    return fused
