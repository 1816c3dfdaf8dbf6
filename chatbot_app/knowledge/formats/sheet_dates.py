"""Days of a workbook as its cells show them: "31.03.2023", "March 31, 2023", "Mrz 2023"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from chatbot_app.knowledge.words.lexicon import MONTH_NAMES

# Day 0 of the two systems of Excel; before day 61 the first counts a 29 February 1900 that never was.
EPOCH_1900, EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_FIRST_DAY = 61
_LOCALE = re.compile(r"\[\$[^\]-]*-([0-9A-Fa-f]{1,8})\]")
_BRACKETS = re.compile(r"\[[^\]]*\]")
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|(y+|m+|d+)|([hs]|am/pm|e|g|[0#?%])|(.)', re.IGNORECASE | re.DOTALL
)
# "03/04/2023" is a day of March or of April; such days stay as they are kept, which nobody mistakes.
_STROKES = re.compile(r"(?<!\d)\d{1,2}\s*[/-]\s*\d{1,2}(?!\d)")
_ENGLISH = 0x09
_NAMES = {
    _ENGLISH: MONTH_NAMES["en"],
    0x07: MONTH_NAMES["de"],
    0x0A: MONTH_NAMES["es"],
    0x0C: MONTH_NAMES["fr"],
}
# by the language of a locale (MS-LCID)
_LANGUAGE = 0x3FF


def shows_day(code: str, epoch: dt.date) -> Callable[[float], str] | None:
    """Return what writes days of a format of cells; None where it shows none, or not all that is kept of it.

    The year is written in full, whatever the format. What is written raises ValueError for what is no whole day.
    """
    first = code.split(";", 1)[0]
    locale = _LOCALE.search(first)
    language = int(locale[1], 16) & _LANGUAGE if locale is not None else 0
    parts = [found.groups() for found in _TOKEN.finditer(_BRACKETS.sub("", first))]
    fields = [field.casefold() for _quoted, _escaped, field, _other, _sign in parts if field]
    kinds = {field[0] for field in fields}
    if any(other for _quoted, _escaped, _field, other, _sign in parts) or not {"y", "m"} <= kinds:
        return None
    if any(field[0] == "m" and len(field) > 2 for field in fields):
        # Without a locale the names are those of whoever looks at it; "d. mmmm" is no English.
        if not locale and "." not in first:
            language = _ENGLISH
        if language not in _NAMES:
            return None
    names = _NAMES.get(language, _NAMES[_ENGLISH])

    def written(value: float) -> str:
        if value != int(value) or value < _FIRST_DAY:
            raise ValueError(value)
        day = epoch + dt.timedelta(days=int(value))
        shown = "".join(
            _field(field.casefold(), day, names) if field else quoted or escaped or sign or ""
            for quoted, escaped, field, _other, sign in parts
        )
        shown = " ".join(shown.split()).strip(" ,")
        if is_of_two_orders(shown):
            raise ValueError(shown)
        return shown

    return written


def is_of_two_orders(shown: str) -> bool:
    """Whether a day is written so that its first number may be the day or the month."""
    return _STROKES.search(shown) is not None


def _field(field: str, day: dt.date, names: tuple[list[str], list[str]]) -> str:
    if field[0] == "y":
        return f"{day.year:04d}"
    number = day.month if field[0] == "m" else day.day
    if len(field) <= 2:
        return f"{number:0{len(field)}d}"
    # Of a day of the week nothing is lost: the date says it.
    return names[len(field) == 3][number - 1] if field[0] == "m" else ""
