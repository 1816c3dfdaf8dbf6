"""Heads over several columns of a page, told by what stands below them: wherever they stand above their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.page_cells import Columns, Piece

_PERIOD = re.compile(
    r"\b(?:(?:19|20)\d\d|months?|weeks?|years?|quarters?|ended|ending|period|fiscal|fy['’]?(?:\d\d){0,2}|q[1-4]|[1-4]q|h[12]|[12]h|as of|jahr"
    r"|quartal|monate|trimestre|exercice|jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli"
    r"|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)\b",
    re.IGNORECASE,
)
_FEWEST_REPEATS = 2
_MOST_COLUMNS = 40
_ALIGNED = 3.0  # points


def says_period(words: str) -> bool:
    """Whether a head speaks of time: "Year Ended December 31,", "Q1"."""
    return _PERIOD.search(words) is not None


def columns_of_groups(
    columns: Columns, rooms: Columns, pieces: Sequence[Piece], names: Sequence[str]
) -> list[list[int]] | None:
    """Return the columns of each head of a line that parts columns whose own heads repeat: "First half | Second half"
    above "2023 | 2022 | 2023 | 2022". None where it does not, or not surely.

    `rooms` are those of the columns, `names` the heads below the line. Columns beside the groups are those of the
    pieces that stand above them, or of none.
    """
    if not 1 < len(pieces) < len(columns) <= _MOST_COLUMNS:
        return None
    for groups in _repeated(names):
        found: list[list[int]] = [[] for _ in pieces]
        for group in groups:
            left, right = rooms[group[0]][0] - _ALIGNED, rooms[group[-1]][1] + _ALIGNED
            inside = [n for n, piece in enumerate(pieces) if left <= piece.left and piece.right <= right]
            if len(inside) != 1:
                break
            found[inside[0]] = group
        else:
            said = [piece.text.casefold() for piece, group in zip(pieces, found, strict=True) if group]
            # Else "Average" above each "balance | interest"; years repeat below "Three months" and "Nine months".
            is_told = len(said) == len(set(said)) or all(map(says_period, said))
            if len(said) == len(groups) and is_told:
                first, last = groups[0][0], groups[-1][-1]
                return _with_others(columns, pieces, found, (first, last))
    return None


def _repeated(names: Sequence[str]) -> Iterator[list[list[int]]]:
    """Yield the groups of columns whose heads repeat those of the group before, the widest first."""
    known = [name.casefold() for name in names]
    for size in range(len(known) // _FEWEST_REPEATS, 1, -1):
        for first in range(len(known) - size * _FEWEST_REPEATS + 1):
            block = known[first : first + size]
            is_within = first > 0 and known[first - 1] == known[first - 1 + size]
            if is_within or not all(block) or len(set(block)) < size:
                continue
            stop = first + size
            while known[stop : stop + size] == block:
                stop += size
            if stop - first >= size * _FEWEST_REPEATS:
                yield [list(range(begin, begin + size)) for begin in range(first, stop, size)]


def _with_others(
    columns: Columns, pieces: Sequence[Piece], found: list[list[int]], grouped: tuple[int, int]
) -> list[list[int]] | None:
    """Return the columns of all pieces, of those beside the groups the columns that they stand above."""
    rest = [column for column in range(len(columns)) if not grouped[0] <= column <= grouped[1]]
    for place, piece in enumerate(pieces):
        if found[place]:
            continue
        above = [c for c in rest if piece.left < columns[c][1] and piece.right > columns[c][0]]
        if not above:
            return None
        found[place] = above
    return found


def years_below(
    columns: Columns, pieces: Sequence[Piece], place: int, names: Sequence[str]
) -> list[int] | None:
    """Return the columns of a time that begins where the first of its years does: "Year ended 31 March" above "2024 | 2023"."""
    piece = pieces[place]
    starts = [n for n, (left, _right) in enumerate(columns) if abs(piece.left - left) <= _ALIGNED]
    if not starts or not says_period(piece.text):
        return None
    end = pieces[place + 1].left if place + 1 < len(pieces) else float("inf")
    group = []
    for column in range(starts[0], len(columns)):
        if columns[column][0] >= end - _ALIGNED or not figures.is_year(names[column]):
            break
        group.append(column)
    return group if len(group) > 1 else None
