"""The times that a question names in so many words: days, periods, ranges, and times that are open to one side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chatbot_app.knowledge.fields.open_times import Stretch, open_day, open_periods
from chatbot_app.knowledge.fields.periods import PeriodMention, periods_of, with_ranges, with_years
from chatbot_app.knowledge.fields.time_ranges import DayRange, listed_dates, ranges_of
from chatbot_app.knowledge.values.dates import Date, dates_of


@dataclass(frozen=True, slots=True)
class NamedTimes:
    """Each once: periods without their places, days and months, times that are open to one side or join two days, and ranges
    that lack a year."""

    periods: tuple[PeriodMention, ...]
    dates: tuple[Date, ...]
    stretches: tuple[Stretch, ...]
    ranges: tuple[DayRange, ...]


def named_times(question: str) -> NamedTimes:
    """Return the times that a question names: a year that belongs to a day, or a day that belongs to a range, is none of its own."""
    ranges = ranges_of(question)
    closed = [one for one in ranges if one.stretch is not None]
    without_ranges = _struck(question, (span for one in closed for span in one.spans))
    written_days = [
        (start, end, meanings)
        for start, end, meanings in sorted(dates_of(without_ranges), key=lambda item: item[0])
        if meanings[0].year is not None and meanings[0].month is not None
    ]
    dates = [when for _start, _end, when in listed_dates(without_ranges)]
    stretches = [one.stretch for one in closed if one.stretch is not None]
    for start, end, meanings in written_days:
        stretch = open_day(without_ranges, start, end, meanings[0])
        if stretch is not None:
            stretches.append(stretch)
        else:
            dates += meanings
    without_days = _struck(without_ranges, ((start, end) for start, end, _meanings in written_days))
    written = with_years(periods_of(without_days, lone_years=True))
    open_ones = open_periods(without_days, written)
    mentions = [one for one in with_ranges(without_days, written) if one not in open_ones]
    return NamedTimes(
        tuple(dict.fromkeys(map(_plain, mentions))),
        tuple(dict.fromkeys(dates)),
        tuple(dict.fromkeys((*stretches, *open_ones.values()))),
        tuple(one for one in ranges if one.last.year is None),
    )


def _struck(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text with marks that join nothing in place of spans; everything else stays where it is."""
    for start, end in spans:
        text = text[:start] + "·" * (end - start) + text[end:]
    return text


def _plain(mention: PeriodMention) -> PeriodMention:
    """Return a mention without its place, so that the same period is one."""
    return PeriodMention(0, 0, mention.year, mention.part, mention.is_split, mention.is_fiscal)
