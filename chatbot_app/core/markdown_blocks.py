"""Markdown as a list of top-level blocks that grows at its end.

While an answer streams only its last block changes, so that everything before it is drawn once. The work
per character is bounded: fences and tables are read line by line, everything else is read again from the
start of the last block only, and a block that grows past a limit is cut into blocks that continue it. The limits
are in characters and in weight (core.text_weight): a thousand characters of marks cost more than of prose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from chatbot_app.core.markdown_folds import FOLD, end_inside, fold_end, fold_start
from chatbot_app.core.markdown_parser import block_parser
from chatbot_app.core.markdown_tables import is_table_start, split_row
from chatbot_app.core.markdown_tags import FOLDS_APART
from chatbot_app.core.text_weight import reach, weight

CUT_AT = 3_000  # characters; reading and drawing a block this long takes a few milliseconds
HEAVY = 6_000  # weight of a block that is cut although it has fewer characters
READ_AT_ONCE = 6_000  # characters
READ_HEAVY = 9_000  # weight that is read at once
READ_FIRST = 1_200  # characters in which the next block is looked for before more is read
UNDIVIDED_MOST = 9_000  # weight of one list item or quote; beyond that it is cut at a line even so
REFERENCES_MOST = 200  # link definitions of one text; every block that is drawn takes them along
CALL_COST = 60  # weight of what is read without the parser
MAX_COLUMNS = 64  # wider tables are shown as their source


class BlockKind(StrEnum):
    """What draws a block."""

    TEXT = "text"  # paragraph, heading, list, quote, rule
    CODE = "code"
    TABLE = "table"
    MATH = "math"
    FOLD = "fold"  # the title of details; what they hold are the blocks after it that stand deeper
    PLAIN = "plain"  # shown literally: raw HTML, tables that are too wide, a person's own message


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block. `source` is its Markdown; for CODE the code, for MATH the LaTeX, for
    FOLD the title.

    `name` is the kind of Markdown ("paragraph", "heading", "list", "quote"…), `language` what stands after
    a fence. A block that is not `closed` is a fence or table still growing; one that is `continued` goes on
    where the block before it was cut. `number` is that of the first item of an ordered list that goes on, whatever is
    written there; 0 for the written one. `depth` is how many folds it stands in; `expanded` that a fold is open at first.
    """

    kind: BlockKind
    source: str
    name: str = ""
    language: str = ""
    closed: bool = True
    continued: bool = False
    number: int = 0
    depth: int = 0
    expanded: bool = False


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
    r"[ \t]*$| {4}|\t| {0,3}(?:>|</?details[\s>]|#{1,6}(?:\s|$)|`{3,}|~{3,}|[-*+](?:\s|$)|\d{1,9}[.)](?:\s|$)|(?:[-*_][ \t]*){3,}$)"
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
    "fold": FOLD,
}


@dataclass(slots=True)
class _Part:
    """A block as it stands in the tail: characters `start` to `end`, and where it may be cut.

    `numbers` are those of the items of its ordered lists, by where their lines begin.
    """

    name: str
    start: int
    end: int
    content: str = ""
    cuts: tuple[int, ...] = ()
    numbers: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Leaf:
    """A fence or table that is being read line by line."""

    kind: BlockKind
    language: str
    closing: re.Pattern[str]
    indent: int
    text: list[str]

    @property
    def is_full(self) -> bool:
        """Whether it goes on as another block: a table that is shown as written may be one line of any length."""
        return self.kind is BlockKind.PLAIN and sum(map(len, self.text)) >= CUT_AT


