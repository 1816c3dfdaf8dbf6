"""What a person writes into the fields of a document, as it is stored."""

from __future__ import annotations

from collections.abc import Mapping

from chatbot_app.core.document_fields import Period, parse_iso_date
from chatbot_app.knowledge.fields.kinds import BY_NAME, kind_in_name
from chatbot_app.knowledge.fields.periods import periods_of
from chatbot_app.knowledge.values.dates import dates_of

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
    """Return the canonical text of a period ("Q3 2023", "3. Quartal 2023", "2021/22"). Raises NotAPeriod."""
    if not text or Period.from_text(text) is not None:
        return text
    mentions = periods_of(text, lone_years=True)
    period = mentions[0].period if len(mentions) == 1 else None
    rest = text[: mentions[0].start] + text[mentions[0].end :] if mentions else ""
    if period is None or any(character.isdigit() for character in rest):
        raise NotAPeriod(text)
    return period.to_text()


def date_written(text: str) -> str:
    """Return the ISO date of a day, a month or a year in any of the usual forms. Raises NotADate."""
    if not text or parse_iso_date(text) is not None:
        return text
    found = list(dates_of(text))
    if len(found) != 1:
        raise NotADate(text)
    when = found[0][2][0]
    parts = [f"{when.year or 0:04}"]
    parts += [f"{part:02}" for part in (when.month, when.day) if part is not None]
    iso = "-".join(parts)
    if when.year is None or when.is_decade or parse_iso_date(iso) is None:
        raise NotADate(text)
    return iso


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_FIELD]
