"""Markdown as a list of top-level blocks that grows at its end.

While an answer streams only its last block changes, so that everything before it is drawn once. The work
per character is bounded: fences and tables are read line by line, everything else is read again from the
start of the last block only, and a block that grows past a limit is cut into blocks that continue it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chatbot_app.core.markdown_parser import block_parser
from chatbot_app.core.markdown_tables import is_table_start, split_row

CUT_AT = 3_000  # characters; reading and drawing a block this long takes a few milliseconds
READ_AT_ONCE = 6_000
UNDIVIDED_MOST = 24_000  # one list item or quote; beyond that it is cut at a line even so
MAX_COLUMNS = 64  # wider tables are shown as their source


class BlockKind(StrEnum):
    """What draws a block."""

    TEXT = "text"  # paragraph, heading, list, quote, rule
    CODE = "code"
    TABLE = "table"
    MATH = "math"
    PLAIN = "plain"  # shown literally: raw HTML, tables that are too wide, a person's own message


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block. `source` is its Markdown; for CODE the code, for MATH the LaTeX.

    `name` is the kind of Markdown ("paragraph", "heading", "list", "quote"…), `language` what stands after
    a fence. A block that is not `closed` is a fence or table still growing; one that is `continued` goes on
    where the block before it was cut.
    """

    kind: BlockKind
    source: str
    name: str = ""
    language: str = ""
    closed: bool = True
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """The blocks from `start` on are now `blocks`; those before it stay as they are."""

    start: int
    blocks: tuple[Block, ...]


_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}(?=[^`\n]*$)|~{3,})(?P<info>[^\n]*)$")
# Starts of blocks that need no parser: a paragraph of one line before a blank line, a heading.
_LONE_LINE = re.compile(r"((?:[^\W\d_]|\*\*\S)[^\n]*)\n[ \t]*\n")
_HEADING = re.compile(r"(#{1,6}[ \t][^\n]*)\n")
_GROWING_LINE = re.compile(r"(?:[^\W\d_]|\*\*\S)[^\n]*\Z")
_MATHEMATICS = re.compile(r"^ {0,3}(?:\$\$|\\\[)", re.MULTILINE)
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
_BLANK = re.compile(r"(?:[ \t]*\n)+")
_TABLE_END = re.compile(
    r"[ \t]*$| {4}|\t| {0,3}(?:>|#{1,6}(?:\s|$)|`{3,}|~{3,}|[-*+](?:\s|$)|\d{1,9}[.)](?:\s|$)|(?:[-*_][ \t]*){3,}$)"
)
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’)]*\s|[。！？]")
_NAMES = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "blockquote_open": "quote",
    "hr": "rule",
    "html_block": "html",
    "code_block": "code",
    "fence": "fence",
    "table_open": "table",
    "math_block": "math",
}


@dataclass(slots=True)
class _Part:
    """A block as it stands in the tail: characters `start` to `end`, and where it may be cut."""

    name: str
    start: int
    end: int
    content: str = ""
    cuts: tuple[int, ...] = ()


@dataclass(slots=True)
class _Leaf:
    """A fence or table that is being read line by line."""

    kind: BlockKind
    language: str
    closing: re.Pattern[str]
    indent: int
    text: list[str]