class BlockSplitter:
    """Splits text that arrives in pieces; `append` and `finish` say what changed.

    With `literal` only fences are recognised and everything else stays as typed. `references` are the link
    definitions met so far, in the form that the parser takes. With `read_most` a call reads about so much weight;
    while it then `is_behind`, `go_on` reads the rest.
    """

    def __init__(self, *, literal: bool = False, read_most: int | None = None) -> None:
        self._literal = literal
        self._read_most = read_most
        self._read_so_far = 0  # of this call
        self._parser = block_parser()
        self._references: dict[str, Any] = {}
        self._stable = 0
        self._tail = ""
        self._leaf: _Leaf | None = None
        self._continued = False
        self._number = 0  # of the first item of the list that the tail goes on with
        self._folds = 0  # that are open where the tail begins
        self._read_again_at = 0
        self._finished = False
        self._is_behind = False

    @property
    def references(self) -> dict[str, Any]:
        """Link definitions by normalised label."""
        return self._references

    def append(self, text: str) -> Change:
        """Take more text and return the blocks from the first changed one on."""
        self._tail += text
        start = self._stable
        if self._is_behind:
            return self.go_on()
        if len(self._tail) < self._read_again_at:
            return Change(start, ()) if not text else Change(start, (self._placed(self._undivided()),))
        self._read_again_at = 0
        return Change(start, tuple(self._read()))

    def finish(self) -> Change:
        """Close what is still open; the text is complete."""
        self._finished = True
        return self.go_on()

    @property
    def is_behind(self) -> bool:
        """Whether text that was taken is still to be read."""
        return self._is_behind

    @property
    def read_weight(self) -> int:
        """How much weight the last call read."""
        return self._read_so_far

    def go_on(self) -> Change:
        """Read more of what was taken, and say what changed."""
        self._read_again_at = 0
        start = self._stable
        return Change(start, tuple(self._read()))

    # --- the whole tail ------------------------------------------------------------------------------

    def _read(self) -> list[Block]:
        """Return the new stable blocks followed by the ones that may still change."""
        blocks: list[Block] = []
        self._read_so_far = 0
        self._is_behind = False
        while True:
            if self._read_most is not None and self._read_so_far > self._read_most:
                self._is_behind = True
                return blocks
            self._read_so_far += CALL_COST
            if self._leaf is not None:
                if not self._read_leaf(self._leaf):
                    if self._leaf.is_full:
                        self._keep(blocks, self._leaf_block(self._leaf, closed=True))
                        self._leaf.text.clear()
                        self._continued = True
                        continue
                    blocks.append(self._placed(self._leaf_block(self._leaf, closed=self._finished)))
                    return blocks
                if any(self._leaf.text) or self._leaf.kind is not BlockKind.PLAIN:
                    self._keep(blocks, self._leaf_block(self._leaf, closed=True))
                self._leaf = None
                self._continued = False
                continue
            if blank := _BLANK.match(self._tail):
                self._tail = self._tail[blank.end() :]
                self._continued = False
            if not self._tail.strip():
                return blocks
            if not self._literal and (fold := self._read_fold(blocks)) is not None:
                if fold:
                    continue
                return blocks
            if self._open_fence() or (not self._literal and self._keep_simple(blocks)):
                continue
            more = self._read_parts(blocks)
            if more is not None:
                return blocks + [self._placed(block) for block in more]

    def _placed(self, block: Block) -> Block:
        return replace(block, depth=self._folds) if self._folds else block

    def _read_fold(self, blocks: list[Block]) -> bool | None:
        """Take the start or the end of a fold from the start of the tail; None where there is none.

        False while its title is still arriving: it is given as it is so far.
        """
        if self._tail[:4].lstrip(" ")[:1] != "<":
            return None
        if self._folds and (end := fold_end(self._tail)):
            self._folds -= 1
            self._tail = self._tail[end:]
            self._continued, self._number = False, 0
            return True
        start = fold_start(self._tail, complete=self._finished)
        if start is None:
            return None
        block = Block(BlockKind.FOLD, start.title, name="details", expanded=start.expanded)
        if not start.whole:
            blocks.append(self._placed(block))
            return False
        self._keep(blocks, block)
        self._folds += 1
        self._tail = self._tail[start.end :]
        return True

    def _keep(self, blocks: list[Block], block: Block) -> None:
        blocks.append(self._placed(block))
        self._stable += 1
        if not block.continued or block.name == "list":
            self._number = 0  # what continues an item may be followed by the next one
        self._continued = False

    def _keep_simple(self, blocks: list[Block]) -> bool:
        """Take a heading or a one-line paragraph from the start of the tail without parsing it."""
        for pattern, name in ((_LONE_LINE, "paragraph"), (_HEADING, "heading")):
            match = pattern.match(self._tail)
            if match and self._folds and end_inside(match.group(1)) >= 0:
                return False
            if match and match.end() <= CUT_AT and weight(match.group(1)) <= HEAVY:
                self._keep(
                    blocks, Block(BlockKind.TEXT, match.group(1), name=name, continued=self._continued)
                )
                self._tail = self._tail[match.end() :]
                return True
        return False

    def _read_parts(self, blocks: list[Block]) -> list[Block] | None:
        """Read blocks from a piece of the tail; return the unstable ones, or None if there is more to read."""
        piece, whole = self._next_piece()
        parts = self._parts(piece)
        if len(parts) <= 1 and not whole:
            # It does not end there: now as much as may be read at once.
            longer, whole = self._next_piece(READ_AT_ONCE)
            if len(longer) > len(piece):
                piece, parts = longer, self._parts(longer)
        if not parts and not whole and not piece.endswith("\n"):
            parts = [
                _Part("paragraph", 0, len(piece), piece)
            ]  # a definition that is longer than anything read at once
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
            if part.name == FOLD:
                self._tail = self._tail[part.start :]
                return None
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
        return [self._block(piece, part) for part in rest if part.name != FOLD]

    def _next_piece(self, most: int = READ_FIRST) -> tuple[str, bool]:
        """Return the start of the tail, whole lines where it is cut, and whether it is all of the tail."""
        tail = self._tail
        end = min(most, len(tail))
        end = reach(tail[:end], READ_HEAVY)
        if end >= len(tail):
            return tail, True
        end = (tail.rfind("\n", 0, end) + 1) or end
        return tail[:end], False

    def _open_fence(self) -> bool:
        """Take a fence from the start of the tail, without reading what stands below it."""
        end = self._tail.find("\n")
        if (end < 0 and not self._finished) or self._tail[:1] not in ("`", "~", " "):
            return False
        line = self._tail[: end if end >= 0 else None]
        if len(line) > CUT_AT or not _FENCE.match(line) or (self._literal and self._continued):
            return False
        part = _Part("fence", 0, len(self._tail))
        opened = self._opened_leaf(self._tail, part, complete=self._finished)
        if opened is None:
            return False
        self._leaf = opened[0]
        self._tail = self._tail[opened[1] :]
        return True

    def _parts(self, piece: str) -> list[_Part]:
        self._read_so_far += weight(piece)
        if self._literal:
            return _literal_parts(piece)
        if _GROWING_LINE.match(piece) and not (self._folds and end_inside(piece) >= 0):
            return [_Part("paragraph", 0, len(piece), piece)]
        ends = [0]
        for line in piece.split("\n"):
            ends.append(ends[-1] + len(line) + 1)
        ends[-1] = len(piece)
        parts: list[_Part] = []
        cuts: list[int] = []
        counting: list[int | None] = []  # the next number of each open list, None for bullets
        environment: dict[str, Any] = {"references": dict(self._references), FOLDS_APART: self._folds}
        tokens = self._parser.parse(piece, environment)
        self._keep_references(environment["references"], piece, ends)
        for token in tokens:
            if token.type in ("ordered_list_close", "bullet_list_close"):
                counting.pop()
            if token.map is None or token.nesting < 0:
                continue
            first, last = ends[token.map[0]], ends[min(token.map[1], len(ends) - 1)]
            if token.level == 0:
                cuts = []
                parts.append(_Part(_NAMES.get(token.type, "paragraph"), first, last, token.content))
            if token.type == "bullet_list_open":
                counting.append(None)
            elif token.type == "ordered_list_open":
                goes_on = self._number if token.level == 0 and len(parts) == 1 else 0
                counting.append(goes_on or int(token.attrs.get("start", 1)))
            elif token.type == "list_item_open":
                if (number := counting[-1]) is not None:
                    parts[-1].numbers.setdefault(first, number)
                    counting[-1] = number + 1
                if token.level == 1:
                    cuts.append(first)
                    parts[-1].cuts = tuple(cuts)
        return self._up_to_fold(piece, parts)

    def _up_to_fold(self, piece: str, parts: list[_Part]) -> list[_Part]:
        """Return the parts up to the first start or end of a fold: what follows it is read on its own."""
        for position, part in enumerate(parts):
            if part.name == FOLD and part.start > 0:
                return parts[: position + 1]
            if self._folds and part.name not in ("fence", "table", "math", "code"):
                at = end_inside(piece[part.start : part.end])
                if at > 0:
                    part.end = part.start + at
                    return [*parts[: position + 1], _Part(FOLD, part.end, part.end)]
        return parts

    def _keep_references(self, found: dict[str, Any], piece: str, ends: list[int]) -> None:
        """Keep the first definitions; what uses a later one stands as it is written.

        The first of a label counts for good, so one is kept only when its last line has arrived: half an address
        would lead elsewhere.
        """
        is_all = piece.endswith("\n") or (self._finished and len(piece) == len(self._tail))
        for label, definition in found.items():
            if label not in self._references and len(self._references) >= REFERENCES_MOST:
                continue
            lines = definition.get("map")  # footnotes have none: they may grow
            if lines is None or is_all or ends[min(lines[1], len(ends) - 1)] < len(piece):
                self._references[label] = definition

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
        number = self._number if part.name == "list" and part.start in part.numbers else 0
        return Block(kind, source, name=part.name, continued=self._continued, number=number)

    # --- blocks that grow too long -------------------------------------------------------------------

    def _cut(self, blocks: list[Block], part: _Part, offset: int, *, whole: bool) -> bool:
        """Cut a block that became too long; what is left of it stays in the tail."""
        length = part.end - part.start
        body = self._tail[: part.end - offset]
        most = min(reach(body, HEAVY), CUT_AT)
        if length < CUT_AT and most >= length:
            return False
        at = 0
        if part.name == "list":
            starts = [cut - offset for cut in part.cuts if cut > offset]
            at = max((cut for cut in starts if cut <= most), default=min(starts, default=0))
        if at <= 0 and part.name in ("list", "quote") and whole and weight(body) < UNDIVIDED_MOST:
            # Cannot be cut well. Reading it again only when it has grown by a quarter stays linear.
            self._read_again_at = len(self._tail) * 5 // 4
            return False
        if at <= 0:
            at = _cut_point(body, most, lines_only=part.name not in ("paragraph", "literal"))
        if not 0 < at < len(self._tail):
            return False
        name = part.name
        kind = BlockKind.PLAIN if name in ("html", "literal") else BlockKind.TEXT
        if name == "code":
            kind = BlockKind.CODE
        number = self._number if part.start in part.numbers else 0
        source = body[:at].rstrip("\n")
        after = _number_after(part, at + offset) or (self._number if not part.numbers else 0)
        self._keep(blocks, Block(kind, source, name=name, continued=self._continued, number=number))
        self._tail = self._tail[at:]
        self._continued = True
        self._number = after
        return True

    def _undivided(self) -> Block:
        source = self._tail.rstrip("\n")
        return Block(BlockKind.TEXT, source, name="list", continued=self._continued, number=self._number)

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
        room = CUT_AT - sum(map(len, leaf.text)) if leaf.kind is BlockKind.PLAIN else len(self._tail) + 1
        while self._tail and room > 0:
            if leaf.kind is BlockKind.PLAIN and "\n" not in self._tail[:room] and len(self._tail) >= room:
                leaf.text.append(self._tail[:room])
                self._tail = self._tail[room:]
                return False
            line, newline, rest = self._tail.partition("\n")
            if not newline and not self._finished:
                return False
            if leaf.closing.match(line):
                return True
            leaf.text.append(line + "\n")
            self._tail = rest
            room -= len(line) + 1
        return self._finished and not self._tail

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
        continued = self._continued and leaf.kind is BlockKind.PLAIN
        return Block(leaf.kind, text, name=name, language=leaf.language, closed=closed, continued=continued)


def _number_after(part: _Part, at: int) -> int:
    """Return the number of the first item after a cut, at any depth; 0 where the list has none."""
    if at in part.numbers:
        return part.numbers[at]
    before = [part.numbers[cut] for cut in part.cuts if cut < at and cut in part.numbers]
    return before[-1] + 1 if before else 0


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


def _cut_point(body: str, most: int, *, lines_only: bool) -> int:
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
