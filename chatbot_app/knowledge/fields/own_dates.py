"""A document's own day: a labelled one of its page, the first that it names, or that in the name of its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from chatbot_app.core.document_fields import Period
from chatbot_app.knowledge.fields.date_labels import Label, label_before_date
from chatbot_app.knowledge.fields.kinds import DocumentKind
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.values.dates import Date, dates_of

_LABELLED_WITHIN = 1000  # characters: a label further down is one of a part of the text
_MONTH = re.compile(
    r"(?<![\d./-])(?P<m>0?[1-9]|1[0-2])[./](?P<y>(?:19|20)\d\d)(?![\d./-])"
)  # "Stand: 09/2023"
_LONGEST_LABEL = 70
_LONGEST_TITLE = 120
_ISO_IN_NAME = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_SHORT_IN_NAME = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-_. ](?P<m>0[1-9]|1[0-2])(?![-_.]?\d)")
_NAME_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def own_date(names: list[str], front: str, kind: DocumentKind | None) -> str:
    """Return the ISO date of a document that has a day of its own: a labelled one, else the first of its page."""
    found: list[tuple[int, int, Date]] = []
    if kind is None or kind.dated:
        for start, line, when in _dates_with_labels(front):
            label = label_before_date(line)
            if label is not Label.OTHER:
                found.append(
                    (0 if label is not Label.NONE else 1 if when.day is not None else 2, start, when)
                )
    found.sort(key=lambda item: item[:2])
    if found and (kind is not None or found[0][0] == 0):
        return iso_text(found[0][2])
    return labelled_date(front) or date_in_name(names)


def labelled_date(front: str) -> str:
    """Return the ISO date by which a title page says that it is dated, whatever it is: "Reporting date:", "Stand:",
    "Visited on". That of a revision comes before the others, the end of the time that it is about behind them.
    """
    found = end = ""
    front = front[:_LABELLED_WITHIN]
    short = ((found.start(), _line_before(front, found.start()), found) for found in _MONTH.finditer(front))
    months = [(start, line, Date(int(one["y"]), int(one["m"]))) for start, line, one in short]
    for _start, line, when in sorted([*_dates_with_labels(front), *months], key=lambda item: item[0]):
        label = label_before_date(line)
        if label is Label.REVISED:
            return iso_text(when)
        if label is Label.OWN and not found:
            found = iso_text(when)
        if label is Label.PERIOD:
            end = iso_text(when)
    return found or end


def titled_date(front: str) -> str:
    """Return the ISO date in the title, the first line of a page: "Trip report: Laugavegur, July 2023"."""
    title = next((line for line in front.split("\n") if line.strip()), "")
    days = [when for _start, _line, when in _dates_with_labels(title) if len(title) <= _LONGEST_TITLE]
    return iso_text(days[-1]) if days else ""


def _dates_with_labels(front: str) -> Iterator[tuple[int, str, Date]]:
    """Yield (start, what stands before it in its line, date) of the days and months that a page names."""
    for start, _end, meanings in sorted(dates_of(front), key=lambda item: item[0]):
        when = meanings[0]
        if when.year is not None and when.month is not None and not when.is_decade:
            yield start, _line_before(front, start), when


def _line_before(front: str, start: int) -> str:
    line = front[:start].rpartition("\n")[2]
    return f"…{line[-_LONGEST_LABEL:]}" if len(line) > _LONGEST_LABEL else line


def date_in_name(names: list[str]) -> str:
    """Return the ISO date in the name of a file, as precise as it is."""
    for name in names:
        dates = [meanings[0] for _start, _end, meanings in dates_of(name) if meanings[0].year is not None]
        for when in dates:
            if when.day is not None:
                return iso_text(when)
        if found := _ISO_IN_NAME.search(name):
            return f"{found['y']}-{found['m']}-{found['d']}"
        if found := _SHORT_IN_NAME.search(name):
            return f"{found['y']}-{found['m']}"
        for when in dates:
            if when.month is not None:
                return iso_text(when)
        if years := _NAME_YEAR.findall(name):
            return str(years[0])
    return ""


def period_in_name(name: str) -> Period | None:
    """Return the period in the name of a file: a quarter or half, else a year that is no part of a date."""
    mentions = periods_of(name, lone_years=True)
    for mention in mentions:
        if mention.part and mention.year is not None:
            return mention.period
    years = [mention for mention in mentions if mention.year is not None]
    parts = [mention for mention in mentions if mention.part]
    if years and parts:  # "Q3 report 2023"
        return Period(years[0].year or 0, parts[0].part)
    if any(when.month is not None for _s, _e, meanings in dates_of(name) for when in meanings[:1]):
        return None
    if _ISO_IN_NAME.search(name) or _SHORT_IN_NAME.search(name):
        return None
    return years[0].period if years else None


def iso_text(when: Date) -> str:
    """Return an ISO date as precise as one that a text names, "" without a year."""
    if when.year is None:
        return ""
    text = f"{when.year:04}"
    if when.month is not None:
        text += f"-{when.month:02}"
        if when.day is not None and day_of(when) is not None:
            text += f"-{when.day:02}"
    return text


def day_of(when: Date) -> date | None:
    """Return a date as a day, the first of a month; None where there is none."""
    try:
        return date(when.year or 0, when.month or 0, when.day or 1)
    except ValueError:
        return None
