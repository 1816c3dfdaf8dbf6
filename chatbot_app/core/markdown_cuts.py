"""Where a block that became too long is cut."""

from __future__ import annotations

import re
import unicodedata

READ_AT_ONCE = 6_000  # characters

_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’)]*\s|[。！？]")


def cut_point(body: str, most: int, *, lines_only: bool) -> int:
    """Return where to cut a block before `most`: after a line, else a sentence, a word, or a whole character."""
    floor = most // 2
    newline = body.rfind("\n", floor, most)
    if newline > 0:
        return newline + 1
    if lines_only and (newline := body.find("\n", most)) > 0 and newline < READ_AT_ONCE:
        return newline + 1
    sentences = list(_SENTENCE_END.finditer(body, floor, most))
    if sentences:
        return sentences[-1].end()
    space = body.rfind(" ", floor, most)
    if space > 0:
        return space + 1
    at = max(min(most, len(body)), 1)
    while (
        at < len(body) and at < most + 64 and (unicodedata.combining(body[at]) or body[at] in "\u200d\ufe0f")
    ):
        at += 1
    return at
