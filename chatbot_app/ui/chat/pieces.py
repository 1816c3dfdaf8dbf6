"""What a block of Markdown is made of, from the top: each piece is a view of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatbot_app.ui.chat.safe_document import SafeDocument
from chatbot_app.workers.formulas import Formula


@dataclass(slots=True)
class TextPiece:
    """Text that one view draws; `waiting` are formulas to be drawn, `decorated` whether bars or boxes stand beside it.

    `depth` of any piece is how many folds of the block it stands in.
    """

    document: SafeDocument
    waiting: set[Formula] = field(default_factory=set)
    decorated: bool = False
    depth: int = 0


@dataclass(slots=True)
class CodePiece:
    """Code inside a list or quote, `indent` levels deep."""

    code: str
    language: str
    indent: int
    depth: int = 0


@dataclass(slots=True)
class TablePiece:
    """A table inside a list or quote, as its Markdown."""

    source: str
    indent: int
    depth: int = 0


@dataclass(slots=True)
class FoldPiece:
    """The title of details inside a list or quote; the pieces after it that stand deeper are what it holds."""

    document: SafeDocument
    words: str
    indent: int
    expanded: bool
    depth: int = 0
    quotes: int = 0


Piece = TextPiece | CodePiece | TablePiece | FoldPiece
