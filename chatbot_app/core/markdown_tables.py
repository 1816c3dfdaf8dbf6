"""Rows of a Markdown table, read one line at a time so that a growing table costs only its new rows."""

from __future__ import annotations

import re
from enum import StrEnum

# GFM: cells are separated by pipes that are not escaped, also inside code spans.
_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")


class Alignment(StrEnum):
    """Where the text of a column stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


def split_row(line: str) -> list[str]:
    """Return the cells of one line, without the outer pipes and with `\\|` read as a pipe."""
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line)]


def is_delimiter(line: str) -> bool:
    """Whether `line` is the `|---|:--:|` below a header."""
    # A lone "---" is a rule or a heading's underline.
    return ("|" in line or ":" in line) and _DELIMITER.match(line) is not None


def alignments(delimiter: str) -> list[Alignment]:
    """Return the alignment of each column as the delimiter row says it."""
    found = []
    for cell in split_row(delimiter):
        if cell.startswith(":") and cell.endswith(":"):
            found.append(Alignment.CENTRE)
        elif cell.endswith(":"):
            found.append(Alignment.RIGHT)
        else:
            found.append(Alignment.LEFT)
    return found


def is_table_start(header: str, delimiter: str) -> bool:
    """Whether the two lines begin a table: as many cells in one as in the other."""
    return (
        "|" in header
        and is_delimiter(delimiter)
        and not header.startswith("    ")
        and len(split_row(header)) == len(split_row(delimiter))
    )
