"""Invitations in a mail (iCalendar, RFC 5545) as lines that people read and that are found."""

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
    "LOCATION": "Place",
    "ORGANIZER": "Organizer",
    "DESCRIPTION": "Description",
}
_MOST_EVENTS = 50


def invitation_lines(text: str) -> str:
    """Return what a calendar says of its events, a line each: name, beginning and end, place, organizer, description."""
    events: list[str] = []
    here: dict[str, str] | None = None
    inner = 0  # parts within an event: alarms
    for line in _FOLD.sub("", text).replace("\r", "").split("\n"):
        found = _LINE.match(line)
        if found is None:
            continue
        name, parameters, value = found[1].upper(), found[2], found[3].strip()
        if name == "BEGIN" and value.upper() == "VEVENT":
            here, inner = {}, 0
        elif name == "END" and value.upper() == "VEVENT":
            if here and len(events) < _MOST_EVENTS:
                events.append("\n".join(f"{_SHOWN[one]}: {here[one]}" for one in _SHOWN if here.get(one)))
            here = None
        elif name in ("BEGIN", "END"):
            inner += 1 if name == "BEGIN" else -1
        elif here is not None and not inner and name in _SHOWN:
            here.setdefault(name, _words(name, parameters, value))
    return "\n\n".join(event for event in events if event)


def _words(name: str, parameters: str, value: str) -> str:
    moment = _MOMENT.match(value) if name in ("DTSTART", "DTEND") else None
    if moment is not None:
        year, month, day, hour, minute, is_utc = moment.groups()
        if hour is None:
            return f"{year}-{month}-{day}"
        zone = _ZONE.search(parameters)
        where = " UTC" if is_utc else f" ({zone[1]})" if zone is not None else ""
        return f"{year}-{month}-{day} {hour}:{minute}{where}"
    if name == "ORGANIZER":
        known = _NAME.search(parameters)
        shown = (known[1] or known[2] or "").strip() if known is not None else ""
        address = re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
        return f'"{shown}" <{address}>' if shown and shown != address else address
    return _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)
