"""Where a mail repeats the one that it answers or passes on: below "On 3 May 2024, Dev Lal wrote:", behind ">"."""

from __future__ import annotations

import re

# What mail programs write above it, in nine languages; the name may go on in the next line.
ATTRIBUTION = re.compile(
    r"^[^\S\n]*(?:(?:on|am|le|el|il|op|den|på|em|в|w\s+dniu|dnia)\b[^\n]{6,160}(?:\n[^\n]{1,60})?"
    r"(?:wrote|schrieb(?:en)?[^\n:]{0,80}|a\s+écrit|escribió|ha\s+scritto|schreef[^\n:]{0,80}|skrev[^\n:]{0,80}|escreveu|napisał(?:a|\(a\))?|писал(?:а|\(а\))?|пишет)\s?:"
    r"|[-_]{2,}\s?(?:original\s+message|forwarded\s+message|ursprüngliche\s+nachricht|weitergeleitete\s+nachricht|message\s+(?:d['’]origine|transféré)"
    r"|mensaje\s+(?:original|reenviado)|messaggio\s+originale|oorspronkelijk\s+bericht|исходное\s+сообщение)\s?[-_]{2,})[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_MARKS = re.compile(r"(?:^|\n)[^\S\n]{0,8}>[> \t]{0,16}")


def without_marks(text: str) -> str:
    """Return a text without the ">" before its lines."""
    return _MARKS.sub("\n", text).removeprefix("\n") if ">" in text else text


def repeats_from(text: str) -> int:
    """Return where the part of a text begins that repeats another mail, its length where none does."""
    if "wrote" not in text and "--" not in text and ":" not in text:
        return len(text)
    found = ATTRIBUTION.search(text)
    return len(text) if found is None else found.start()
