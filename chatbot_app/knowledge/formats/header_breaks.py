"""Headers of mails and heads of pages as Markdown shows them: a line each, addresses as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NAMES = "Subject|From|To|CC|Date|Attachments|Author|Event|Begins|Ends|Place|Organizer"
_LINE = re.compile(rf"^(?:{_NAMES}): [^\n]*(?P<more>\n(?=(?:{_NAMES}): ))?", re.MULTILINE)
_ADDRESS = re.compile(r"<(?=[^<>\s@]+(?:@[^<>\s@]+)+>)")


def with_header_breaks(text: str, places: Sequence[int]) -> tuple[str, list[int]]:
    """Return a text whose lines of headers stay lines in Markdown, and where the characters at `places` stand in it."""
    added: list[tuple[int, str]] = []
    for line in _LINE.finditer(text):
        added += [(line.start() + address.start(), "\\") for address in _ADDRESS.finditer(line[0])]
        if line["more"]:
            added.append((line.start("more"), "\\"))
    parts: list[str] = []
    done = 0
    for place, mark in added:
        parts += [text[done:place], mark]
        done = place
    parts.append(text[done:])
    moved = [at + sum(len(mark) for place, mark in added if place <= at) for at in places]
    return "".join(parts), moved
