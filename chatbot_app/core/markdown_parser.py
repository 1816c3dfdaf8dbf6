"""One way to read Markdown: CommonMark, tables, strikethrough and mathematics between dollars or brackets."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

MAX_NESTING = 20  # deeper quotes and lists are read as text: layout of nested frames is exponential in Qt

_DISPLAY_ENDS = {"$$": "$$", "\\[": "\\]"}
_INLINE_DOLLAR = re.compile(r"\$(?=\S)((?:\\.|[^\\$\n]|\n(?!\n)){1,1000}?)(?<=\S)\$(?!\d)")
_INLINE_BRACKET = re.compile(r"\\\((.{1,1000}?)\\\)", re.DOTALL)
_INLINE_DISPLAY = re.compile(r"\$\$(.{1,2000}?)\$\$|\\\[(.{1,2000}?)\\\]", re.DOTALL)


@cache
def block_parser() -> MarkdownIt:
    """Return the parser that finds blocks only. It keeps nothing between texts, so one serves all."""
    parser = create_parser()
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


@cache
def full_parser() -> MarkdownIt:
    """Return the parser for blocks and what stands in them."""
    return create_parser()


def create_parser() -> MarkdownIt:
    """Return a parser whose tokens include `math_inline` and `math_block`; raw HTML stays text."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING})
    parser.enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "math_inline", _math_inline)
    parser.block.ruler.before(
        "fence", "math_block", _math_block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    return parser


def _math_inline(state: StateInline, silent: bool) -> bool:
    source, pos = state.src, state.pos
    if source[pos] not in "$\\":
        return False
    display = False
    if source.startswith(("$$", "\\["), pos):
        match = _INLINE_DISPLAY.match(source, pos, state.posMax)
        display = True
    elif source[pos] == "$":
        match = _INLINE_DOLLAR.match(source, pos, state.posMax)
    else:
        match = _INLINE_BRACKET.match(source, pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = next(group for group in match.groups() if group is not None).strip()
        token.markup = match.group(0)
        token.meta = {"display": display}
    state.pos = match.end()
    return True


def _math_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read `$$ … $$` or `\\[ … \\]` that stands alone; a blank line before the end makes it a paragraph."""
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    opening = state.src[begin : begin + 2]
    ending = _DISPLAY_ENDS.get(opening)
    if ending is None:
        return False
    first = state.src[begin + 2 : state.eMarks[start_line]]
    lines: list[str] = []
    for line in range(start_line, end_line):
        text = first if line == start_line else state.getLines(line, line + 1, state.blkIndent, False)
        if line > start_line and not text.strip():
            return False
        stripped = text.rstrip()
        if ending in stripped:
            if not stripped.endswith(ending) or stripped.count(ending) > 1:
                return False  # text follows: a paragraph with mathematics in it
            lines.append(stripped[: -len(ending)])
            content = "\n".join(lines).strip()
            if silent or not content:
                return bool(content)
            state.line = line + 1
            token = state.push("math_block", "math", 0)
            token.content = content
            token.map = [start_line, line + 1]
            token.markup = opening
            return True
        lines.append(text)
    return False
