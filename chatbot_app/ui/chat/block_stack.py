"""The blocks of one message below each other: which are widgets, how high each is, and where it begins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot_app.core.markdown_blocks import Block, BlockKind
from chatbot_app.core.text_weight import LINE, weight
from chatbot_app.ui.chat.block_heights import estimate, gap_between
from chatbot_app.ui.chat.block_views import BlockView, Drawing
from chatbot_app.ui.chat.step_allowance import CODE, FORMULA, TABLE, VIEW

FRAMED_AT_FIRST = 4_000  # characters of code or a table made at once; the rest follows in idle time
TWO_CHUNKS = 6_000  # weight of the chunks that are made at once, at most


@dataclass(slots=True)
class BlockItem:
    """A block and its place; `height` is an estimate until the block was laid out for the width.

    `cost` is what making its view weighs, `gap` the space above it, in pixels, -1 while that is not known;
    `estimated` is the width for which `height` was estimated.
    """

    block: Block
    view: BlockView | None = None
    height: int = 0
    exact: bool = False
    cost: int = -1
    gap: int = -1
    estimated: int = -1

    def __post_init__(self) -> None:
        if self.cost < 0:
            self.cost = cost_of(self.block)

    def undrawn(self) -> BlockItem:
        """Return the same block with nothing known of how it is drawn."""
        return BlockItem(self.block, cost=self.cost)


def cost_of(block: Block) -> int:
    """Return the weight of making a view for a block."""
    match block.kind:
        case BlockKind.CODE:
            shown = block.source[:FRAMED_AT_FIRST]  # marks are only letters here
            return CODE + min((len(shown) + LINE * shown.count("\n")) // 2, TWO_CHUNKS)
        case BlockKind.TABLE:
            return TABLE + min(weight(block.source[:FRAMED_AT_FIRST]) // 2, TWO_CHUNKS)
        case BlockKind.MATH:
            return FORMULA
        case _:
            return VIEW + weight(block.source)


class BlockStack:
    """Items and their tops, in pixels. What changed is placed again from there on only."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self.items: list[BlockItem] = []
        self.near = range(0)  # positions of what was in sight last
        self._tops: list[int] = []
        self._dirty = 0
        self._width = -1
        self._bottom = 0

    def replace(self, start: int, items: Sequence[BlockItem]) -> None:
        """Put these items in place of those from `start` on."""
        for item in items:
            item.gap = -1
        self.items[start:] = items
        self.touch(start)

    def touch(self, position: int) -> None:
        """Something at this position changed its height."""
        self._dirty = min(self._dirty, position)

    def place(self, width: int, drop: Callable[[BlockItem], None]) -> int:
        """Place everything for a width and return the bottom. `drop` takes the views that are not worth their layout.

        When the width changes only what is in sight is laid out anew, as far as the step allows; the rest is
        estimated until it comes into sight again.
        """
        if width != self._width:
            self._width = width
            self._dirty = 0
            self._forget_widths(drop)
        count = len(self.items)
        first = min(self._dirty, len(self._tops), count)
        if first >= count and len(self._tops) == count:
            self._dirty = count
            return self._bottom if count else 0
        look, step = self._drawing.look, self._drawing.step
        y = self._tops[first - 1] + self.items[first - 1].height if first else 0
        del self._tops[first:]
        for position in range(first, count):
            item = self.items[position]
            if item.gap < 0:
                above = self.items[position - 1].block if position else None
                item.gap = gap_between(look, above, item.block) if above is not None else 0
            y += item.gap
            if item.view is not None:
                if not item.exact:
                    step.spend(item.cost // 3)
                    item.height = item.view.height_for(width)
                    item.exact = True
                item.view.setGeometry(0, y, width, item.height)
            elif not item.exact and item.estimated != width:
                item.height = estimate(look, item.block, width)
                item.estimated = width
            self._tops.append(y)
            y += item.height
        self._dirty = count
        self._bottom = y
        return y

    def _forget_widths(self, drop: Callable[[BlockItem], None]) -> None:
        step = self._drawing.step
        for position, item in enumerate(self.items):
            item.exact = False
            if item.view is not None and (position not in self.near or not step.take(item.cost // 3)):
                drop(item)

    @property
    def bottom(self) -> int:
        """Where the last block ended when everything was placed last."""
        return self._bottom if self.items else 0

    def first_at(self, y: int) -> int:
        """Return the position of the block at a height."""
        return max(bisect_right(self._tops, y) - 1, 0)

    def top_of(self, position: int) -> int:
        """Return where a block begins."""
        return self._tops[position] if position < len(self._tops) else self.bottom

    def anchor_at(self, y: int) -> tuple[int, int]:
        """Return the block at a height and how far above the height it begins."""
        if not self._tops:
            return 0, y
        position = self.first_at(y)
        return position, y - self._tops[position]

    def height_of_anchor(self, anchor: tuple[int, int]) -> int:
        """Return the height at which what `anchor_at` found now stands."""
        if not self._tops:
            return anchor[1]
        return self._tops[min(anchor[0], len(self._tops) - 1)] + anchor[1]

    def views(self) -> list[BlockView]:
        """Return the widgets that exist, from the top."""
        return [item.view for item in self.items if item.view is not None]