class BlockSplitter:
    """Splits text that arrives in pieces; `append` and `finish` say what changed.

    With `literal` only fences are recognised and everything else stays as typed. `references` are the link
    definitions met so far, in the form that the parser takes.
    """

    def __init__(self, *, literal: bool = False) -> None:
        self._literal = literal
        self._parser = block_parser()
        self._environment: dict[str, Any] = {}
        self._stable = 0
        self._tail = ""
        self._leaf: _Leaf | None = None
        self._continued = False
        self._read_again_at = 0
        self._finished = False

    @property
    def references(self) -> dict[str, Any]:
        """Link definitions by normalised label."""
        found: dict[str, Any] = self._environment.get("references", {})
        return found

    def append(self, text: str) -> Change:
        """Take more text and return the blocks from the first changed one on."""
        self._tail += text
        start = self._stable
        if len(self._tail) < self._read_again_at:
            return Change(start, ()) if not text else Change(start, (self._undivided(),))
        self._read_again_at = 0
        return Change(start, tuple(self._read()))

    def finish(self) -> Change:
        """Close what is still open; the text is complete."""
        self._finished = True
        self._read_again_at = 0
        start = self._stable
        return Change(start, tuple(self._read()))

    # --- the whole tail ------------------------------------------------------------------------------

    def _read(self) -> list[Block]:
        """Return the new stable blocks followed by the ones that may still change."""
        blocks: list[Block] = []
        while True:
            if self._leaf is not None:
                if not self._read_leaf(self._leaf):
                    blocks.append(self._leaf_block(self._leaf, closed=self._finished))
                    return blocks
                self._keep(blocks, self._leaf_block(self._leaf, closed=True))
                self._leaf = None
                continue
            if blank := _BLANK.match(self._tail):
                self._tail = self._tail[blank.end() :]
                self._continued = False
            if not self._tail.strip():
                return blocks
            if not self._literal and self._keep_simple(blocks):
                continue
            more = self._read_parts(blocks)
            if more is not None:
                return blocks + more

    def _keep(self, blocks: list[Block], block: Block) -> None:
        blocks.append(block)
        self._stable += 1
        self._continued = False

    def _keep_simple(self, blocks: list[Block]) -> bool:
        """Take a heading or a one-line paragraph from the start of the tail without parsing it."""
        for pattern, name in ((_LONE_LINE, "paragraph"), (_HEADING, "heading")):
            match = pattern.match(self._tail)
            if match and match.end() <= CUT_AT:
                self._keep(
                    blocks, Block(BlockKind.TEXT, match.group(1), name=name, continued=self._continued)
                )
                self._tail = self._tail[match.end() :]
                return True
        return False

    def _read_parts(self, blocks: list[Block]) -> list[Block] | None:
        """Read blocks from a piece of the tail; return the unstable ones, or None if there is more to read."""
        piece, whole = self._tail, True
        if len(piece) > READ_AT_ONCE:
            end = piece.rfind("\n", 0, READ_AT_ONCE) + 1
            piece, whole = piece[: end or READ_AT_ONCE], False
        parts = self._parts(piece)
        if not parts:  # link definitions only
            if whole and not self._finished:
                return []
            self._tail = self._tail[len(piece) :]
            return None
        stable = len(parts) if whole and self._finished else len(parts) - 1
        if whole and not self._finished and parts[-1].start > piece.rfind("\n"):
            stable -= 1  # the last line may still join the block before it: "#" becomes "#word"
        if whole and not self._finished:
            stable = min(stable, _open_mathematics(piece, parts))
        for position, part in enumerate(parts):
            if leaf := self._opened_leaf(piece, part, complete=not whole or self._finished):
                self._tail = self._tail[leaf[1] :]
                self._leaf = leaf[0]
                return None
            if position >= max(stable, 0):
                break
            self._keep(blocks, self._block(piece, part))
            if position + 1 == len(parts):
                self._tail = self._tail[len(piece) :]
                return None
        rest = parts[max(stable, 0) :]
        offset = rest[0].start if stable > 0 else 0
        self._tail = self._tail[offset:]
        if len(rest) == 1 and self._cut(blocks, rest[0], offset, whole=whole):
            return None
        if not whole:
            # One block fills the piece and ends with it: what follows is read on its own.
            self._keep(blocks, self._block(piece, rest[0]))
            self._tail = self._tail[rest[0].end - offset :]
            return None
        return [self._block(piece, part) for part in rest]

    def _parts(self, piece: str) -> list[_Part]:
        if self._literal:
            return _literal_parts(piece)
        if _GROWING_LINE.match(piece):
            return [_Part("paragraph", 0, len(piece), piece)]
        ends = [0]
        for line in piece.split("\n"):
            ends.append(ends[-1] + len(line) + 1)
        ends[-1] = len(piece)
        parts: list[_Part] = []
        cuts: list[int] = []
        for token in self._parser.parse(piece, self._environment):
            if token.map is None or token.nesting < 0:
                continue
            first, last = ends[token.map[0]], ends[min(token.map[1], len(ends) - 1)]
            if token.level == 0:
                cuts = []
                parts.append(_Part(_NAMES.get(token.type, "paragraph"), first, last, token.content))
            elif token.level == 1 and token.type == "list_item_open":
                cuts.append(first)
                parts[-1].cuts = tuple(cuts)
        return parts

    def _block(self, piece: str, part: _Part) -> Block:
        source = piece[part.start : part.end].rstrip("\n")
        match part.name:
            case "math":
                return Block(BlockKind.MATH, part.content, name=part.name)
            case "code":
                return Block(BlockKind.CODE, part.content.rstrip("\n"), name=part.name)
            case "html" | "literal":
                kind = BlockKind.PLAIN
            case _:
                kind = BlockKind.TEXT
        return Block(kind, source, name=part.name, continued=self._continued)

    # --- blocks that grow too long -------------------------------------------------------------------

    def _cut(self, blocks: list[Block], part: _Part, offset: int, *, whole: bool) -> bool:
        """Cut a block that became too long; what is left of it stays in the tail."""
        length = part.end - part.start
        if length < CUT_AT:
            return False
        body = self._tail[: part.end - offset]
        at = max((cut - offset for cut in part.cuts), default=0) if part.name == "list" else 0
        if at <= 0 and part.name in ("list", "quote") and length < UNDIVIDED_MOST and whole:
            # Cannot be cut well. Reading it again only when it has grown by a quarter stays linear.
            self._read_again_at = len(self._tail) * 5 // 4
            return False
        if at <= 0:
            at = _cut_point(body, lines_only=part.name not in ("paragraph", "literal"))
        if not 0 < at < len(self._tail):
            return False
        name = part.name
        kind = BlockKind.PLAIN if name in ("html", "literal") else BlockKind.TEXT
        if name == "code":
            kind = BlockKind.CODE
        self._keep(blocks, Block(kind, body[:at].rstrip("\n"), name=name, continued=self._continued))
        self._tail = self._tail[at:]
        self._continued = True
        return True

    def _undivided(self) -> Block:
        return Block(BlockKind.TEXT, self._tail.rstrip("\n"), name="list", continued=self._continued)

    # --- fences and tables ---------------------------------------------------------------------------

    def _opened_leaf(self, piece: str, part: _Part, *, complete: bool) -> tuple[_Leaf, int] | None:
        """Return the leaf that begins at `part` and where its content begins, once its first lines are whole."""
        if part.name == "fence":
            end = piece.find("\n", part.start)
            if end < 0 and not complete:
                return None
            line = piece[part.start : end if end >= 0 else None]
            if not (match := _FENCE.match(line)):
                return None
            mark = match["mark"]
            closing = re.compile(rf"^ {{0,3}}{mark[0]}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
            language = match["info"].strip().split(" ")[0].strip("{}.")[:40]
            leaf = _Leaf(BlockKind.CODE, language, closing, match.start("mark"), [])
            return leaf, (end + 1 if end >= 0 else len(piece))
        if part.name == "table":
            lines = piece[part.start : part.end].split("\n", 2)
            if len(lines) < 3 and not (complete and len(lines) == 2):
                return None  # the delimiter row may still grow another column
            if not is_table_start(lines[0], lines[1]):
                return None
            wide = len(split_row(lines[0])) > MAX_COLUMNS
            kind = BlockKind.PLAIN if wide else BlockKind.TABLE
            return _Leaf(kind, "", _TABLE_END, 0, []), part.start
        return None

    def _read_leaf(self, leaf: _Leaf) -> bool:
        """Move complete lines from the tail to the leaf; return whether it is closed."""
        if leaf.kind is BlockKind.CODE:
            return self._read_fence(leaf)
        while self._tail:
            line, newline, rest = self._tail.partition("\n")
            if not newline and not self._finished:
                return False
            if leaf.closing.match(line):
                return True
            leaf.text.append(line + "\n")
            self._tail = rest
        return self._finished

    def _read_fence(self, leaf: _Leaf) -> bool:
        complete = len(self._tail) if self._finished else self._tail.rfind("\n") + 1
        match = leaf.closing.search(self._tail, 0, complete)
        body = self._tail[: match.start() if match else complete]
        if leaf.indent:
            body = re.sub(rf"^ {{1,{leaf.indent}}}", "", body, flags=re.MULTILINE)
        leaf.text.append(body)
        self._tail = self._tail[match.end() + 1 if match else complete :]
        return match is not None or self._finished

    def _leaf_block(self, leaf: _Leaf, *, closed: bool) -> Block:
        text = "".join(leaf.text)
        leaf.text[:] = [text]
        if leaf.kind is BlockKind.CODE:
            if not closed and not re.match(r" {0,3}[`~]", self._tail):
                text += self._tail  # the line that is arriving; a closing fence is not shown as code
            text = text.removesuffix("\n")
        name = "fence" if leaf.kind is BlockKind.CODE else "table"
        return Block(leaf.kind, text, name=name, language=leaf.language, closed=closed)


def _open_mathematics(piece: str, parts: Sequence[_Part]) -> int:
    """Return which part may be the start of mathematics that is still arriving, else how many there are.

    Until its end has come, "$$" is a paragraph and "- x" below it a list.
    """
    for position, part in enumerate(parts):
        if part.name == "paragraph":
            start = _MATHEMATICS.search(piece, part.start, part.end)
            if start and not _EMPTY_LINE.search(piece, start.end()):
                return position
    return len(parts)


def _literal_parts(piece: str) -> list[_Part]:
    """Find fences only; everything between them is one part."""
    for match in re.finditer(r"^[^\n]*$", piece, re.MULTILINE):
        if _FENCE.match(match.group(0)):
            before = [_Part("literal", 0, match.start())] if piece[: match.start()].strip() else []
            return [*before, _Part("fence", match.start(), len(piece))]
    return [_Part("literal", 0, len(piece))]


def _cut_point(body: str, *, lines_only: bool) -> int:
    """Return where to cut a long block: after a line, else a sentence, a word, or a whole character."""
    floor = CUT_AT // 2
    newline = body.rfind("\n", floor, CUT_AT)
    if newline > 0:
        return newline + 1
    if lines_only and (newline := body.find("\n", CUT_AT)) > 0 and newline < READ_AT_ONCE:
        return newline + 1
    sentences = list(_SENTENCE_END.finditer(body, floor, CUT_AT))
    if sentences:
        return sentences[-1].end()
    space = body.rfind(" ", floor, CUT_AT)
    if space > 0:
        return space + 1
    at = min(CUT_AT, len(body))
    while (
        at < len(body)
        and at < CUT_AT + 64
        and (unicodedata.combining(body[at]) or body[at] in "\u200d\ufe0f")
    ):
        at += 1
    return at
