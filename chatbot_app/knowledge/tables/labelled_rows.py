"""Tables that are lists of labels and what is said of each, as the lines that they were before they were read as tables."""

from __future__ import annotations

import re

from chatbot_app.knowledge.tables.markdown import cells_of, is_row, is_rule

_LABEL_AND_VALUE = 2
_LONGEST_LIST = 400  # characters: a longer one is a table to be found by itself
_EMPTY_HEAD = re.compile(r"\|\s*\|\s*\|[ \t]*\n\|\s*:?-+:?\s*\|\s*:?-+:?\s*\|[ \t]*\n\|")


def is_label_list(table: str) -> bool:
    """Whether a table in Markdown is a short list of labels and what is said of each: it belongs to what stands around it."""
    return len(table) <= _LONGEST_LIST and _EMPTY_HEAD.match(table) is not None


def lines_of_labels(text: str) -> str:
    """Return a text in which the rows of a table of two columns without heads are lines: "Bill date: 3 June 2024"."""
    if "|\n|" not in text:
        return text
    lines = text.split("\n")
    kept: list[str] = []
    in_list = False
    for place, line in enumerate(lines):
        if not is_row(line):
            in_list = False
            kept.append(line)
            continue
        if place + 1 < len(lines) and is_rule(lines[place + 1]):
            cells = cells_of(line)
            in_list = len(cells) == _LABEL_AND_VALUE and not any(cells)
            if in_list:
                continue
        if not in_list:
            kept.append(line)
        elif not is_rule(line):
            label, value = (*cells_of(line), "", "")[:_LABEL_AND_VALUE]
            kept.append(f"{label.rstrip(' :')}: {value}" if label and value else label or value)
    return "\n".join(kept)
