"""What reports of one series say in turn, the newest first: "Total net sales" of July before that of April."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from datetime import date

import numpy as np

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.fields.known_documents import comes_again, series_of
from chatbot_app.knowledge.fields.terms import PERIOD_STEMS
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import Features
from chatbot_app.knowledge.words.words import stems

COMPARED = 40  # sentences, the best by their scores
SAME = 0.6  # of the words of two statements, for them to say the same of two times
OLDER_LOSES = (
    3.0  # of the scores: a row of an older report has figures of its own, its sentence mostly has nothing new
)
WITHIN = 4.0  # of the scores: what is worse by more is said elsewhere better

_MONTHS = stems(
    "january february march april may june july august september october november december one two three six nine twelve"
)
_LABEL_END = re.compile(r", (?=[^,]*\d)")


def newest_statements_first(
    scores: Features, sentences: Sequence[Sentence], evidence: Sequence[Evidence]
) -> Features:
    """Return the scores of sentences, shape (sentences,), those of statements that say the same of several times exchanged among them: the
    newest has the best. Rows are the same by their labels, sentences by their words without figures and times; what
    a sentence said in an older report comes after what others say.
    """
    series = [_series(item) for item in evidence]
    best = scores.max(initial=0.0)
    order = [
        int(i)
        for i in np.argsort(-scores, kind="stable")[:COMPARED]
        if series[sentences[i].source] is not None and scores[i] >= best - WITHIN
    ]
    words = {i: _words(sentences[i]) for i in order}
    moved = scores.copy()
    waiting = order
    while waiting:
        first, *others = waiting
        mine = series[sentences[first].source]
        assert mine is not None
        days = {mine[1]: first}  # the best of each report
        taken = {first}
        for other in others:
            theirs = series[sentences[other].source]
            if theirs is None or theirs[0] != mine[0] or not _same(words[first], words[other]):
                continue
            if sentences[first].is_row is sentences[other].is_row and theirs[1] not in days:
                days[theirs[1]] = other
                taken.add(other)
        given = sorted((scores[i] for i in days.values()), reverse=True)
        for place, (day, score) in enumerate(zip(sorted(days, reverse=True), given, strict=True)):
            is_old = place > 0 and not sentences[first].is_row
            moved[days[day]] = score - OLDER_LOSES * is_old
        waiting = [i for i in waiting if i not in taken]
    return moved


def _series(item: Evidence) -> tuple[object, date] | None:
    """Return what a document has in common with those before and after it, and its day; None of what is of no series."""
    day = item.fields.last_day
    if day is None or not comes_again(item.fields):
        return None
    return series_of(item.fields), day


def _words(sentence: Sentence) -> frozenset[str]:
    text = _LABEL_END.split(sentence.text, maxsplit=1)[0] if sentence.is_row else sentence.text
    kept = (stem for stem in stems(text) if not any(c.isdigit() for c in stem))
    return frozenset(kept) - PERIOD_STEMS - _MONTHS


def _same(mine: Set[str], theirs: Set[str]) -> bool:
    return len(mine & theirs) >= SAME * len(mine | theirs) > 0
