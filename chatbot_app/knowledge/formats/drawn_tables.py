"""Tables that are drawn with signs in plain text, as Markdown: of reStructuredText, Org, RFCs and command lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot_app.knowledge.tables.markdown import row_line, ruled_line

_CORNERS, _ENDS = frozenset("+|┌├└╔╠╚┏┣┗╭╰╞"), frozenset("+|┐┤┘╗╣╝┓┫┛╮╯╡")
_STROKES = frozenset("-=─═━")
_OF_BORDERS = _CORNERS | _ENDS | _STROKES | frozenset("┬┼┴╦╬╩┳╋┻╪╤╧ ")
_SIDES = ("|", "│", "║", "┃")
_EDGE = re.compile(r"[|│║┃]")
_DRAWN = re.compile(r"^[ \t]*[+|┌╔┏╭][-=─═━]", re.MULTILINE)  # a quick look
_OPEN_RULE = re.compile(r"^ {0,3}:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)+[ \t]*\|?[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(```|~~~)")
_PIPE = re.compile(r"(?<!\\)\|")
_FEWEST_COLUMNS, _FEWEST_ROWS = 2, 2

Rows = list[list[str]]


def with_plain_tables(text: str) -> str:
    """Return a text whose drawn tables are rows of Markdown, apart from what stands above and below; the rest as it is."""
    if _DRAWN.search(text) is None:
        return text
    parts: list[str] = []
    drawn: list[str] = []
    for line in (*text.split("\n"), ""):
        if _is_border(line) or _is_row(line):
            drawn.append(line)
            continue
        if drawn:
            table = _table(drawn)
            if table is None:
                parts += drawn
            else:
                parts += [
                    *([""] if parts and parts[-1].strip() else []),
                    *table,
                    *([""] if line.strip() else []),
                ]
            drawn = []
        parts.append(line)
    return "\n".join(parts[:-1])


def with_outer_pipes(text: str) -> str:
    """Return Markdown in which every row of a table begins and ends with a pipe, as it need not."""
    if _OPEN_RULE.search(text) is None:
        return text
    lines = text.split("\n")
    fence = ""
    place = 0
    while place < len(lines):
        line = lines[place]
        if (found := _FENCE.match(line)) is not None:
            fence = "" if fence == found[1] else fence or found[1]
        elif not fence and place and _OPEN_RULE.fullmatch(line) and _has_cells(lines[place - 1], line):
            lines[place - 1 : place + 1] = [_with_pipes(lines[place - 1]), _with_pipes(line)]
            while place + 1 < len(lines) and "|" in lines[place + 1]:
                place += 1
                lines[place] = _with_pipes(lines[place])
        place += 1
    return "\n".join(lines)


def _has_cells(head: str, rule: str) -> bool:
    """Whether a line has as many cells as the rule below it."""
    return len(_PIPE.findall(head.strip().rstrip("|"))) == rule.strip().rstrip("|").count("|")


def _with_pipes(line: str) -> str:
    line = line.strip()
    return f"{'' if line.startswith('|') else '| '}{line}{'' if line.endswith('|') else ' |'}"


def _is_border(line: str) -> bool:
    line = line.strip()
    signs = set(line)
    return (
        line[:1] in _CORNERS
        and line[-1:] in _ENDS
        and signs <= _OF_BORDERS
        and not signs.isdisjoint(_STROKES)
    )


def _is_row(line: str) -> bool:
    line = line.strip()
    return len(line) > 1 and line.startswith(_SIDES) and line.endswith(_SIDES)


def _table(lines: Sequence[str]) -> list[str] | None:
    """Return the lines of a table in Markdown, None where these lines draw none."""
    groups = list(_groups(lines))
    is_drawn = any(_is_border(line) for line in lines)
    if not is_drawn or len({len(row) for group in groups for row in group}) != 1:
        return None
    if len(groups) == 1:
        rows = _by_first_cell(groups[0])
    elif len(groups) == 2:
        rows = [_joined(groups[0]), *_by_first_cell(groups[1])]
    else:  # each row between borders of its own: it may have several lines
        rows = [_joined(group) for group in groups]
    if len(rows) < _FEWEST_ROWS or len(rows[0]) < _FEWEST_COLUMNS:
        return None
    return [row_line(rows[0]), ruled_line(len(rows[0])), *map(row_line, rows[1:])]


def _groups(lines: Sequence[str]) -> Iterator[Rows]:
    """Yield the rows between borders."""
    group: Rows = []
    for line in lines:
        if not _is_border(line):
            group.append([cell.strip() for cell in _EDGE.split(line.strip())[1:-1]])
        elif group:
            yield group
            group = []
    if group:
        yield group


def _joined(group: Rows) -> list[str]:
    return [" ".join(filter(None, cells)) for cells in zip(*group, strict=True)]


def _by_first_cell(group: Rows) -> Rows:
    rows: Rows = []
    for row in group:
        if rows and not row[0] and any(row[1:]) and not all(row[1:]):
            rows[-1] = _joined([rows[-1], row])
        else:
            rows.append(row)
    return rows
