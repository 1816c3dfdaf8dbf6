"""Which printed head belongs to which column of a table on a page: heads over several columns, heads of several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations, pairwise

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.grouped_columns import columns_of_groups, says_period, years_below
from chatbot_app.knowledge.tables.page_cells import Columns, Piece, PrintedLine
from chatbot_app.knowledge.tables.units import unit_of

_SAID_OF_ALL = re.compile(
    r"\(?[^()]{0,40}\b(?:in|en|dans)\s+(?:u\.?s\.?\s+)?(?:dollars|euros?)\b.*|\(?unaudited\)?", re.IGNORECASE
)
_LONGEST_UNIT = 120  # characters
_HEAD_GAP = 2.6  # times the height: what is farther above a line does not head it
_OVER = 0.25  # of a column's room: what reaches less far into it is not above it
_OVERLAP = 0.75  # of the height: lines that are nearer stand beside each other
_MOST_GROUPS = 5  # of columns that heads in one line part
_MOST_PARTED = 24  # columns
_OFF_CENTRE = 0.3  # of a column's width: a head over several columns stands in their middle


def heads_of(columns: Columns, lines: Sequence[PrintedLine], labels_right: float) -> tuple[str, list[str]]:
    """Return the head of the label column (a unit, mostly) and those of the columns, lines joined from the top.

    `labels_right` is where the longest label ends, in points.
    """
    label: list[str] = []
    above: list[list[Piece]] = []
    for line in _side_by_side(lines):
        above.append([])
        is_whole = len(line.pieces) == len(columns) + 1  # a head for the labels and for each column
        for piece in line.pieces:
            is_first = is_whole and piece is line.pieces[0]
            is_label = piece.right < columns[0][0] and (is_first or piece.centre < labels_right)
            if is_label or (len(line.pieces) == 1 and _is_unit(piece.text)):
                label.append(piece.text)
            else:
                above[-1].append(piece)
    columns = _with_heads(columns, above)
    names = [""] * len(columns)
    for pieces in reversed(above):
        parts: list[list[str]] = [[] for _ in columns]
        for piece, members in zip(pieces, _spans(columns, pieces, names), strict=True):
            for column in members:
                parts[column].append(piece.text)
        names = [_joined([*part, name]) for part, name in zip(parts, names, strict=True)]
    return " ".join(label), names


def _side_by_side(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Return the lines, those as one that overlap: heads of one line stand in the middle beside heads of two or three."""
    kept: list[PrintedLine] = []
    lowest = 0.0
    for line in lines:
        if kept and 0 <= lowest - line.base < _OVERLAP * min(kept[-1].height, line.height):
            kept[-1] = kept[-1]._replace(pieces=_stacked([*kept[-1].pieces, *line.pieces]))
        else:
            kept.append(line)
        lowest = line.base
    return kept


