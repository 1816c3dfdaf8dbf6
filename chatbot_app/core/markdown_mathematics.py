"""Mathematics in Markdown: `$x$`, `\\(x\\)` in a line, `$$x$$`, `\\[x\\]` in a line or as a block.

Every rule looks at a character a bounded number of times, whatever stands there: an opening that is never
closed costs one search for its end.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

INLINE_MOST = 2_000  # characters

_FAILED = "mathematics_without_end"  # in the environment of a text: where openings were in vain

_ENDS = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
# Between two dollars stands no third: the search for the end goes to the next one only.
_DOLLAR = re.compile(r"\$(?=\S)((?:\\.|[^\\$\n]|\n(?!\n)){1,2000}?)(?<=\S)\$(?!\d)")


def add_mathematics(parser: MarkdownIt) -> None:
    """Have a parser make the tokens `math_inline` (`meta["display"]`) and `math_block`."""
    parser.inline.ruler.before("escape", "math_inline", _math_inline)
    parser.block.ruler.before(
        "fence", "math_block", _math_block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _math_inline(state: StateInline, silent: bool) -> bool:
    source, pos = state.src, state.pos
    if source[pos] not in "$\\":
        return False
    opening = source[pos : pos + 2]
    ending = _ENDS.get(opening)
    if ending is not None:
        begin = pos + 2
        end = source.find(ending, begin + 1, min(begin + INLINE_MOST, state.posMax) + 2)
        if end < 0 or end + 2 > state.posMax:
            if opening != "$$":
                return False
            if not silent:
                state.pending += opening  # not one dollar and the start of a shorter formula
            state.pos = begin
            return True
        content, last = source[begin:end], end + 2
    elif source[pos] == "$" and (match := _DOLLAR.match(source, pos, state.posMax)):
        content, last = match.group(1), match.end()
    else:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = content.strip()
        token.markup = source[pos:last]
        token.meta = {"display": opening in ("$$", "\\[")}
    state.pos = last
    return True


def _math_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read `$$ … $$` or `\\[ … \\]` that stands alone; a blank line before the end makes it a paragraph."""
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    opening = state.src[begin : begin + 2]
    if opening not in ("$$", "\\["):
        return False
    # Where one opening finds no end, none before that place finds one.
    place = (opening, state.level, state.blkIndent, end_line)
    failed: dict[tuple[str, int, int, int], tuple[str, int, int]] = state.env.setdefault(_FAILED, {})
    source, first, last = failed.get(place, ("", 0, 0))
    if source is state.src and first <= start_line < last:
        return False
    line, content = _content(state, start_line, end_line, opening)
    if not content:
        failed[place] = (state.src, start_line, line)
        return False
    if not silent:
        state.line = line + 1
        token = state.push("math_block", "math", 0)
        token.content = content
        token.map = [start_line, line + 1]
        token.markup = opening
    return True


def _content(state: StateBlock, start_line: int, end_line: int, opening: str) -> tuple[int, str]:
    """Return the line on which the search for the end was over, and the LaTeX up to it, "" where it is none."""
    ending = _ENDS[opening]
    begin = state.bMarks[start_line] + state.tShift[start_line] + 2
    lines: list[str] = []
    for line in range(start_line, end_line):
        if line == start_line:
            text = state.src[begin : state.eMarks[line]]
        else:
            text = state.getLines(line, line + 1, state.blkIndent, False)
        stripped = text.rstrip()
        if line > start_line and not stripped:
            return line, ""
        if ending in stripped:
            if not stripped.endswith(ending) or stripped.count(ending) > 1:
                return line, ""  # text follows: a paragraph with mathematics in it
            lines.append(stripped[: -len(ending)])
            return line, "\n".join(lines).strip()
        lines.append(text)
    return end_line, ""
