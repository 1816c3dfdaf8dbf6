"""A document's own day: a labelled one of its page, the first that it names, or that in the name of its file."""

from __future__ import annotations

import re
from datetime import date

from chatbot_app.core.document_fields import Period
from chatbot_app.knowledge.fields.kinds import DocumentKind
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.values.dates import Date, dates_of

_NO_DATE_OF_IT = re.compile(
    r"(?:incorporat|organiz|founded|establish|due|expir|matur|valid\s+(?:until|to)|effective\s+until|fällig|zahlbar|born|geboren"
    r"|outstanding|act\s+of|copyright|©|since|seit)[^\n]{0,60}$",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(
    r"(?:^|[\s|*_(])(?:date(?:\s+of\s+(?:meeting|issue|invoice|report))?|dated(?:\s+as\s+of)?|made\s+(?:on|as\s+of)|entered\s+into\s+(?:on|as\s+of)"
    r"|as\s+of|effective(?:\s+date)?|invoice\s+date|issue(?:d|\s+date)(?:\s+on)?|filed(?:\s+on)?|meeting\s+(?:of|held\s+on|date)|held\s+on|sent"
    r"|datum|rechnungsdatum|sitzung\s+(?:vom|am)|vom|den|le|fecha(?:\s+de\s+\w+)?|дата"
    r"|(?:faktura|factuur)datum|data(?:\s+(?:d[iea]l?l?a?\s+\w+|wystawienia|sprzedaży|fattura))?|zawart[aey](?:\s+w)?\s+dni[au]|dnia)"
    # "Date: Wed, 08 May 2024"
    r"(?:\W{1,3}(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|пн|вт|ср|чт|пт|сб|вс)(?:day|sday|nesday|rsday|urday)?\.?,)?\W{0,6}$",
    re.IGNORECASE,
)
_ISO_IN_NAME = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_SHORT_IN_NAME = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-_. ](?P<m>0[1-9]|1[0-2])(?![-_.]?\d)")
_NAME_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def own_date(names: list[str], front: str, kind: DocumentKind | None) -> str:
    """Return the ISO date of a document that has a day of its own: a labelled one, else the first of its page."""
    found: list[tuple[int, int, Date]] = []
    if kind is None or kind.dated:
        for start, _end, meanings in dates_of(front):
            when = meanings[0]
            if when.year is None or when.month is None or when.is_decade:
                continue
            line = front[max(0, start - 70) : start].rpartition("\n")[2]
            labelled = _DATE_LABEL.search(line) is not None
            if _NO_DATE_OF_IT.search(line) and not labelled:
                continue
            found.append((0 if labelled else 1 if when.day is not None else 2, start, when))
    found.sort(key=lambda item: item[:2])
    if found and (kind is not None or found[0][0] == 0):
        return iso_text(found[0][2])
    return date_in_name(names)


def date_in_name(names: list[str]) -> str:
    """Return the ISO date in the name of a file, as precise as it is."""
    for name in names:
        for start, _end, meanings in dates_of(name):
            if meanings[0].year is not None and meanings[0].day is not None and start >= 0:
                return iso_text(meanings[0])
        if found := _ISO_IN_NAME.search(name):
            return f"{found['y']}-{found['m']}-{found['d']}"
        if found := _SHORT_IN_NAME.search(name):
            return f"{found['y']}-{found['m']}"
        for _start, _end, meanings in dates_of(name):
            if meanings[0].year is not None and meanings[0].month is not None:
                return iso_text(meanings[0])
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
