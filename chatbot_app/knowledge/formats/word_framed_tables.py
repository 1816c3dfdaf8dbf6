"""Tables of Word files that stand in the only cell of another one, which is their frame: kreuzberg 4.10 reads them as one cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MARK = re.compile(rb"<w:(tbl|tc)(?:\s[^<>]*)?(?<!/)>|</w:(tbl|tc)>")
_PROPERTIES = re.compile(rb"\s*<w:tcPr\b(?:[^<>]*/>|.*?</w:tcPr>)", re.DOTALL)
_DEEPEST = 4  # frames around each other


@dataclass(slots=True)
class _Open:
    """A table or a cell that has begun: where, and for a table (start, end) of what its cells hold."""

    name: bytes
    start: int
    inside: int
    cells: list[tuple[int, int]] = field(default_factory=list)
    holds_table: bool = False


def has_framed(part: bytes) -> bool:
    """Whether some table of a part stands in the only cell of another."""
    return part.count(b"<w:tbl>") + part.count(b"<w:tbl ") > 1 and bool(_frames(part))


def without_frames(part: bytes) -> bytes:
    """Return a part in which what the only cell of a frame holds stands in the frame's place."""
    for _ in range(_DEEPEST):
        frames = _frames(part)
        if not frames:
            return part
        pieces: list[bytes] = []
        place = 0
        for start, end, (begin, stop) in frames:
            pieces += [part[place:start], _PROPERTIES.sub(b"", part[begin:stop], count=1)]
            place = end
        part = b"".join([*pieces, part[place:]])
    return part


def _frames(part: bytes) -> list[tuple[int, int, tuple[int, int]]]:
    """Return (start, end, (start, end) of what its cell holds) of the outermost frames, in order; none where tags do not match."""
    found: list[tuple[int, int, tuple[int, int]]] = []
    opened: list[_Open] = []
    for mark in _MARK.finditer(part):
        if mark[1]:
            if mark[1] == b"tbl" and len(opened) > 1:  # in the cell of another
                opened[-2].holds_table = True
            opened.append(_Open(mark[1], mark.start(), mark.end()))
            continue
        if not opened or opened[-1].name != mark[2]:
            return []
        one = opened.pop()
        if one.name == b"tc" and opened:
            opened[-1].cells.append((one.inside, mark.start()))
        elif one.name == b"tbl" and len(one.cells) == 1 and one.holds_table:
            while found and found[-1][0] > one.start:
                found.pop()  # stands in this one
            found.append((one.start, mark.end(), one.cells[0]))
    return found if not opened else []
