"""Tables as people and models are shown them: whole Markdown tables, whatever part of one was found."""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.knowledge.tables.described import without_heads
from chatbot_app.knowledge.tables.figures import is_amount
from chatbot_app.knowledge.tables.markdown import cells_of, is_row, is_rule


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
