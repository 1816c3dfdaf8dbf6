"""What a document says, made fit for a line: without Markdown marks, a repeated title and line breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from pathlib import Path
from textwrap import dedent

from chatbot_app.core.trust import Quote
from chatbot_app.core.visible_text import visible_text
from chatbot_app.knowledge.formats.registry import Reader, reader_for
from chatbot_app.knowledge.tables.markdown import is_rule

_LINE_START = re.compile(
    r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)+", re.MULTILINE
)
_FENCE = re.compile(
    r"^[ \t]{0,3}(?:`{3,}|~{3,})[^\n]*$|^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t:-]*$", re.MULTILINE
)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ \t]+\"[^\"\n]*\")?\)")
_EMPHASIS = re.compile(r"(?<![\w\\])(\*{1,3}|_{1,3})(?=\S)([^\n]{1,500}?)(?<=\S)\1(?!\w)")
_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)([^`\n]+)\1(?!`)")
_NOTE_SIGN = re.compile(r"\[\^(?:\d{1,3}|(?!\w-\w)[\w-]{2,20})\](?::[ \t]*)?")  # "[^a-z]" is a pattern
_ESCAPED = re.compile(r"\\([^\w\s])")
_CELL = re.compile(r"[ \t]*\|[ \t]*")
_READ_MOST = 20_000  # characters
_TAB = 4  # columns
_LONGEST_HEADING = 80
_MOST_LINES_OF_HEADING = 4


def is_markdown(path: str) -> bool:
    """Whether a document's text is Markdown: as it was written, or as Office files and mails are read."""
    return reader_for(Path(path)) in (Reader.MARKDOWN, Reader.KREUZBERG)


def snippet_of(text: str, path: str, headings: tuple[str, ...] = ()) -> str:
    """Return a stretch of a document on one line, its words as they are.

    Markdown documents lose their marks; first lines that only repeat a heading are left out.
    """
    text = visible_text(text[:_READ_MOST])
    if is_markdown(path):
        text = _ESCAPED.sub(r"\1", without_marks(text))
    elif text.startswith("|") or "\n|" in text:
        text = "\n".join(_without_edges(line) for line in text.split("\n") if not is_rule(line))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    repeated = {_plain(heading) for heading in headings}
    kept = [line for line in lines if line]
    while repeating := _lines_of_heading(kept, repeated):
        del kept[:repeating]
    # A heading that was not known as one, and the sentence below it: "iPhone", "iPhone net sales decreased …".
    if len(kept) > 1 and len(kept[0]) <= _LONGEST_HEADING and kept[1].startswith(f"{kept[0]} "):
        kept.pop(0)
    return " ".join(kept)


def words_of_quote(quote: Quote) -> str:
    """Return what a quote says on one line: a row of a table in words, else as it reads, without what its headings say."""
    if quote.described:
        return " ".join(visible_text(quote.described).split())
    return snippet_of(quote.text, quote.path, (quote.document, *quote.heading.split(" › ")))


def code_of(text: str) -> str:
    """Return lines of source code as they are, without the empty ones and the indentation that all of them have."""
    lines = [visible_text(line.expandtabs(_TAB)).rstrip() for line in text[:_READ_MOST].split("\n")]
    return dedent("\n".join(line for line in lines if line))


def _lines_of_heading(lines: Sequence[str], headings: Set[str]) -> int:
    """Return how many of the first lines repeat a heading, 0 where none does or nothing stands below; pages break long ones."""
    counts = range(min(_MOST_LINES_OF_HEADING, len(lines) - 1), 0, -1)
    return next((count for count in counts if _plain(" ".join(lines[:count])) in headings), 0)


def _plain(line: str) -> str:
    return " ".join(without_marks(visible_text(line)).split()).casefold()


def without_marks(text: str) -> str:
    """Return Markdown as it reads, line by line; brackets and stars that mark nothing stay."""
    text = _FENCE.sub("", text)
    text = _LINE_START.sub("", text)
    text = _LINK.sub(r"\1", _NOTE_SIGN.sub("", text))
    text = _CODE.sub(r"\2", text)
    for _ in range(2):
        text = _EMPHASIS.sub(r"\2", text)
    lines = text.split("\n")
    return "\n".join(_without_edges(line) for line in lines)


def _without_edges(line: str) -> str:
    """Return a row of a table with spaces between its cells."""
    bare = line.strip()
    if not (bare.startswith("|") and bare.endswith("|") and len(bare) > 1):
        return line
    return _CELL.sub("  ", bare.strip("|")).strip()