def _stacked(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return pieces from left to right, those below each other as one; `pieces` are in order from the top."""
    cells: list[Piece] = []
    for piece in pieces:
        over = [cell for cell in cells if cell.left < piece.right and cell.right > piece.left]
        cells = [cell for cell in cells if cell not in over]
        left, right = min([piece.left, *(c.left for c in over)]), max([piece.right, *(c.right for c in over)])
        cells.append(Piece(left, right, _joined([*(cell.text for cell in over), piece.text])))
    return tuple(sorted(cells))


def _is_unit(words: str) -> bool:
    """Whether words by themselves say of a whole table what it is counted in."""
    return _SAID_OF_ALL.fullmatch(words) is not None or (
        len(words) <= _LONGEST_UNIT and unit_of(words).scale != ""
    )


def _with_heads(columns: Columns, above: Sequence[Sequence[Piece]]) -> Columns:
    """Return the columns as wide as the lowest heads that stand one above each: the middle of figures is none."""
    for pieces in reversed(above):
        if len(pieces) == len(columns):
            return [
                (min(left, piece.left), max(right, piece.right))
                for (left, right), piece in zip(columns, pieces, strict=True)
            ]
    return columns


def _rooms(columns: Columns) -> list[tuple[float, float]]:
    """Return the room of each column: up to the middle of the gap to its neighbours."""
    edges = [(right + left) / 2 for (_l, right), (left, _r) in pairwise(columns)]
    pitch = (columns[-1][1] - columns[0][0]) / len(columns)
    first = columns[0][0] - (edges[0] - columns[0][1] if edges else pitch)
    last = columns[-1][1] + (columns[-1][0] - edges[-1] if edges else pitch)
    return list(pairwise([first, *edges, last]))


def _spans(columns: Columns, pieces: Sequence[Piece], names: Sequence[str]) -> list[list[int]]:
    """Return for each piece of a line the columns that it is the head of; `names` say what stands below it."""
    if (groups := columns_of_groups(columns, _rooms(columns), pieces, names)) is not None:
        return groups
    count, size = len(columns), len(columns) // len(pieces) if pieces else 0
    if size * len(pieces) == count:
        groups = [list(range(n * size, (n + 1) * size)) for n in range(len(pieces))]
        if all(_is_above(columns, group, piece) for group, piece in zip(groups, pieces, strict=True)):
            return groups
    elif (parted := _parted(columns, pieces)) is not None:
        return parted
    rooms = _rooms(columns)
    found = [
        years_below(columns, pieces, place, names) or _below(columns, rooms, piece)
        for place, piece in enumerate(pieces)
    ]
    for place, piece in enumerate(pieces):
        others = {column for other in found[:place] + found[place + 1 :] for column in other}
        found[place] = _widened(columns, found[place], piece, others)
    return found


def _parted(columns: Columns, pieces: Sequence[Piece]) -> list[list[int]] | None:
    """Return how times in a line part all columns, each in the middle of its own: FY2023 above 1Q to 3Q, FY2022 above
    1Q to 4Q; None where they do not."""
    count = len(columns)
    if (
        count > _MOST_PARTED
        or not 1 < len(pieces) < min(count, _MOST_GROUPS)
        or not all(says_period(piece.text) for piece in pieces)
    ):
        return None
    best: list[list[int]] | None = None
    nearest = max(_OFF_CENTRE * _pitch(columns, range(count)), 4.0)
    for edges in combinations(range(1, count), len(pieces) - 1):
        groups = [list(range(*ends)) for ends in pairwise((0, *edges, count))]
        off = max(_off(columns, group, piece) for group, piece in zip(groups, pieces, strict=True))
        if off < nearest:
            best, nearest = groups, off
    return best


def _is_above(columns: Columns, group: Sequence[int], piece: Piece) -> bool:
    """Whether a piece stands in the middle above a group of columns, and is no part of one column's own head."""
    if len(group) == 1:
        return _off(columns, group, piece) < 0.5 * _pitch(columns, group)
    if _off(columns, group, piece) > max(_OFF_CENTRE * _pitch(columns, group), 4.0):
        return False
    return not _is_of_one(columns, group, piece)


def _is_of_one(columns: Columns, group: Sequence[int], piece: Piece) -> bool:
    """Whether a piece belongs to one of the columns, which it stands above more exactly, or as exactly."""
    exact = min(_off(columns, [column], piece) for column in group)
    if exact < 0.5 * _off(columns, group, piece):
        return True
    width = max(columns[column][1] - columns[column][0] for column in group)
    is_narrow = len(group) % 2 == 1 and piece.right - piece.left <= 1.2 * width
    return is_narrow and not says_period(piece.text)


def _off(columns: Columns, group: Sequence[int], piece: Piece) -> float:
    """Return how far a piece is from the middle of some columns, in points."""
    return abs((columns[group[0]][0] + columns[group[-1]][1]) / 2 - piece.centre)


def _pitch(columns: Columns, group: Sequence[int]) -> float:
    return (columns[group[-1]][1] - columns[group[0]][0]) / len(group)


def _below(columns: Columns, rooms: Columns, piece: Piece) -> list[int]:
    """Return the columns in whose room a piece stands."""
    found = []
    for column, (left, right) in enumerate(rooms):
        shared = min(right, piece.right) - max(left, piece.left)
        if shared > _OVER * (right - left) or shared > 0.5 * (piece.right - piece.left):
            found.append(column)
    if len(found) > 1 and _is_of_one(columns, found, piece):
        found = []
    if not found:
        offs = [_off(columns, [column], piece) for column in range(len(columns))]
        found = [offs.index(min(offs))]
    return found


def _widened(columns: Columns, group: list[int], piece: Piece, others: set[int]) -> list[int]:
    """Return a head's columns with those on both sides that have no head of their own in its line.

    "Year Ended December 31," stands above the middle two of four years.
    """
    if not says_period(piece.text):
        return group
    while True:
        wider = [group[0] - 1, *group, group[-1] + 1]
        if wider[0] < 0 or wider[-1] >= len(columns) or others.intersection(wider):
            return group
        if _off(columns, wider, piece) > max(_OFF_CENTRE * _pitch(columns, wider), 4.0):
            return group
        group = wider


def _joined(parts: Sequence[str]) -> str:
    head = ""
    for part in parts:
        head = head + part if head.endswith("-") else f"{head} {part}".strip()
    return head


def is_head(line: PrintedLine, columns: Columns, label_left: float, labels_right: float) -> bool:
    """Whether a line above the first row of figures may be heads: nothing in it is a figure, and it stands there."""
    if any(piece.is_amount and not figures.is_time(piece.text) for piece in line.pieces):
        return False
    first = columns[0][0]
    room = (first - label_left) * 0.35
    beside = [
        piece
        for piece in line.pieces
        if piece.right > first - room and (piece.left > label_left + room or piece.centre > labels_right)
    ]
    if len(line.pieces) == 1:
        piece = line.pieces[0]
        reach = columns[-1][1] - first
        is_within = piece.left > first - room and piece.right < columns[-1][1] + 0.3 * reach + 10
        return is_within or (figures.is_year(piece.text) and bool(beside))
    if not beside:
        return False
    return all(len(piece.text) < 60 for piece in line.pieces)


def is_near(lines: Sequence[PrintedLine], place: int) -> bool:
    """Whether the line above line `place` is as near as a head is."""
    above, line = lines[place - 1], lines[place]
    return 0 <= above.base - line.base <= _HEAD_GAP * max(above.height, line.height)


def first_within(lines: Sequence[PrintedLine], begin: int, stop: int) -> int | None:
    """Return the first line above line `begin` whose text the file has among that of the lines up to `stop`, None without one."""
    start = min(line.start for line in lines[begin:stop])
    end = max(line.end for line in lines[begin:stop])
    return next((n for n in range(begin) if lines[n].start < end and lines[n].end > start), None)


def may_head(lines: Sequence[PrintedLine]) -> bool:
    """Whether all lines but the last may head that one: near to each other, and without an amount."""
    return all(is_near(lines, place) for place in range(1, len(lines))) and not any(
        piece.is_amount and not figures.is_time(piece.text) for line in lines[:-1] for piece in line.pieces
    )


def without_title(heads: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Return lines of heads without the title above them, where what all is counted in parts the two: "STATEMENTS OF EQUITY",
    "(in millions)", and then the heads of columns."""
    for place in range(len(heads) - 2, 0, -1):
        if _says_unit(heads[place]) and all(_is_title(line) for line in heads[:place]):
            return list(heads[place:])
    return list(heads)


def _says_unit(line: PrintedLine) -> bool:
    return len(line.pieces) == 1 and _is_unit(line.pieces[0].text)


def _is_title(line: PrintedLine) -> bool:
    return len(line.pieces) == 1 and not says_period(line.pieces[0].text) and not _says_unit(line)
