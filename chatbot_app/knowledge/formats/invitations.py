"""Events and tasks of a calendar or of an invitation in a mail (iCalendar, RFC 5545) as lines that people read and that are found."""

from __future__ import annotations

import re

from chatbot_app.knowledge.formats.content_lines import ContentLine, content_lines, unescaped

_MOMENT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$")
_SHOWN = {
    "SUMMARY": "Event",
    "DTSTART": "Begins",
    "DTEND": "Ends",
    "DUE": "Due",
    "RRULE": "Repeats",
    "STATUS": "Status",
    "LOCATION": "Place",
    "ORGANIZER": "Organizer",
    "DESCRIPTION": "Description",
}
_MOMENTS = ("DTSTART", "DTEND", "DUE")
_STATES = {"CANCELLED": "cancelled", "TENTATIVE": "tentative", "COMPLETED": "completed"}
_NAMES = ("X-WR-CALNAME", "NAME")  # of a calendar
_DAYS = dict(
    zip(
        "MO TU WE TH FR SA SU".split(),
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
        strict=True,
    )
)
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year", "HOURLY": "hour"}
_ON_DAY = re.compile(r"^([+-]?\d{0,2})(MO|TU|WE|TH|FR|SA|SU)$")
_MOST_EVENTS = 50  # of a mail


def invitation_lines(text: str, most: int | None = _MOST_EVENTS) -> str:
    """Return what a calendar says of its first `most` events and tasks, a line each: name, beginning and end, and so on."""
    events: list[str] = []
    here: dict[str, str] | None = None
    inner = 0  # parts within an event: alarms
    for line in content_lines(text):
        name, value = line.name, line.value
        if name == "BEGIN" and value.upper() in ("VEVENT", "VTODO"):
            here, inner = {}, 0
        elif name == "END" and value.upper() in ("VEVENT", "VTODO"):
            if here and (most is None or len(events) < most):
                events.append("\n".join(f"{_SHOWN[one]}: {here[one]}" for one in _SHOWN if here.get(one)))
            here = None
        elif name in ("BEGIN", "END"):
            inner += 1 if name == "BEGIN" else -1
        elif here is not None and not inner and name in _SHOWN:
            here.setdefault(name, _words(line))
    return "\n\n".join(event for event in events if event)


def calendar_name(text: str) -> str:
    """Return how a calendar calls itself; empty where it does not."""
    named = (line.value for line in content_lines(text) if line.name in _NAMES and line.value)
    return " ".join(unescaped(next(named, "")).split())


def _words(line: ContentLine) -> str:
    name, value = line.name, line.value
    if name in _MOMENTS and (moment := _moment(value, line.parameter("TZID"))):
        return moment
    if name == "RRULE":
        return _repeated(value)
    if name == "STATUS":
        return _STATES.get(value.upper(), "")
    if name == "ORGANIZER":
        shown = line.parameter("CN")
        address = re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
        return f'"{shown}" <{address}>' if shown and shown != address else address
    return unescaped(value)


def _moment(value: str, zone: str = "") -> str:
    moment = _MOMENT.match(value)
    if moment is None:
        return ""
    year, month, day, hour, minute, is_utc = moment.groups()
    if hour is None:
        return f"{year}-{month}-{day}"
    where = " UTC" if is_utc else f" ({zone})" if zone else ""
    return f"{year}-{month}-{day} {hour}:{minute}{where}"


def _repeated(rule: str) -> str:
    """Return how often an event comes again, "every week on Monday until 2025-03-31"; the rule itself where it says more."""
    parts = dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)
    unit, every = _UNITS.get(parts.pop("FREQ", "")), parts.pop("INTERVAL", "1")
    parts.pop("WKST", None)
    days = [_ON_DAY.match(day) for day in parts.pop("BYDAY", "").split(",") if day]
    until, count = parts.pop("UNTIL", ""), parts.pop("COUNT", "")
    if unit is None or parts or any(day is None or day[1] for day in days):
        return rule
    words = f"every {unit}" if every == "1" else f"every {every} {unit}s"
    if days:
        words += " on " + ", ".join(_DAYS[day[2]] for day in days if day is not None)
    if until:
        words += f" until {(_moment(until) or until)[:10]}"
    return f"{words}, {count} times" if count else words
