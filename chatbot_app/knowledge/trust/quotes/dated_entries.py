"""Entries by date: of lines and rows that begin with a day, those of the time that a question names are meant.

"How much did she weigh in January 2024?" has no word in common with "11.01.2024   16.2 kg", and the entries around it are as near.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import Features
from chatbot_app.knowledge.values.dates import Date, dates_of

AT_THE_DATE = 4.0  # as much as a sentence at a time of day that is asked for has more
_LEAD = 40  # characters of an entry in which its day ends
_BEFORE = 24  # characters before it, of a row those of the head of its column
_LONGEST_QUESTION = 2000  # characters that are looked at
# "since March" means entries of other months as well.
_OPEN = re.compile(
    r"(?:since|until|till|before|after|by|from|seit|bis|ab|nach|vor|depuis|jusqu\w*|avant|après|dès|desde|hasta|antes|después|до|после|с|со|к)"
    r"\s+(?:(?:the|dem|der|den|zum|en|au|le|el|de|del)\s+){0,2}$",
    re.IGNORECASE,
)
_LONGEST_OPENING = 24  # characters


def at_dates_asked(question: str, sentences: Sequence[Sentence], evidence: Sequence[Evidence]) -> Features:
    """Return what the scores of sentences gain that are entries of a time which the question names, shape (sentences,).

    `evidence` are the passages that they are from. Nothing where the entries of their passage are all of that time, which
    chooses none of them then, and for others where documents are of it.
    """
    gained = np.zeros(len(sentences), np.float32)
    asked = _times_asked(question)
    if not asked:
        return gained
    fits = {number for number, item in enumerate(evidence) if item.match is FieldMatch.FITS}
    entries: defaultdict[int, dict[int, bool]] = defaultdict(dict)  # of each passage, whether each is meant
    for number, sentence in enumerate(sentences):
        if fits and sentence.source not in fits:
            continue
        days = _entry_of(sentence.text)
        if days:
            entries[sentence.source][number] = any(one.said_by(day) for one in asked for day in days)
    for held in entries.values():
        if not all(held.values()):
            gained[[number for number, is_meant in held.items() if is_meant]] = AT_THE_DATE
    return gained


def are_of_other_times(question: str, quoted: Sequence[Sentence], item: Evidence) -> bool:
    """Whether sentences are entries of other days than a question names, in a passage that says nothing of those.

    `item` is the passage that they are from. "What did the meter show in June?" is not answered by its reading of May.
    """
    asked = _times_asked(question)
    if not asked or not any(_entry_of(one.text) for one in quoted):
        return False
    day = item.fields.last_day
    said = [] if day is None else [Date(day.year, day.month, day.day)]
    around = "\n".join((item.title, item.passage.context, item.passage.text))
    said += [one for _start, _end, meanings in dates_of(around, with_months=True) for one in meanings]
    return not any(one.said_by(day) for one in asked for day in said)


def _times_asked(question: str) -> list[Date]:
    """Return what the days and months that a question names may mean, but for those that something begins or ends at."""
    asked = question[:_LONGEST_QUESTION]
    return [
        meaning
        for start, _end, meanings in dates_of(asked, with_months=True)
        if not _OPEN.search(asked[max(0, start - _LONGEST_OPENING) : start])
        for meaning in meanings
        if meaning.month is not None
    ]


def _entry_of(text: str) -> tuple[Date, ...]:
    """Return the meanings of the day that an entry begins with, none where it begins with something else."""
    first = min(dates_of(text[:_LEAD]), key=lambda found: found[0], default=None)
    if first is None or first[0] > _BEFORE or first[2][0].day is None:
        return ()
    before = text[: first[0]].strip(" *_-–|([")
    is_head = before.endswith(":") and " " not in before
    return first[2] if not before or is_head else ()
