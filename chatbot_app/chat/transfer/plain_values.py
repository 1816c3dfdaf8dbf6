"""Values of a stranger's JSON as what they should be; one of another type counts as absent."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from chatbot_app.chat.transfer.reading_limits import DEEPEST
from chatbot_app.core.text import clean_text
from chatbot_app.storage.lookups import utc_text

# Of conversations and messages that other programs made. Never changes: a second import finds the first by it.
_IDS = UUID("6f1d3f0a-6f0f-4c58-9d0e-1c1f6d0f8a52")
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def as_dict(value: Any) -> dict[str, Any]:
    """Return an object, empty where there is none."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return an array, empty where there is none."""
    return value if isinstance(value, list) else []


def as_str(value: Any, longest: int | None = None) -> str:
    """Return a text that can be stored, "" where there is none; cut behind `longest` characters."""
    return clean_text(value[:longest]) if isinstance(value, str) else ""


def as_number(value: Any) -> float | None:
    """Return a finite number, None where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def as_moment(value: Any) -> str:
    """Return a moment as ISO 8601 in UTC, "" where there is none: from ISO, seconds or milliseconds since 1970."""
    moment: datetime | None = None
    number = as_number(value)
    try:
        if number is not None:
            seconds = number / 1000 if number > 1e11 else number
            seconds = seconds / 1_000_000 if seconds > 1e14 else seconds  # nanoseconds
            moment = datetime.fromtimestamp(seconds, UTC)
        elif isinstance(value, str) and len(value) < 50:
            moment = datetime.fromisoformat(value.strip())
            moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return utc_text(moment) if moment is not None and _EARLIEST <= moment <= _LATEST else ""
    except (ValueError, OverflowError, OSError):
        return ""


def is_shallow(value: Any, levels: int = DEEPEST) -> bool:
    """Whether a value can be written again: lists and objects in it lie at most `levels` deep."""
    layer = [value]
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not layer:
            return True
    return False


def id_of(*names: str) -> str:
    """Return the id here of something that has these names elsewhere: the same whenever it is read."""
    return uuid5(_IDS, clean_text("\n".join(name.replace("\n", " ") for name in names))).hex
