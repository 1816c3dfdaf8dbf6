"""Past exchanges that share rare words with a question, and one order out of two rankings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import log

WORDS_FLOOR = 0.35  # share of the question's weight that an exchange has to hold

RARE_SHARE = 0.1  # of the exchanges: a word in more of them says nothing about which one is meant
RARE_COUNT = 2  # in a short conversation this many may hold a rare word

RRF_K = 60  # Cormack, Clarke & Büttcher 2009


def rank_by_words(
    question: Collection[str], exchanges: Mapping[str, Collection[str]], *, floor: float = WORDS_FLOOR
) -> list[str]:
    """Return the ids of the exchanges that share words with the question, best first.

    `question` and the values of `exchanges` are stems without stop words. A shared word weighs the more the
    fewer exchanges hold it; at least one shared word has to be rare. Of equals the later one comes first.
    """
    wanted = set(question)
    count = len(exchanges)
    held = Counter(stem for stems in exchanges.values() for stem in wanted.intersection(stems))
    weights = {stem: log(1 + count / (held[stem] + 0.5)) for stem in wanted if held[stem]}
    total = sum(weights.values())
    rare = {stem for stem in weights if held[stem] <= max(RARE_COUNT, RARE_SHARE * count)}
    scored = []
    for place, (name, stems) in enumerate(exchanges.items()):
        shared = weights.keys() & set(stems)
        score = sum(weights[stem] for stem in shared)
        if shared & rare and score >= floor * total:
            scored.append((score, place, name))
    return [name for _, _, name in sorted(scored, reverse=True)]


def fuse(*rankings: Sequence[str]) -> list[str]:
    """Return the ids of several rankings in one order, by reciprocal rank."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, name in enumerate(ranking, 1):
            scores[name] = scores.get(name, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda name: -scores[name])
