"""Names of what a person keeps by name: on one line, and each once whatever its letters' case."""

from __future__ import annotations

from chatbot_app.core.errors import UsageError
from chatbot_app.core.text import clean_text

LONGEST_NAME = 100  # characters
_CUT = LONGEST_NAME - 8  # of a name that gets a number


def usable_name(name: str, refusal: str) -> str:
    """Return a name on one line. Raises UsageError with the sentence `refusal` where nothing is left."""
    usable = " ".join(clean_text(name).split()).lstrip("/ ")[:LONGEST_NAME].strip()
    if not usable:
        raise UsageError(detail=refusal)
    return usable


def free_name(name: str, taken: set[str]) -> str:
    """Return the name, with a number where it is among those `taken` (casefolded)."""
    free, number = name, 2
    while free.casefold() in taken:
        free = f"{name[:_CUT]} {number}"
        number += 1
    return free


def is_numbered(name: str, kept: str) -> bool:
    """Whether what was to be called so is kept under a name that `free_name` may have made of it."""
    begins = kept.removeprefix(name[:_CUT])
    return kept == name or (begins != kept and begins.strip().isdecimal())
