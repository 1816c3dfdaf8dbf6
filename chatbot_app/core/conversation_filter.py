"""What a person types to find conversations: words, and filters such as `folder:` and `before:` among them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_FILTER = re.compile(r'(?<!\S)(-?)([a-z]+):("[^"]*"|\S+)', re.IGNORECASE)
_NUMBER_OF_DAYS = re.compile(r"(\d{1,4})([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")

NO_FOLDER = "none"  # folder:none, those in no folder


class Field(StrEnum):
    """The names of filters."""

    FOLDER = "folder"
    TAG = "tag"
    MODEL = "model"
    BEFORE = "before"
    AFTER = "after"
    HAS = "has"
    IS = "is"


HAS_VALUES = ("sources", "code", "branches")
IS_VALUES = ("pinned", "archived")


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter. The value of a date is its first day in ISO 8601, that of the others as it was typed."""

    field: Field
    value: str
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Conversations that meet all conditions; among several folders, or models, any will do. `words` are the rest."""

    words: str
    conditions: tuple[Condition, ...] = ()


def parse_filter(text: str, today: date) -> ConversationFilter:
    """Take the filters out of what was typed. What is no filter that can be read stays among the words.

    Dates are 2026, 2026-11, 2026-11-05, today, yesterday, or a time ago such as 7d, 2w, 3m, 1y.
    """
    conditions: list[Condition] = []

    def take(found: re.Match[str]) -> str:
        condition = _condition(found, today)
        if condition is None:
            return found[0]
        conditions.append(condition)
        return " "

    words = _FILTER.sub(take, text)
    return ConversationFilter(" ".join(words.split()) if conditions else text, tuple(conditions))


def filter_being_typed(text: str, cursor: int) -> tuple[int, str, str | None]:
    """Return where the word at the cursor begins, its field or the beginning of one, and the beginning of its value.

    The value is None while the name of the field is typed.
    """
    start = cursor
    quoted = text.count('"', 0, cursor) % 2 == 1
    if quoted:
        start = text.rindex('"', 0, cursor)
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    word = text[start:cursor].removeprefix("-").casefold()
    name, colon, value = word.partition(":")
    return start, name, value.removeprefix('"') if colon else None


def written(field: Field, value: str) -> str:
    """Return a filter as it is typed."""
    quoted = f'"{value.replace(chr(34), "")}"' if re.search(r'[\s"]', value) or not value else value
    return f"{field}:{quoted}"


def _condition(found: re.Match[str], today: date) -> Condition | None:
    name, value = found[2].casefold(), found[3].strip('"').strip()
    if name not in {field.value for field in Field} or not value:
        return None
    field, is_negated = Field(name), bool(found[1])
    read: Callable[[str], str | None] = {
        Field.BEFORE: lambda text: _first_day(text, today),
        Field.AFTER: lambda text: _first_day(text, today),
        Field.HAS: lambda text: text.casefold() if text.casefold() in HAS_VALUES else None,
        Field.IS: lambda text: text.casefold() if text.casefold() in IS_VALUES else None,
    }.get(field, lambda text: text)
    known = read(value)
    return None if known is None else Condition(field, known, is_negated)


def _first_day(text: str, today: date) -> str | None:
    text = text.casefold()
    if text in ("today", "yesterday"):
        return (today - timedelta(days=text == "yesterday")).isoformat()
    try:
        if ago := _NUMBER_OF_DAYS.fullmatch(text):
            return (today - timedelta(days=int(ago[1]) * _DAYS[ago[2]])).isoformat()
        if found := _DATE.fullmatch(text):
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)).isoformat()
    except (ValueError, OverflowError):
        pass
    return None
