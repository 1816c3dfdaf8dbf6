"""Plain text as Markdown that is drawn as the text was written, but for its tables: those are drawn as tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

from chatbot_app.knowledge.tables.markdown import is_row, is_rule

# What Markdown takes for its own: signs anywhere, and what opens a heading, a quotation, a list, or underlines a heading.
# An opening bracket stays: with a backslash it would open a formula. Without its other half it opens nothing.
_SIGNS = re.compile(r"[\\`*_\]<&~$^|]|^[#>+=-]|(?:(?<=^\d)|(?<=^\d\d)|(?<=^\d\d\d))[.)]")
_SIGNS_OF_ROW = re.compile(r"[`*_\]<&~$^]|\\(?!\|)")
_HEADING = re.compile(r"#{1,6}(?= \S)")
_GAP = re.compile(r"^[ \t]+|[ \t]{2,}|\t")
_KEPT = str.maketrans(" \t", "\N{NO-BREAK SPACE}\N{EM SPACE}")
_INVISIBLE = "\N{WORD JOINER}"  # before an indent: a parser strips a paragraph of spaces, of these, too


def has_whole_tables(text: str) -> bool:
    """Whether a plain text has a table as reading leaves them: a row of heads, a rule below it, and rows."""
    return "\n|" in text and any(is_table for _lines, is_table in _runs(text.split("\n"), _is_whole))


def plain_as_markdown(
    text: str, places: Sequence[int], *, is_structured: bool = False
) -> tuple[str, list[int]]:
    """Return lines of text as Markdown, and where the characters at `places` stand in it.

    Each line stays a line and each sign a sign, but for rows of whole tables, and of one whose head was cut off before
    the text. Of a text that `is_structured` any rows are a table, and headings are Markdown's.
    """
    parts: list[str] = []
    added: list[tuple[int, int]] = []  # (place, characters that are put in there)
    start = 0
    was_table = False
    for lines, is_table in _runs(text.split("\n"), bool if is_structured else _is_whole):
        if was_table and lines[0].strip():
            parts.append("")  # else Markdown takes the line for one more row
            added.append((start, 1))
        for number, line in enumerate(lines):
            heading = _HEADING.match(line) if is_structured else None
            if is_table:
                found, signs = _row(line)
            elif heading is not None:
                found, signs = _escaped(line, _SIGNS, heading.end())
            else:
                follows = number + 1 < len(lines) and bool(lines[number + 1].strip())
                found, signs = _line(line, follows)
            parts.append(found)
            added += [(start + place, 1) for place in signs]
            start += len(line) + 1
        was_table = is_table
    return "\n".join(parts), [at + sum(size for place, size in added if place <= at) for at in places]


def _line(line: str, follows: bool) -> tuple[str, list[int]]:
    """Return a line that is drawn as it is, and before which of its characters something was put in.

    Where another line of its paragraph `follows`, it ends there, too.
    """
    if not line.strip():
        return line, []
    found, signs = _escaped(_GAP.sub(lambda gap: gap[0].translate(_KEPT), line), _SIGNS)
    if line[0].isspace():
        found, signs = _INVISIBLE + found, [0, *signs]
    return (f"{found}\\", [*signs, len(line)]) if follows else (found, signs)


def _row(line: str) -> tuple[str, list[int]]:
    return (line, []) if is_rule(line) else _escaped(line, _SIGNS_OF_ROW)


def _escaped(line: str, signs: re.Pattern[str], start: int = 0) -> tuple[str, list[int]]:
    """Return a line with backslashes before some signs behind its first `start` characters, and the places of those."""
    places = [sign.start() for sign in signs.finditer(line, start)]
    pieces = [line[first:last] for first, last in pairwise([0, *places, len(line)])]
    return "\\".join(pieces), places


def _runs(
    lines: Sequence[str], is_table: Callable[[Sequence[str]], bool]
) -> Iterator[tuple[Sequence[str], bool]]:
    """Yield lines that are all rows, or all none, and whether they are a table of Markdown's."""
    is_first = True
    for are_rows, run in groupby(lines, is_row):
        found = tuple(run)
        is_cut = is_first and len(found) > 1
        yield found, are_rows and (is_cut or is_table(found))
        is_first = False


def _is_whole(rows: Sequence[str]) -> bool:
    return len(rows) > 2 and is_rule(rows[1])
