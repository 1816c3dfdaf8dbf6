"""A row of a table that is quoted although the question names what stands in the same column of another one.

"How many mute swans were counted at Gull Point?" is met by "place: Mere Lake; species: Mute swan" in every other word, where no row of
Gull Point has mute swans.
"""

from __future__ import annotations

from collections.abc import Iterable

from chatbot_app.knowledge.words.words import stems

_SHORTEST = 3  # letters and digits of what a cell says: "yes", but no "A"


def is_of_another_row(question: str, row: str, others: Iterable[str], above: str) -> bool:
    """Whether a column of a row says nothing of the question, and that of another row what the question names.

    `row` and `others` are rows of one document in words, `above` is what stands above the row. What the row itself, or
    what is above it, says of the question's words is no other's.
    """
    asked, cells = stems(question), dict(_cells(row))
    silent = {head for head, value in cells.items() if value and value.isdisjoint(asked)}
    if len(cells) < 2 or not silent:
        return False
    said = stems(f"{row} {above}")
    for other in others:
        for head, value in _cells(other):
            named = value - cells.get(head, frozenset())
            if head in silent and _names_something(named) and named <= asked and named.isdisjoint(said):
                return True
    return False


def _cells(row: str) -> Iterable[tuple[str, frozenset[str]]]:
    """Yield the head of each column and the stems of what stands there, as rows say it: "place: Mere Lake; count: 14"."""
    for part in row.split("; "):
        head, mark, value = part.partition(": ")
        if mark and value.strip():
            yield head.strip(), frozenset(stems(value))


def _names_something(words: Iterable[str]) -> bool:
    return any(len(word) >= _SHORTEST and not word.isdecimal() for word in words)
