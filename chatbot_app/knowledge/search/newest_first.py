"""Passages of reports that resemble each other, the newest before older ones that say the same as well."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.search.reranking import ScoredPassage

COMPARED = 40  # passages, the best
ALIKE = 0.5  # of the words of two passages, figures and months left out, for them to be the same part of two reports
AS_GOOD = 0.4  # how much less good the newer may be: what has a sentence of its own for the question is better by more

_WORD = re.compile(r"[^\W\d_]{3,}")
_MONTHS = frozenset(
    "january february march april may june july august september october november december three six nine twelve".split()
)


def newest_first(scored: Sequence[ScoredPassage], newness: Mapping[str, float]) -> list[ScoredPassage]:
    """Return passages, best first: of those that say the same in several reports of a series, the newest has the best score.

    `newness` is that of `KnownLibrary`, empty where the question speaks of a time; the series of two documents are the same
    where their fields of company and kind are.
    """
    if not newness:
        return list(scored)
    waiting = [item for item in scored[:COMPARED] if item.placed.passage.document_id in newness]
    words = {item.placed.passage.id: _words(item.placed.passage.text) for item in waiting}
    given: dict[int, float] = {}
    while waiting:
        first, *others = waiting
        alike = {first.placed.passage.document_id: first}  # the best of each report
        for other in others:
            document = other.placed.passage.document_id
            is_near = first.scores.fused - other.scores.fused <= AS_GOOD
            if is_near and document not in alike and _series(other) == _series(first):
                mine, theirs = words[first.placed.passage.id], words[other.placed.passage.id]
                if len(mine & theirs) >= ALIKE * len(mine | theirs):
                    alike[document] = other
        taken = list(alike.values())
        best = sorted((item.scores.fused for item in taken), reverse=True)
        by_age = sorted(taken, key=lambda item: -newness[item.placed.passage.document_id])
        given.update((item.placed.passage.id, score) for item, score in zip(by_age, best, strict=True))
        waiting = [item for item in waiting if item not in taken]
    ranked = [_with(item, given.get(item.placed.passage.id, item.scores.fused)) for item in scored]
    return sorted(ranked, key=lambda item: (-item.scores.fused, item.placed.passage.id))


def coming_again(found: Sequence[Evidence], newness: Mapping[str, float]) -> frozenset[str]:
    """Return which documents of what was found come again for each period; none where the question speaks of a time."""
    return frozenset(item.passage.document_id for item in found) & newness.keys()


def _with(item: ScoredPassage, fused: float) -> ScoredPassage:
    gain = fused - item.scores.fused
    return (
        replace(item, scores=replace(item.scores, fused=fused, fields=item.scores.fields + gain))
        if gain
        else item
    )


def _series(item: ScoredPassage) -> tuple[str, str]:
    return item.placed.fields.company, item.placed.fields.kind


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold())) - _MONTHS
