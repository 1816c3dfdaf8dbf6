"""What a piece of Markdown is made of: its top-level blocks, where they stand and where they may be cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chatbot_app.core.markdown_folds import FOLD, end_inside
from chatbot_app.core.markdown_parser import block_parser
from chatbot_app.core.markdown_tags import FOLDS_APART

REFERENCES_MOST = 200  # link definitions of one text; every block that is drawn takes them along

FENCE = re.compile(r" {0,3}(?P<mark>`{3,}(?=[^`\n]*$)|~{3,})(?P<info>[^\n]*)$")
_GROWING_LINE = re.compile(r"(?:[^\W\d_]|\*\*\S)[^\n]*\Z")
_MATHEMATICS = re.compile(r"^ {0,3}(?:\$\$|\\\[)", re.MULTILINE)
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
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
class Part:
    """A block as it stands in a piece of text: characters `start` to `end`, and where it may be cut.

    `numbers` are those of the items of its ordered lists, by where their lines begin.
    """

    name: str
    start: int
    end: int
    content: str = ""
    cuts: tuple[int, ...] = ()
    numbers: dict[int, int] = field(default_factory=dict)


class PartReader:
    """Reads pieces of one text; `references` are the link definitions met so far, in the form that the parser takes."""

    def __init__(self) -> None:
        self._parser = block_parser()
        self.references: dict[str, Any] = {}

    def read(self, piece: str, *, folds: int, number: int, is_last: bool) -> list[Part]:
        """Return the parts of a piece that stands in `folds` open folds.

        A list at its start goes on with `number`, 0 for the one that is written; `is_last` says that no text follows.
        """
        if _GROWING_LINE.match(piece) and not (folds and end_inside(piece) >= 0):
            return [Part("paragraph", 0, len(piece), piece)]
        ends = [0]
        for line in piece.split("\n"):
            ends.append(ends[-1] + len(line) + 1)
        ends[-1] = len(piece)
        parts: list[Part] = []
        cuts: list[int] = []
        counting: list[int | None] = []  # the next number of each open list, None for bullets
        environment: dict[str, Any] = {"references": dict(self.references), FOLDS_APART: folds}
        tokens = self._parser.parse(piece, environment)
        self._keep_references(environment["references"], piece, ends, is_last=is_last)
        for token in tokens:
            if token.type in ("ordered_list_close", "bullet_list_close"):
                counting.pop()
            if token.map is None or token.nesting < 0:
                continue
            first, last = ends[token.map[0]], ends[min(token.map[1], len(ends) - 1)]
            if token.level == 0:
                cuts = []
                parts.append(Part(_NAMES.get(token.type, "paragraph"), first, last, token.content))
            if token.type == "bullet_list_open":
                counting.append(None)
            elif token.type == "ordered_list_open":
                goes_on = number if token.level == 0 and len(parts) == 1 else 0
                counting.append(goes_on or int(token.attrs.get("start", 1)))
            elif token.type == "list_item_open":
                if (item := counting[-1]) is not None:
                    parts[-1].numbers.setdefault(first, item)
                    counting[-1] = item + 1
                if token.level == 1:
                    cuts.append(first)
                    parts[-1].cuts = tuple(cuts)
        return _up_to_fold(piece, parts, folds)

    def _keep_references(self, found: dict[str, Any], piece: str, ends: list[int], *, is_last: bool) -> None:
        """Keep the first definitions; what uses a later one stands as it is written.

        The first of a label counts for good, so one is kept only when its last line has arrived: half an address
        would lead elsewhere.
        """
        is_all = piece.endswith("\n") or is_last
        for label, definition in found.items():
            if label not in self.references and len(self.references) >= REFERENCES_MOST:
                continue
            lines = definition.get("map")  # footnotes have none: they may grow
            if lines is None or is_all or ends[min(lines[1], len(ends) - 1)] < len(piece):
                self.references[label] = definition


def _up_to_fold(piece: str, parts: list[Part], folds: int) -> list[Part]:
    """Return the parts up to the first start or end of a fold: what follows it is read on its own."""
    for position, part in enumerate(parts):
        if part.name == FOLD and part.start > 0:
            return parts[: position + 1]
        if folds and part.name not in ("fence", "table", "math", "code"):
            at = end_inside(piece[part.start : part.end])
            if at > 0:
                part.end = part.start + at
                return [*parts[: position + 1], Part(FOLD, part.end, part.end)]
    return parts


def number_after(part: Part, at: int) -> int:
    """Return the number of the first item after a cut, at any depth; 0 where the list has none."""
    if at in part.numbers:
        return part.numbers[at]
    before = [part.numbers[cut] for cut in part.cuts if cut < at and cut in part.numbers]
    return before[-1] + 1 if before else 0


def open_mathematics(piece: str, parts: Sequence[Part]) -> int:
    """Return which part may be the start of mathematics that is still arriving, else how many there are.

    Until its end has come, "$$" is a paragraph and "- x" below it a list.
    """
    for position, part in enumerate(parts):
        if part.name == "paragraph":
            start = _MATHEMATICS.search(piece, part.start, part.end)
            if start and not _EMPTY_LINE.search(piece, start.end()):
                return position
    return len(parts)


def literal_parts(piece: str) -> list[Part]:
    """Find fences only; everything between them is one part."""
    for match in re.finditer(r"^[^\n]*$", piece, re.MULTILINE):
        if FENCE.match(match.group(0)):
            before = [Part("literal", 0, match.start())] if piece[: match.start()].strip() else []
            return [*before, Part("fence", match.start(), len(piece))]
    return [Part("literal", 0, len(piece))]
