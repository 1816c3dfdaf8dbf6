"""Marks that a reader of Office files puts before signs which Markdown might take for its own: "R\\&D", "6\\. Law".

The text of a document is shown, searched and quoted as it was written, so that they go where Markdown takes nothing for
anything else without them. Those of stars, bars and what would open a line as a heading or a quotation stay.
"""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\([&<>.\-+()!#={}:;,/?@%^'\"\[\]])|(?<=\w)\\(_)(?=\w)")
_BOLD_CELL = re.compile(r"(?<=\| )\\\*\\\*(?=\S)([^|*]+?)(?<=\S)\\\*\\\*(?= \|)")
_OPENS = frozenset("#>=")  # at the beginning of a line
_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)
_LINK = re.compile(r"\]\\?\(")
_BRACKETS = frozenset("[]")


def without_escapes(text: str) -> str:
    """Return Markdown of a reader without the escapes that it does not need; code in fences stays as it is."""
    if "\\" not in text:
        return text
    parts = _FENCE.split(text)
    # Every second part stands between fences.
    fences = _FENCE.findall(text)
    cleaned = [part if number % 2 else _cleaned(part) for number, part in enumerate(parts)]
    return cleaned[0] + "".join(f"{fence}{part}" for fence, part in zip(fences, cleaned[1:], strict=True))


def _cleaned(text: str) -> str:
    return "\n".join(_line(line) if "\\" in line else line for line in text.split("\n"))


def _line(line: str) -> str:
    if line.startswith("|"):
        line = _BOLD_CELL.sub(r"\1", line)  # bold of a cell of Word's is escaped twice
    has_link = _LINK.search(line) is not None

    def meant(escape: re.Match[str]) -> str:
        sign = escape[1] or escape[2]
        opens = sign in _OPENS and not line[: escape.start()].strip()
        return escape[0] if opens or (has_link and sign in _BRACKETS) else sign

    return _ESCAPED.sub(meant, line)
