"""A text on one line, as people write line breaks and tabs in it."""

from __future__ import annotations


def escaped(text: str) -> str:
    """Return a stop sequence on one line, as `\\n` and `\\t` write line breaks and tabs."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def unescaped(line: str) -> str:
    """Return what `escaped` made the line from."""
    marks = {"n": "\n", "t": "\t", "\\": "\\"}
    text, rest = "", line
    while "\\" in rest:
        before, _, rest = rest.partition("\\")
        text += before + marks.get(rest[:1], "\\" + rest[:1])
        rest = rest[1:]
    return text + rest
