"""Where something stands in the text of a message: what a search found, a checked sentence, a footnote."""

from __future__ import annotations

import re
from collections.abc import Callable

from chatbot_app.core.footnotes import FOOTNOTES, is_listed_in, is_mentioned_in
from chatbot_app.ui.chat.block_stack import BlockStack
from chatbot_app.ui.chat.body_blocks import BodyBlocks
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.statement_layer import StatementLayer


class BodyPlaces:
    """Positions of blocks, from 0; None for what is in none that was read so far."""

    def __init__(
        self, drawing: Drawing, stack: BlockStack, blocks: BodyBlocks, statements: StatementLayer
    ) -> None:
        self._drawing = drawing
        self._stack = stack
        self._blocks = blocks
        self._statements = statements

    def of_words(self, words: re.Pattern[str]) -> int | None:
        """Return the first block in which words stand."""
        items = enumerate(self._stack.items)
        return next((position for position, item in items if words.search(item.block.source)), None)

    def of_statement(self, check: int) -> tuple[int, Callable[[], int]] | None:
        """Mark a checked sentence; return its block, and how far below the top of that it stands, in pixels."""
        marks = self._statements.marks
        if marks is None:
            return None
        marks.current = check
        self._statements.refresh(self._stack.items, self._drawing.look, force=True)
        position = marks.block_of(check, [item.block for item in self._stack.items])
        if position is None:
            return None
        item = self._stack.items[position]
        return position, lambda: self._statements.top_of(item, check)

    def of_footnote(self, number: int, to_note: bool) -> int | None:
        """Return the block of a footnote, or that which mentions it."""
        for position, item in enumerate(self._stack.items):
            source = item.block.source
            if item.block.name == FOOTNOTES:
                found = to_note and is_listed_in(source, number)
            else:
                found = not to_note and is_mentioned_in(source, self._blocks.references, number)
            if found:
                return position
        return None
