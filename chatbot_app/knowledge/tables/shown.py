"""Tables as people and models are shown them: whole Markdown tables, whatever part of one was found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.knowledge.tables.described import GOES_ON, without_heads
from chatbot_app.knowledge.tables.figures import is_amount
from chatbot_app.knowledge.tables.markdown import cells_of, is_row, is_rule, row_line

_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_ROWS_BEFORE = 20
_ROWS_BEHIND = 40


def above_rows(below: str, text: str) -> str:
    """Return what stands above a passage's text: the caption of its table, the heads with their rule, sections.

    `below` is the passage's context without its first line. Heads that the text has itself are not said twice.
    """
    lines = [line for line in below.split("\n") if line]
    rows = [line for line in lines if is_row(line) and not is_rule(line)]
    if not rows:
        return below
    plain = " ".join(text.split())
    captions = [line for line in lines if not is_row(line) and " ".join(line.split()) not in plain]
    has_rows = any(is_row(line) for line in text.split("\n"))
    if not has_rows or without_heads(text, f"\n{below}") != text:
        return "\n".join(captions)
    rule = "|" + "---|" * len(cells_of(rows[0]))
    return "\n".join([*captions, rows[0], rule, *rows[1:]])


def has_tables(text: str) -> bool:
    """Whether a text holds rows of a table."""
    return is_row(text.split("\n", 1)[0]) or "\n|" in text


def has_headings(text: str) -> bool:
    """Whether a text that was read as Markdown holds headings."""
    return _HEADING.search(text) is not None


def around_rows(text: str, start: int, end: int, heads: str = "") -> tuple[str, int, int]:
    """Return a text whose table at `start` to `end` has lost the rows far from there, and both places in it.

    A window shows so many rows at once and no more. `heads` is the row of heads where the text begins within the
    table.
    """
    lines = text.split("\n")
    first, column = _line_at(lines, start)
    last, end_column = _line_at(lines, end)
    if not is_row(lines[first]):
        return text, start, end
    top, bottom = first, last
    while top and is_row(lines[top - 1]):
        top -= 1
    while bottom + 1 < len(lines) and is_row(lines[bottom + 1]):
        bottom += 1
    is_cut = bool(heads) and top <= 1 and (top == 0 or "|" in lines[0])
    if is_cut:
        kept, begin = [heads, "|" + "---|" * len(cells_of(heads))], max(top, first - _ROWS_BEFORE)
    else:
        taken = top + 1 + (top < bottom and is_rule(lines[top + 1]))
        kept, begin = lines[: min(taken, first)], max(min(taken, first), first - _ROWS_BEFORE)
    if begin > (top if is_cut else len(kept)):
        kept = [*kept, row_line([GOES_ON])]
    stop = min(bottom + 1, last + 1 + _ROWS_BEHIND)
    moved = len(kept) - begin
    rest = [row_line([GOES_ON])] if stop <= bottom else []
    shown = [*kept, *lines[begin:stop], *rest, *lines[bottom + 1 :]]
    before = [sum(len(line) + 1 for line in shown[: place + moved]) for place in (first, last)]
    return "\n".join(shown), before[0] + column, before[1] + end_column


def _line_at(lines: Sequence[str], place: int) -> tuple[int, int]:
    """Return the line that a character is in, and its place in it."""
    for number, line in enumerate(lines):
        if place <= len(line):
            return number, place
        place -= len(line) + 1
    return len(lines) - 1, len(lines[-1])


def as_markdown(text: str, places: Sequence[int]) -> tuple[str, list[int]]:
    """Return a text with a rule in each table that lacks one, and where the characters at `places` stand in it.

    Sheets and files of values are kept as rows alone; one whose first rows are elsewhere has no heads here.
    """
    parts: list[str] = []
    added: list[tuple[int, int]] = []  # (place, characters that are put in there)
    lines = text.split("\n")
    place, was_row = 0, False
    for number, line in enumerate(lines):
        starts = is_row(line) and not was_row
        if starts and not (number + 1 < len(lines) and is_rule(lines[number + 1])):
            count = len(cells_of(line))
            is_data = any(is_amount(cell) for cell in cells_of(line)[1:])
            rule = "|" + "---|" * count
            if is_data:
                parts.append(f"|{'  |' * count}\n{rule}")
                added.append((place, len(parts[-1]) + 1))
            parts.append(line)
            if not is_data:
                parts.append(rule)
                added.append((place + len(line) + 1, len(rule) + 1))
        else:
            parts.append(line)
        was_row = is_row(line)
        place += len(line) + 1
    moved = [at + sum(size for begin, size in added if begin <= at) for at in places]
    return "\n".join(parts), moved
