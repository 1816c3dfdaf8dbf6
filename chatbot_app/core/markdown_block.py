"""A block of Markdown, and how the blocks of a text change while it grows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MarkdownKind(StrEnum):
    """What draws a block."""

    TEXT = "text"  # paragraph, heading, list, quote, rule
    CODE = "code"
    TABLE = "table"
    MATH = "math"
    FOLD = "fold"  # the title of details; what they hold are the blocks after it that stand deeper
    PLAIN = "plain"  # shown literally: raw HTML, tables that are too wide, a person's own message


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """One top-level block. `source` is its Markdown; for CODE the code, for MATH the LaTeX, for
    FOLD the title.

    `name` is the kind of Markdown ("paragraph", "heading", "list", "quote"…), `language` what stands after
    a fence. A block that is not `closed` is a fence or table still growing; one that is `continued` goes on
    where the block before it was cut. `number` is that of the first item of an ordered list that goes on, whatever is
    written there; 0 for the written one. `depth` is how many folds it stands in; `expanded` that a fold is open at first.
    """

    kind: MarkdownKind
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
    blocks: tuple[MarkdownBlock, ...]
