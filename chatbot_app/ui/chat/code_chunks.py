"""Code as chunks of lines, each of which is laid out and drawn by itself."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot_app.core.text_weight import shaped_reach

LINES_A_CHUNK = 60
CHARACTERS_A_CHUNK = 4_000
TAB = 7  # characters that a tab costs besides itself
LINE_SHOWN = 1_000  # weight of one line; Qt shapes and paints all of it, however little of it can be seen
ROW_SHOWN = 400  # weight of each row of a line that is longer


def chunks_from(
    code: str, start: int, *, limit: int, lines_before: int, lines_most: int, is_first: bool
) -> Iterator[tuple[str, int, int]]:
    """Yield the text of each chunk from a place in the code on, where it begins and where the next one does.

    At most `limit` characters and `lines_most` lines are shown, of which `lines_before` stand before the place; where
    `is_first`, even nothing is a chunk.
    """
    lines: list[str] = []
    length = 0
    offset = at = start
    start_of_line = code.rfind("\n", 0, start) + 1
    count = lines_before
    while at <= limit:
        end = code.find("\n", at)
        end = len(code) if end < 0 else end
        stop = end
        if at > start_of_line or shaped_reach(code, at, LINE_SHOWN) < end:
            stop = min(end, shaped_reach(code, at, ROW_SHOWN))
        lines.append(code[at:stop])
        length += stop - at + TAB * code.count("\t", at, stop)
        count += 1
        # A long line goes on in the next row; only a line break is left out.
        if stop == end:
            at = start_of_line = stop + 1
        else:
            at = stop
        full = len(lines) >= LINES_A_CHUNK or length >= CHARACTERS_A_CHUNK
        if full and at <= limit and count < lines_most:
            yield "\n".join(lines), offset, at
            lines, length, offset, is_first = [], 0, at, False
        if count >= lines_most:
            break
    if lines or is_first:
        yield "\n".join(lines), offset, at
