"""What a source says that changed, from one thing to another: the old one is not today's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot_app.knowledge.values.measures import Value

_LOOK_BACK = 24  # characters before a value
_FROM = re.compile(r"\b(?:from|von|de|с)\s+(?:US)?[$€£¥]?$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:chang|growth|increas|veränder|wachstum|variation|évolution|variación|изменен)", re.IGNORECASE
)
_FROM_TO = re.compile(r"\bfrom (\w+) to (\w+)", re.IGNORECASE)
_TO_WORD = re.compile(r"\bto (?=(\w+))")
_TO = re.compile(r"\s*(?:[^\W\d_]+\s+){0,4}(?:to|auf|à|a|до)\s+(?:about\s+)?", re.IGNORECASE)
_NOW = re.compile(r"\b(?:is|are|now|has|have|ist|sind|beträgt|est|sont|es|son)\b", re.IGNORECASE)
_THEN = re.compile(
    r"\b(?:was|were|had|from|before|previous(?:ly)?|earlier|former(?:ly)?|initial(?:ly)?|original(?:ly)?|until|used|war|waren|vorher|zuvor)\b",
    re.IGNORECASE,
)


def moved_to(said: str, source: str) -> str | None:
    """Return to what a source says that something went "from Tuesday to Thursday", where a statement says "to Tuesday"."""
    plain = said.casefold()
    reached = set(_TO_WORD.findall(plain))
    for found in _FROM_TO.finditer(source):
        old, new = found[1], found[2]
        if old.casefold() in reached and new.casefold() not in plain:
            return new
    return None


def changed_to(
    said: str, said_values: Sequence[Value], source: str, values: Sequence[Value], held: Value
) -> str | None:
    """Return to what a source says that a value changed ("from 10 to 30 seconds"), where a statement gives the old one as today's.

    `held` is the old one among `values`, those of `source`; `said_values` are those of the statement.
    """
    if not _NOW.search(said) or _THEN.search(said) or not _stands_behind_from(source, held):
        return None
    for value in values:
        if value.start > held.end and _TO.fullmatch(source, held.end, value.start):
            is_said = any(value.says(one) for one in said_values)
            return None if is_said else source[value.start : value.end].rstrip(".")
    return None


def turned_round(said: str, said_values: Sequence[Value], source: str, values: Sequence[Value]) -> str | None:
    """Return the source's "from … to …" whose two values a statement has in the other order; None where there is none."""
    for first, second in _steps(said, said_values):
        for theirs_first, theirs_second in _steps(source, values):
            swapped = theirs_first.says(second) and theirs_second.says(first)
            if swapped and not (theirs_first.says(first) and theirs_second.says(second)):
                return source[theirs_first.start : theirs_second.end].rstrip(".")
    return None


def way_of_change(row: str, share: Value) -> int:
    """Return -1 where a row's share in percent is a fall, 1 where it is a rise, 0 where it may be no change at all."""
    if share.readings[0] < 0 or row[: share.start].endswith("("):
        return -1
    head = row[: share.start].rpartition("; ")[2].rpartition(", ")[2]
    return 1 if _CHANGE.search(head) else 0


def _stands_behind_from(text: str, value: Value) -> bool:
    return _FROM.search(text, max(0, value.start - _LOOK_BACK), value.start) is not None


def _steps(text: str, values: Sequence[Value]) -> Iterator[tuple[Value, Value]]:
    """Yield the pairs of values that stand as "from … to …"."""
    for place, value in enumerate(values[:-1]):
        if _stands_behind_from(text, value) and _TO.fullmatch(text, value.end, values[place + 1].start):
            yield value, values[place + 1]
