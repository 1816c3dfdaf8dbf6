"""Markdown as a list of top-level blocks that grows at its end.

While an answer streams only its last block changes, so that everything before it is drawn once. The work
per character is bounded: fences and tables are read line by line, everything else is read again from the
start of the last block only, and a block that grows past a limit is cut into blocks that continue it. The limits
are in characters and in weight (core.text_weight): a thousand characters of marks cost more than of prose.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from chatbot_app.core.markdown_block import Change, MarkdownBlock, MarkdownKind
from chatbot_app.core.markdown_cuts import READ_AT_ONCE, cut_point
from chatbot_app.core.markdown_folds import FOLD, end_inside, fold_end, fold_start
from chatbot_app.core.markdown_leaves import CUT_AT, Leaf, opened_leaf
from chatbot_app.core.markdown_parts import (
    FENCE,
    Part,
    PartReader,
    literal_parts,
    number_after,
    open_mathematics,
)
from chatbot_app.core.text_weight import reach, weight

HEAVY = 6_000  # weight of a block that is cut although it has fewer characters
READ_HEAVY = 9_000  # weight that is read at once
READ_FIRST = 1_200  # characters in which the next block is looked for before more is read
UNDIVIDED_MOST = 9_000  # weight of one list item or quote; beyond that it is cut at a line even so
CALL_COST = 60  # weight of what is read without the parser


# Starts of blocks that need no parser: a paragraph of one line before a blank line, a heading.
_LONE_LINE = re.compile(r"((?:[^\W\d_]|\*\*\S)[^\n]*)\n[ \t]*\n")
_HEADING = re.compile(r"(#{1,6}[ \t][^\n]*)\n")
_BLANK = re.compile(r"(?:[ \t]*\n)+")


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
        self._reader = PartReader()
        self._stable = 0
        self._tail = ""
        self._leaf: Leaf | None = None
        self._continued = False
        self._number = 0  # of the first item of the list that the tail goes on with
        self._folds = 0  # that are open where the tail begins
        self._read_again_at = 0
        self._finished = False
        self._is_behind = False

    @property
    def references(self) -> dict[str, Any]:
        """Link definitions by normalised label."""
        return self._reader.references

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

    def _read(self) -> list[MarkdownBlock]:
        """Return the new stable blocks followed by the ones that may still change."""
        blocks: list[MarkdownBlock] = []
        self._read_so_far = 0
        self._is_behind = False
        while True:
            if self._read_most is not None and self._read_so_far > self._read_most:
                self._is_behind = True
                return blocks
            self._read_so_far += CALL_COST
            if (leaf := self._leaf) is not None:
                closed, self._tail = leaf.read(self._tail, finished=self._finished)
                if not closed and not leaf.is_full:
                    blocks.append(self._placed(self._leaf_block(leaf, closed=self._finished)))
                    return blocks
                if not closed:
                    self._keep(blocks, self._leaf_block(leaf, closed=True))
                    leaf.text.clear()
                    self._continued = True
                    continue
                if any(leaf.text) or leaf.kind is not MarkdownKind.PLAIN:
                    self._keep(blocks, self._leaf_block(leaf, closed=True))
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

    def _leaf_block(self, leaf: Leaf, *, closed: bool) -> MarkdownBlock:
        return leaf.block(self._tail, closed=closed, continued=self._continued)

    def _placed(self, block: MarkdownBlock) -> MarkdownBlock:
        return replace(block, depth=self._folds) if self._folds else block

    def _read_fold(self, blocks: list[MarkdownBlock]) -> bool | None:
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
        block = MarkdownBlock(MarkdownKind.FOLD, start.title, name="details", expanded=start.expanded)
        if not start.whole:
            blocks.append(self._placed(block))
            return False
        self._keep(blocks, block)
        self._folds += 1
        self._tail = self._tail[start.end :]
        return True

    def _keep(self, blocks: list[MarkdownBlock], block: MarkdownBlock) -> None:
        blocks.append(self._placed(block))
        self._stable += 1
        if not block.continued or block.name == "list":
            self._number = 0  # what continues an item may be followed by the next one
        self._continued = False

    def _keep_simple(self, blocks: list[MarkdownBlock]) -> bool:
        """Take a heading or a one-line paragraph from the start of the tail without parsing it."""
        for pattern, name in ((_LONE_LINE, "paragraph"), (_HEADING, "heading")):
            match = pattern.match(self._tail)
            if match and self._folds and end_inside(match.group(1)) >= 0:
                return False
            if match and match.end() <= CUT_AT and weight(match.group(1)) <= HEAVY:
                self._keep(
                    blocks,
                    MarkdownBlock(MarkdownKind.TEXT, match.group(1), name=name, continued=self._continued),
                )
                self._tail = self._tail[match.end() :]
                return True
        return False

    def _read_parts(self, blocks: list[MarkdownBlock]) -> list[MarkdownBlock] | None:
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
                Part("paragraph", 0, len(piece), piece)
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
            stable = min(stable, open_mathematics(piece, parts))
        for position, part in enumerate(parts):
            if part.name == FOLD:
                self._tail = self._tail[part.start :]
                return None
            if leaf := opened_leaf(piece, part, complete=not whole or self._finished):
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
        if stable > 0 and not whole:
            return None  # the piece ends somewhere in the last one: it is read again from its beginning
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
        if len(line) > CUT_AT or not FENCE.match(line) or (self._literal and self._continued):
            return False
        part = Part("fence", 0, len(self._tail))
        opened = opened_leaf(self._tail, part, complete=self._finished)
        if opened is None:
            return False
        self._leaf = opened[0]
        self._tail = self._tail[opened[1] :]
        return True

    def _parts(self, piece: str) -> list[Part]:
        self._read_so_far += weight(piece)
        if self._literal:
            return literal_parts(piece)
        is_last = self._finished and len(piece) == len(self._tail)
        return self._reader.read(piece, folds=self._folds, number=self._number, is_last=is_last)

    def _block(self, piece: str, part: Part) -> MarkdownBlock:
        source = piece[part.start : part.end].rstrip("\n")
        match part.name:
            case "math":
                return MarkdownBlock(MarkdownKind.MATH, part.content, name=part.name)
            case "code":
                return MarkdownBlock(MarkdownKind.CODE, part.content.rstrip("\n"), name=part.name)
            case "html" | "literal":
                kind = MarkdownKind.PLAIN
            case _:
                kind = MarkdownKind.TEXT
        number = self._number if part.name == "list" and part.start in part.numbers else 0
        return MarkdownBlock(kind, source, name=part.name, continued=self._continued, number=number)

    # --- blocks that grow too long -------------------------------------------------------------------

    def _cut(self, blocks: list[MarkdownBlock], part: Part, offset: int, *, whole: bool) -> bool:
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
            at = cut_point(body, most, lines_only=part.name not in ("paragraph", "literal"))
        if not 0 < at < len(self._tail):
            return False
        name = part.name
        kind = MarkdownKind.PLAIN if name in ("html", "literal") else MarkdownKind.TEXT
        if name == "code":
            kind = MarkdownKind.CODE
        number = self._number if part.start in part.numbers else 0
        source = body[:at].rstrip("\n")
        after = number_after(part, at + offset) or (self._number if not part.numbers else 0)
        self._keep(blocks, MarkdownBlock(kind, source, name=name, continued=self._continued, number=number))
        self._tail = self._tail[at:]
        self._continued = True
        self._number = after
        return True

    def _undivided(self) -> MarkdownBlock:
        source = self._tail.rstrip("\n")
        return MarkdownBlock(
            MarkdownKind.TEXT, source, name="list", continued=self._continued, number=self._number
        )
