"""Rows of tables as lines of Markdown, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot_app.core.markdown_tables import is_delimiter, split_row

_BREAK = re.compile(r"<br\s*/?>|&nbsp;|</?u>")
_ESCAPE = re.compile(r"\\([^\w\s])")
_LONGEST_CELL = 1000  # characters; in a longer one the marks stay
_EMPHASIS = re.compile(r"(\*{1,3}|__)(?=\S)(.+?)(?<=\S)\1")


def row_line(cells: Sequence[str]) -> str:
    """Return a row as a line; spaces at the beginning of a cell are kept."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def rule_line(figures: int) -> str:
    """Return the line below the head of a table with a column of labels and `figures` columns of figures."""
    return "|---|" + "---:|" * figures


def ruled_line(columns: int) -> str:
    """Return the line below the head of a table of words."""
    return "|" + "---|" * columns


def is_row(line: str) -> bool:
    """Whether a line is a row of a table, as all our readers write it: with a pipe before its first cell."""
    return line.lstrip().startswith("|")


def is_rule(line: str) -> bool:
    """Whether a line is the rule below a head."""
    return is_row(line) and is_delimiter(line)


def cells_of(line: str) -> list[str]:
    """Return the words of each cell of a row, without marks of emphasis."""
    return [_plain(cell) for cell in split_row(line)]


def _plain(cell: str) -> str:
    cell = _ESCAPE.sub(r"\1", _BREAK.sub(" ", cell)) if "\\" in cell or "<" in cell or "&" in cell else cell
    if ("*" in cell or "__" in cell) and len(cell) <= _LONGEST_CELL:
        cell = _EMPHASIS.sub(r"\2", cell)
    return " ".join(cell.split())


def depth_of(line: str) -> int:
    """Return how far the first cell of a row is indented, in spaces."""
    cell = line.lstrip()[1:]
    return len(cell) - len(cell.lstrip(" "))
