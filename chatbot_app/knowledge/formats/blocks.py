"""Text to blocks: where headings, paragraphs, tables and code begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from chatbot_app.core.documents import Block, BlockKind

_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*?)[ \t]*#*$")
_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")
_MARKUP = re.compile(r"[*_`\\]|!?\[|\]\([^)]*\)")
_WRAPPED_LINE = 100  # characters: a text whose lines are all shorter has been wrapped by hand
_LINES_LOOKED_AT = 400
_LINE = re.compile(r"[^\S\n]*\S[^\n]*")
_TABLE = re.compile(r"^\|[^\n]*\|\n\|(?:-{3,}:?\|)+(?:\n\|[^\n]*\|)+$", re.MULTILINE)  # rows below a rule
_PARAGRAPH = re.compile(r"[^\S\n]*\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")


def markdown_blocks(
    text: str,
    *,
    page_of: Mapping[int, int] | None = None,
    headings_at: Mapping[int, tuple[int, int]] | None = None,
) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text. `page_of` maps the offset where a page begins to its number,
    `headings_at` the offset where a heading without a mark begins to (its end, its level).

    A block never crosses the beginning of a page.
    """
    written = _Blocks(text)
    fenced = ""
    unmarked_end = 0  # of a heading without a mark; it may have several lines
    for start, end in _lines(text):
        if page_of and start in page_of:
            written.begin_page(start, page_of[start])
            fenced = ""
        if start < unmarked_end:
            continue
        line = text[start:end]
        fence = _FENCE.match(line)
        if fenced:
            if fence and fence.group(1) == fenced:
                fenced = ""
                written.close(end)
        elif headings_at and start in headings_at:
            unmarked_end, level = headings_at[start]
            written.add_heading(start, unmarked_end, level, text[start:unmarked_end])
        elif fence:
            fenced = fence.group(1)
            written.close(start)
            written.go_on_with(BlockKind.CODE, start)
        elif not line.strip():
            written.close(start)
        elif heading := _HEADING.match(line):
            name = _MARKUP.sub("", heading.group(2))
            written.add_heading(start, end, len(heading.group(1)), name)
        else:
            is_row = line.lstrip().startswith("|")
            written.go_on_with(BlockKind.TABLE if is_row else BlockKind.PARAGRAPH, start)
    written.close(len(text))
    return tuple(written.blocks)


class _Blocks:
    """Blocks as they are closed, in order, below the headings and on the page where they begin."""

    def __init__(self, text: str) -> None:
        self.blocks: list[Block] = []
        self._text = text
        self._headings: list[tuple[int, str]] = []  # level, name
        self._page: int | None = None
        self._kind: BlockKind | None = None  # of the block that is open
        self._begin = 0

    def close(self, end: int) -> None:
        """End the block that is open, if there is one."""
        if self._kind is not None and self._text[self._begin : end].strip():
            path = tuple(name for _level, name in self._headings)
            self.blocks.append(Block(self._kind, self._begin, end, self._page, path))
        self._kind = None

    def begin_page(self, start: int, number: int) -> None:
        """End what is open where a page begins."""
        self.close(start)
        self._page = number

    def go_on_with(self, kind: BlockKind, start: int) -> None:
        """Begin a block of a kind where none of it is open."""
        if self._kind is not kind:
            self.close(start)
            self._kind, self._begin = kind, start

    def add_heading(self, start: int, end: int, level: int, name: str) -> None:
        """Write a heading; those of its level and below it end."""
        self.close(start)
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        self._headings.append((level, " ".join(name.split())))
        self._kind, self._begin = BlockKind.HEADING, start
        self.close(end)


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Return the paragraphs and tables of a plain text: apart by empty lines, or each line one where none is wrapped."""
    sample = [end - start for (start, end), _ in zip(_lines(text), range(_LINES_LOOKED_AT), strict=False)]
    wrapped = not sample or max(sample) <= _WRAPPED_LINE
    pattern = _PARAGRAPH if wrapped else _LINE
    blocks: list[Block] = []
    place = 0
    for table in (*_TABLE.finditer(text), None):
        end = table.start() if table is not None else len(text)
        blocks += [
            Block(BlockKind.PARAGRAPH, found.start(), found.end())
            for found in pattern.finditer(text, place, end)
        ]
        if table is not None:
            blocks.append(Block(BlockKind.TABLE, table.start(), table.end()))
            place = table.end()
    return tuple(blocks)


def code_blocks(text: str) -> tuple[Block, ...]:
    """Return source code cut where an unindented line follows an empty one: between definitions."""
    blocks = []
    begin, after_empty = 0, False
    for start, end in _lines(text):
        line = text[start:end]
        if after_empty and line.strip() and not line[0].isspace():
            blocks.append(Block(BlockKind.CODE, begin, start - 1))
            begin = start
        after_empty = not line.strip()
    blocks.append(Block(BlockKind.CODE, begin, len(text)))
    return tuple(block for block in blocks if text[block.start : block.end].strip())


def values_blocks(text: str) -> tuple[Block, ...]:
    """Return a text of rows, the header first, as one table; lines above an empty one are a paragraph each."""
    begin = 0
    found: list[Block] = []
    if not text.startswith("|") and "\n\n|" in text:
        begin = text.index("\n\n|") + 2
        found = [Block(BlockKind.PARAGRAPH, start, end) for start, end in _lines(text[: begin - 2])]
    return (*found, Block(BlockKind.TABLE, begin, len(text))) if text.strip() else ()


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        yield start, end
        start = end + 1
