"""What a person writes into the fields of a document, as it is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatbot_app.core.document_fields import Period, parse_iso_date
from chatbot_app.knowledge.fields.kinds import BY_NAME, kind_in_name
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.values.dates import dates_of

# What is left of a text beside its time belongs to a time as well: a day of a month that is not known, a week.
_OF_A_TIME = re.compile(
    r"\d|half|halb|quart|trimest|semest|kvart|kwart|week|woche|month|monat", re.IGNORECASE
)
_TWO_YEARS = re.compile(r"(?P<year>(?:19|20)\d\d)\s?[-–]\s?(?:(?:19|20)(?=\d\d$))?(?P<later>\d\d)")
_MONTH_OF_YEAR = re.compile(
    r"(?P<month>0?[1-9]|1[0-2])[./-](?P<year>(?:19|20)\d\d)|(?P<later>(?:19|20)\d\d)[./](?P<first>0?[1-9]|1[0-2])"
)
_DAY_IN_DIGITS = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")

LONGEST_FIELD = 200  # characters


class NotAPeriod(ValueError):
    """A text names no year and no part of one, or more than one."""


class NotADate(ValueError):
    """A text names no day, month or year, or one that does not exist."""


def checked_fields(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, ValueError]]:
    """Return (what to store, what is wrong), both by field name; "" says that there is none."""
    checks = {"company": _one_line, "kind": kind_written, "period": period_written, "date": date_written}
    stored: dict[str, str] = {}
    wrong: dict[str, ValueError] = {}
    for name, text in texts.items():
        try:
            stored[name] = checks[name](_one_line(text))
        except ValueError as exc:
            wrong[name] = exc
    return stored, wrong


def kind_written(text: str) -> str:
    """Return a kind in its usual spelling where it is a known one ("10q" → "10-Q"), else as it was written."""
    if text.casefold() in BY_NAME:
        return text.casefold()
    known = kind_in_name(text)
    return known.name if known is not None and len(text.split()) <= len(known.name.split()) + 1 else text


def period_written(text: str) -> str:
    """Return the canonical text of a period ("Q3 2023", "3. Quartal 2023", "2021/22", "2021-22"). Raises NotAPeriod.

    What is more than a year and a part of one is none, so that "July 2023" is not taken for all of 2023.
    """
    if not text or Period.from_text(text) is not None:
        return text
    pair = _TWO_YEARS.fullmatch(text)
    if pair is not None and int(pair["later"]) == (int(pair["year"]) + 1) % 100:
        return Period(int(pair["year"]) + 1, is_split=True).to_text()
    mentions = periods_of(text, lone_years=True)
    period = mentions[0].period if len(mentions) == 1 else None
    rest = text[: mentions[0].start] + text[mentions[0].end :] if mentions else ""
    if (
        period is None
        or _OF_A_TIME.search(rest)
        or any(when.month for *_, ms in dates_of(text) for when in ms)
    ):
        raise NotAPeriod(text)
    return period.to_text()


def date_written(text: str) -> str:
    """Return the ISO date of a day, a month or a year in any of the usual forms. Raises NotADate.

    What is more than that is none, so that of "1 Foo 2023" the year alone is not taken.
    """
    if not text or parse_iso_date(text) is not None:
        return text
    month = _MONTH_OF_YEAR.fullmatch(text)
    day = _DAY_IN_DIGITS.fullmatch(text)
    if month is not None:
        year, number = month["year"] or month["later"], month["month"] or month["first"]
        iso = f"{year}-{int(number):02}"
    elif day is not None:
        iso = "-".join(day.groups())
    else:
        iso = _only_date(text)
    if parse_iso_date(iso) is None:
        raise NotADate(text)
    return iso


def _only_date(text: str) -> str:
    """Return the ISO date of a text that names one alone, "" of any other."""
    found = list(dates_of(text))
    if len(found) != 1:
        return ""
    start, end, (when, *_) = found[0]
    # "Q3 2023" names a year, too, and means another thing.
    of_year = when.month is None and any(mention.part for mention in periods_of(text))
    if when.year is None or when.is_decade or of_year or _OF_A_TIME.search(text[:start] + text[end:]):
        return ""
    return "-".join(
        [f"{when.year:04}", *(f"{part:02}" for part in (when.month, when.day) if part is not None)]
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_FIELD]
