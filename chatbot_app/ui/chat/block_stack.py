"""The blocks of one message below each other: which are widgets, how high each is, and where it begins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect

from chatbot_app.core.markdown_block import MarkdownBlock, MarkdownKind
from chatbot_app.core.text_weight import LINE, weight
from chatbot_app.ui.chat.block_heights import estimate, gap_between
from chatbot_app.ui.chat.block_views import BlockView
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.fold_view import (
    EVERY,
    INDENT,
    INDENTS_MOST,
    FoldStates,
    is_open,
    shown_in_folds,
)
from chatbot_app.ui.chat.step_allowance import CODE, FORMULA, TABLE, VIEW

FRAMED_AT_FIRST = 4_000  # characters of code or a table made at once; the rest follows in idle time
TWO_CHUNKS = 6_000  # weight of the chunks that are made at once, at most


@dataclass(slots=True)
class BlockItem:
    """A block and its place; `height` is an estimate until the block was laid out for the width.

    `cost` is what making its view weighs, `gap` the space above it, in pixels, -1 while that is not known;
    `estimated` is the width for which `height` was estimated. One that is `hidden` stands in a closed fold; `folds`
    are those in the block, or its own where it is the title of one.
    """

    block: MarkdownBlock
    view: BlockView | None = None
    height: int = 0
    exact: bool = False
    cost: int = -1
    gap: int = -1
    estimated: int = -1
    hidden: bool = False
    folds: FoldStates = field(default_factory=dict)

    @property
    def is_open(self) -> bool | None:
        """Whether it is the title of a fold that is open; None for what is no title."""
        if self.block.kind is not MarkdownKind.FOLD:
            return None
        return is_open(self.folds, 0, expanded=self.block.expanded)

    @property
    def shown_height(self) -> int:
        """What it takes, in pixels: nothing in a closed fold."""
        return 0 if self.hidden else self.height

    def __post_init__(self) -> None:
        if self.cost < 0:
            self.cost = cost_of(self.block)

    def undrawn(self) -> BlockItem:
        """Return the same block with nothing known of how it is drawn."""
        return BlockItem(self.block, cost=self.cost, folds=self.folds)


def cost_of(block: MarkdownBlock) -> int:
    """Return the weight of making a view for a block."""
    match block.kind:
        case MarkdownKind.CODE:
            shown = block.source[:FRAMED_AT_FIRST]  # marks are only letters here
            return CODE + min((len(shown) + LINE * shown.count("\n")) // 2, TWO_CHUNKS)
        case MarkdownKind.TABLE:
            return TABLE + min(weight(block.source[:FRAMED_AT_FIRST]) // 2, TWO_CHUNKS)
        case MarkdownKind.MATH:
            return FORMULA
        case MarkdownKind.FOLD:
            return 3 * VIEW + weight(block.source)
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
        self._has_folds = False

    def replace(self, start: int, items: Sequence[BlockItem]) -> None:
        """Put these items in place of those from `start` on."""
        for item in items:
            item.gap = -1
            self._has_folds |= item.block.kind is MarkdownKind.FOLD
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
        y = self._tops[first - 1] + self.items[first - 1].shown_height if first else 0
        del self._tops[first:]
        self._hide_folded(first, drop)
        for position in range(first, count):
            item = self.items[position]
            if item.hidden:
                self._tops.append(y)
                continue
            left = self.indent_of(item)
            inside = max(width - left, 1)
            if item.gap < 0:
                above = self.items[position - 1].block if position else None
                item.gap = gap_between(look, above, item.block) if above is not None else 0
            y += item.gap
            if item.view is not None:
                if not item.exact:
                    step.spend(item.cost // 3)
                    item.height = item.view.height_for(inside)
                    item.exact = True
                item.view.setGeometry(left, y, inside, item.height)
            elif not item.exact and item.estimated != width:
                item.height = estimate(look, item.block, inside)
                item.estimated = width
            self._tops.append(y)
            y += item.height
        self._dirty = count
        self._bottom = y
        return y

    def indent_of(self, item: BlockItem) -> int:
        """Return how far a block stands in from the left, in pixels."""
        depth = min(item.block.depth, INDENTS_MOST)
        return round(depth * self._drawing.look.em * INDENT) if depth else 0

    def fold_bars(self, top: int, bottom: int) -> Iterator[QRect]:
        """Yield the bars beside what stands in folds between two heights, from the left."""
        if not self._has_folds:
            return
        step = self._drawing.look.em * INDENT
        thick = max(2, self._drawing.look.px(0.13))
        for position in range(self.first_at(top), min(len(self.items), len(self._tops))):
            item = self.items[position]
            if self._tops[position] > bottom:
                break
            if item.hidden or not item.block.depth:
                continue
            above = self.items[position - 1].block.depth if position else 0
            for depth in range(min(item.block.depth, INDENTS_MOST)):
                # Also beside the space above a block that stands in the same fold as the one before it.
                gap = item.gap if depth < above else 0
                left = round(depth * step + step * 0.42 - thick / 2)
                yield QRect(left, self._tops[position] - gap, thick, item.height + gap)

    def reveal(self, position: int) -> bool:
        """Open the folds that a block stands in, and those in it; return whether any was closed."""
        item = self.items[position]
        revealed = False
        if item.folds.get(EVERY) is not True and "<details" in item.block.source.lower():
            revealed = True
            item.folds.clear()
            item.folds[EVERY] = True
            if item.view is not None:
                item.view.open_folds()
                item.exact = False
                self.touch(position)
        depth = item.block.depth
        while depth and position:
            position -= 1
            above = self.items[position]
            if above.block.kind is MarkdownKind.FOLD and above.block.depth < depth:
                depth = above.block.depth
                if not above.is_open:
                    revealed = True
                    above.folds[EVERY] = True
                    above.folds.pop(0, None)
                    if above.view is not None:
                        above.view.open_folds()
                    self.touch(position)
        return revealed

    def _hide_folded(self, first: int, drop: Callable[[BlockItem], None]) -> None:
        """Find what stands in closed folds, from a block on, and drop its views."""
        if not self._has_folds:
            return
        while first and (self.items[first].block.depth if first < len(self.items) else 1):
            first -= 1  # to where no fold is open
        entries = ((item.block.depth, item.is_open) for item in self.items[first:])
        for item, seen in zip(self.items[first:], shown_in_folds(entries), strict=True):
            item.hidden = not seen
            if item.hidden and item.view is not None:
                drop(item)
                item.exact = False

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
