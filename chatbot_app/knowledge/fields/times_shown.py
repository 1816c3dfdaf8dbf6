"""The times that a question narrowed its search to, as a person reads them above an answer: "Q3 2022", "2024-02 – 2024-05"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chatbot_app.knowledge.fields.asking import Asked
from chatbot_app.knowledge.fields.document_order import by_day
from chatbot_app.knowledge.fields.documents_of_periods import in_period
from chatbot_app.knowledge.fields.known_documents import KnownDocument
from chatbot_app.knowledge.fields.open_times import Stretch
from chatbot_app.knowledge.fields.own_dates import iso_text
from chatbot_app.knowledge.fields.periods import PeriodMention

_MOST = 4


def times_shown(asked: Asked, documents: Sequence[KnownDocument]) -> tuple[str, ...]:
    """Return the times that a question names, those alone of which there are documents among the chosen ones.

    What it names by the documents' own dates ("the latest", "since 2022", "the third quarter") is shown as these have it.
    """
    is_relative = (
        asked.newest or asked.oldest or asked.previous or asked.last_year or asked.counted is not None
    )
    has_open = not all(one.is_of_days for one in asked.stretches) or any(
        one.year is None for one in asked.periods
    )
    if is_relative or has_open:
        ordered = sorted(documents, key=by_day, reverse=True)
        return tuple(dict.fromkeys(d.fields.period_shown or d.fields.date for d in ordered))[:_MOST]
    held = [one for one in asked.periods if any(in_period(one, documents))]
    named = [
        *map(_period, held or asked.periods),
        *map(iso_text, asked.dates),
        *map(_stretch, asked.stretches),
    ]
    return tuple(dict.fromkeys(named))[:_MOST]


def _period(mention: PeriodMention) -> str:
    return mention.period.shown if mention.period is not None else mention.part


def _stretch(stretch: Stretch) -> str:
    first, last = stretch.first, stretch.last
    if first is not None and last is not None and first.day == 1 and (last + timedelta(days=1)).day == 1:
        return f"{first:%Y-%m} – {last:%Y-%m}"  # whole months, as they were named
    return f"{first} – {last}"
