"""The few HTML tags that models write in Markdown, as tokens of our own; every other tag stays text.

Nothing of a tag but its name is kept. What a tag shows is decided where the tokens are drawn: no HTML reaches Qt.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from chatbot_app.core.markdown_folds import FOLD, fold_end, fold_start

MAX_DETAILS = 8  # in each other; deeper ones are read as text
_SUMMARY_MOST = 2_000  # characters

# By the name in the text, the one in the token.
INLINE_TAGS = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "u": "u",
    "ins": "u",
    "s": "s",
    "del": "s",
    "strike": "s",
    "sub": "sub",
    "sup": "sup",
    "kbd": "kbd",
    "mark": "mark",
    "code": "code",
    "p": "p",
    "br": "br",
}
_TAG = re.compile(rf"<(/?)({'|'.join(INLINE_TAGS)})(?:\s[^<>]{{0,300}})?/?>", re.IGNORECASE)
_RULE = re.compile(r"<hr(?:\s[^<>]*)?/?>\s*$", re.IGNORECASE)
_DETAILS = re.compile(r"<(/?)details(?:\s[^<>]*)?>", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*<summary(?:\s[^<>]*)?>(.*?)</summary\s*>", re.IGNORECASE | re.DOTALL)
_DEPTH = "depth_of_details"  # in the environment of a text
FOLDS_APART = (
    "folds_apart"  # likewise: how many folds are open, where only the edges of folds at the top level count
)


def add_tags(parser: MarkdownIt) -> None:
    """Have a parser make the tokens `tag_open`, `tag_close` (`tag` is the name), `details_open`, `details_close`."""
    parser.inline.ruler.before("autolink", "tag", _tag)
    parser.inline.ruler2.push("tag_pairs", _pair)
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("fence", "html_rule", _rule, {"alt": interrupted})
    parser.block.ruler.before("fence", "details", _details, {"alt": interrupted})


def _tag(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    match = _TAG.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        name = INLINE_TAGS[match.group(2).lower()]
        if name == "br":
            state.push("hardbreak", "br", 0)
        else:
            token = state.push("text_tag", name, 0)
            token.content = match.group(0)
            token.meta = {"closes": bool(match.group(1))}
    state.pos = match.end()
    return True


def _pair(state: StateInline) -> None:
    """Make pairs of what opens and closes; a tag without the other half stays text."""
    opened: dict[str, list[int]] = {}
    for position, token in enumerate(state.tokens):
        if token.type != "text_tag":
            continue
        waiting = opened.setdefault(token.tag, [])
        if not token.meta["closes"]:
            waiting.append(position)
        elif waiting:
            state.tokens[waiting.pop()].type = "tag_open"
            token.type = "tag_close"


def _rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if not _RULE.match(state.src, begin, state.eMarks[start_line]):
        return False
    if not silent:
        state.line = start_line + 1
        token = state.push("hr", "hr", 0)
        token.map = [start_line, state.line]
        token.markup = "<hr>"
    return True


def _details(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read `<details>` with its summary up to `</details>`, or to the end while that has not arrived."""
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    opening = _DETAILS.match(state.src, begin, state.eMarks[start_line])
    if opening is None:
        return False
    if not state.level and (open_now := state.env.get(FOLDS_APART)) is not None:
        return _edge(state, start_line, begin, open_now, silent)
    if opening.group(1):
        return _stray_end(state, start_line, opening.end(), silent)
    depth = int(state.env.get(_DEPTH, 0))
    if depth >= MAX_DETAILS:
        return False
    if silent:
        return True
    text = state.getLines(start_line, end_line, state.blkIndent, False)
    body, last = _inside(text)
    skipped = _DETAILS.search(text)
    offset = skipped.end() if skipped else 0
    summary = _SUMMARY.match(text, offset, min(body, offset + _SUMMARY_MOST))
    token = state.push("details_open", "details", 1)
    opened = fold_start(text, complete=True)
    token.meta = {"expanded": opened is not None and opened.expanded}
    token.map = [start_line, min(start_line + text.count("\n", 0, last) + 1, end_line)]
    state.line = token.map[1]
    title = state.push("inline", "", 0)
    title.content = " ".join(summary.group(1).split()) if summary else ""
    title.children = []
    title.meta = {"summary": True}
    first = summary.end() if summary else offset
    made = len(state.tokens)
    known = set(state.env.get("references", {}))
    state.env[_DEPTH] = depth + 1
    state.md.block.parse(text[first:body], state.md, state.env, state.tokens)
    state.env[_DEPTH] = depth
    line = start_line + text.count("\n", 0, first)
    for inner in state.tokens[made:]:
        inner.level += state.level
        if inner.map is not None:
            inner.map = [inner.map[0] + line, inner.map[1] + line]
    for label, definition in state.env.get("references", {}).items():
        if label not in known and "map" in definition:
            definition["map"] = [definition["map"][0] + line, definition["map"][1] + line]
    state.push("details_close", "details", -1)
    return True


def _edge(state: StateBlock, line: int, begin: int, open_now: int, silent: bool) -> bool:
    """Make a token of the line that a fold begins or ends with; an end without a beginning counts alone on its line."""
    text = state.src[begin : state.eMarks[line]]
    if not (fold_end(text) if open_now else 0) and fold_start(text, complete=False) is None:
        return _stray_end(state, line, begin + fold_end(text), silent)
    if not silent:
        state.line = line + 1
        token = state.push(FOLD, "", 0)
        token.map = [line, state.line]
    return True


def _inside(text: str) -> tuple[int, int]:
    """Return where the content of the details that begin `text` ends, and where what follows them begins."""
    open_now = 0
    for match in _DETAILS.finditer(text):
        open_now += -1 if match.group(1) else 1
        if not open_now:
            return match.start(), match.end()
    return len(text), len(text)


def _stray_end(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Take a `</details>` alone on its line: of details that were cut because they are long."""
    if state.src[end : state.eMarks[line]].strip():
        return False
    if not silent:
        state.line = line + 1
    return True
