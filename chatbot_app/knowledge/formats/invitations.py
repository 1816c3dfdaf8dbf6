"""Events and tasks of a calendar or of an invitation in a mail (iCalendar, RFC 5545) as lines that people read and that are found."""

from __future__ import annotations

import re

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"^([A-Z\-]+)((?:;[^:;=\"]+=(?:\"[^\"]*\"|[^:;\"]*))*):(.*)$", re.IGNORECASE)
_MOMENT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$")
_ZONE = re.compile(r";TZID=\"?([^;\":]+)", re.IGNORECASE)
_NAME = re.compile(r";CN=(?:\"([^\"]*)\"|([^;:]*))", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")
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
_CALENDAR_NAME = re.compile(r"^(?:X-WR-CALNAME|NAME)(?:;[^:\n]*)?:(.+)$", re.IGNORECASE | re.MULTILINE)
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
    for line in _FOLD.sub("", text).replace("\r", "").split("\n"):
        found = _LINE.match(line)
        if found is None:
            continue
        name, parameters, value = found[1].upper(), found[2], found[3].strip()
        if name == "BEGIN" and value.upper() in ("VEVENT", "VTODO"):
            here, inner = {}, 0
        elif name == "END" and value.upper() in ("VEVENT", "VTODO"):
            if here and (most is None or len(events) < most):
                events.append("\n".join(f"{_SHOWN[one]}: {here[one]}" for one in _SHOWN if here.get(one)))
            here = None
        elif name in ("BEGIN", "END"):
            inner += 1 if name == "BEGIN" else -1
        elif here is not None and not inner and name in _SHOWN:
            here.setdefault(name, _words(name, parameters, value))
    return "\n\n".join(event for event in events if event)


def calendar_name(text: str) -> str:
    """Return how a calendar calls itself; empty where it does not."""
    found = _CALENDAR_NAME.search(text)
    return _ESCAPED.sub(r"\1", found[1]).strip() if found is not None else ""


def _words(name: str, parameters: str, value: str) -> str:
    if name in _MOMENTS and (moment := _moment(parameters, value)):
        return moment
    if name == "RRULE":
        return _repeated(value)
    if name == "STATUS":
        return _STATES.get(value.upper(), "")
    if name == "ORGANIZER":
        known = _NAME.search(parameters)
        shown = (known[1] or known[2] or "").strip() if known is not None else ""
        address = re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
        return f'"{shown}" <{address}>' if shown and shown != address else address
    return _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


def _moment(parameters: str, value: str) -> str:
    moment = _MOMENT.match(value)
    if moment is None:
        return ""
    year, month, day, hour, minute, is_utc = moment.groups()
    if hour is None:
        return f"{year}-{month}-{day}"
    zone = _ZONE.search(parameters)
    where = " UTC" if is_utc else f" ({zone[1]})" if zone is not None else ""
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
        words += f" until {(_moment('', until) or until)[:10]}"
    return f"{words}, {count} times" if count else words
