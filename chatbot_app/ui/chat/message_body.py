"""The text of one message as blocks, of which only those near the reader are widgets."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.core.markdown_block import MarkdownKind
from chatbot_app.ui.chat.block_heights import estimate_text
from chatbot_app.ui.chat.block_stack import BlockItem, BlockStack
from chatbot_app.ui.chat.block_views import BlockView
from chatbot_app.ui.chat.body_blocks import BodyBlocks
from chatbot_app.ui.chat.body_places import BodyPlaces
from chatbot_app.ui.chat.body_pointer import BodyPointer
from chatbot_app.ui.chat.body_text import FED_AT_ONCE, BodyText
from chatbot_app.ui.chat.citation_marks import MarkedSource
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.mathematics import FormulaBudget
from chatbot_app.ui.chat.selection import TextSelection
from chatbot_app.ui.chat.show_all import ShowAllOffer
from chatbot_app.ui.chat.statement_layer import StatementLayer
from chatbot_app.ui.chat.statement_marks import StatementMarks

FEED_COST = 200  # weight of feeding once, besides what is read


class MessageBody(QWidget):
    """Shows text that may still grow. `height_for` answers at once: what is far away is estimated."""

    height_changed = Signal()
    link_activated = Signal(str)  # an http(s) address
    source_activated = Signal(int, object)  # number of a source, and the Check that its marker stands with
    place_wanted = Signal(int)  # a height in this widget that should come into view

    def __init__(self, drawing: Drawing, parent: QWidget | None = None, *, literal: bool = False) -> None:
        super().__init__(parent)
        self._drawing = replace(drawing, budget=FormulaBudget())
        self._content = BodyText(literal=literal)
        self._stack = BlockStack(self._drawing)
        self._width = -1
        self._height = 0
        self._rest = ShowAllOffer(self._drawing.look, self, self._show_all)
        self.selection = TextSelection(self)
        self._statements = StatementLayer()
        self.blocks = BodyBlocks(self._drawing, self._stack, self.selection, self)
        self._pointer = BodyPointer(self, self.blocks, self.selection, self._statements)
        self._places = BodyPlaces(self._drawing, self._stack, self.blocks, self._statements)
        self.blocks.height_changed.connect(self.height_changed)
        self._pointer.link_activated.connect(self.link_activated)
        self._pointer.source_activated.connect(self.source_activated)
        self._pointer.footnote_activated.connect(self._go_to_footnote)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    # --- text ----------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The text as it is shown: with hidden characters made visible."""
        return self._content.whole

    @property
    def original(self) -> str:
        """The text as it came."""
        return self._content.original

    @property
    def is_empty(self) -> bool:
        """Whether no text came yet."""
        return not len(self._content)

    def append(self, text: str) -> None:
        """Take more text; `feed` draws it."""
        self._content.append(text)

    def finish(self) -> None:
        """The text is complete."""
        self._content.finish()

    @property
    def is_fed(self) -> bool:
        """Whether all text that may be shown has become blocks."""
        return self._content.is_fed

    def feed(self, *, at_most: int = FED_AT_ONCE) -> None:
        """Make blocks of some more of the text."""
        changes = self._content.feed(at_most)
        self._drawing.step.spend(FEED_COST + self._content.read_weight // 2)
        self.blocks.take(self._content, changes)
        self._offer_rest()

    def feed_all(self) -> Iterator[None]:
        """Yield after each step until everything that may be shown is split."""
        while not self.is_fed:
            if not self._drawing.step.has_room:
                self._drawing.step.begin()
            self.feed()
            yield

    def take_over(self, other: MessageBody) -> None:
        """Go on with the text of another body: its blocks are drawn anew, but not read again."""
        self._content = other._content
        self.blocks.take_over(other.blocks)
        self._offer_rest()

    # --- geometry ------------------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Place the blocks for a width and return the height, in pixels."""
        self._width = width
        y = self._stack.place(width, self.blocks.drop)
        characters, lines = self._content.unfed()
        if characters > FED_AT_ONCE or (characters and not self._stack.items):
            y += estimate_text(self._drawing.look, characters, lines + 1, width)
        if self._rest.is_offered:
            y = self._rest.place(0, y + self._drawing.look.px(0.5))
        self._height = y
        return y

    def natural_width(self, most: int) -> int:
        """Return the width that the text needs, at most `most`: bubbles are as wide as their words."""
        if len(self._content) > 4 * 120 or "```" in self.text:
            return most
        metrics = QFontMetricsF(self._drawing.look.font)
        widths = [metrics.horizontalAdvance(line) for line in self.text.split("\n")]
        return min(math.ceil(max(widths, default=0)) + 2, most)

    def materialise(self, top: int, bottom: int, width: int) -> bool:
        """Make widgets of the blocks between two heights, as far as this step allows.

        Returns whether any height changed; what has to wait makes the step short.
        """
        known = self._height
        stack, step = self._stack, self._drawing.step
        # What is still arriving is fed by the flush, which keeps to a share of time.
        if not self.is_fed and (self._content.is_finished or not stack.items):
            self.height_for(width)
            if stack.bottom < bottom or not stack.items:
                if step.has_room:
                    self.feed()
                step.is_short = step.is_short or not self.is_fed
        self.height_for(width)
        self.blocks.make_between(top, bottom, width)
        self.height_for(width)
        stack.near = range(stack.first_at(top), stack.first_at(bottom) + 1)
        self._statements.refresh(stack.items, self._drawing.look)
        return self._height != known

    def leave(self) -> None:
        """Nothing of this is in sight: its widgets need not be laid out when the width changes."""
        self._stack.near = range(0)

    def release(self, top: int, bottom: int) -> None:
        """Drop the widgets of blocks far from the part between two heights; their heights are kept."""
        if not self.selection.text():
            self.blocks.drop_far_from(top, bottom)

    def anchor_at(self, y: int) -> tuple[int, int]:
        """Return the block at a height and how far above the height it begins."""
        return self._stack.anchor_at(y)

    def height_of_anchor(self, anchor: tuple[int, int]) -> int:
        """Return the height at which what `anchor_at` found now stands."""
        return self._stack.height_of_anchor(anchor)

    def mark_found(self, words: re.Pattern[str]) -> int | None:
        """Mark what a search found, also in blocks that are drawn later.

        Returns the height at which the first block with it begins; None where there is none in what was made
        into blocks so far. To be asked again until `is_fed`: each time some more of the text is read.
        """
        self.blocks.mark_found(words)
        position = self._places.of_words(words)
        if position is not None:
            self.reveal(position)
            return self._stack.top_of(position)
        if not self.is_fed:
            self.feed()
        return None

    def reveal(self, position: int) -> None:
        """Open the folds that the block at a position stands in, and place everything anew."""
        if position < len(self._stack.items) and self._stack.reveal(position) and self._width > 0:
            self.height_for(self._width)
            self.height_changed.emit()

    def ends_with_a_frame(self) -> bool:
        """Whether the last block is code or a table."""
        items = self._stack.items
        return bool(items) and items[-1].block.kind in (MarkdownKind.CODE, MarkdownKind.TABLE)

    def set_dimmed(self, dimmed: bool) -> None:
        """Draw weaker."""
        self.blocks.set_dimmed(dimmed)

    def set_markers(self, markers: Mapping[int, MarkedSource]) -> None:
        """Make links of the markers that name a source; others stay plain text."""
        if self.blocks.set_markers(markers):
            self.height_changed.emit()

    def set_statements(self, marks: StatementMarks | None) -> None:
        """Underline the sentences that no source supports; None underlines none."""
        if marks is not None or self._statements.marks is not None:
            self._statements.set_marks(marks)
            self._statements.refresh(self._stack.items, self._drawing.look)

    def go_to_statement(self, check: int) -> bool:
        """Mark a checked sentence and ask for its place; False while it is not made into blocks yet."""
        found = self._places.of_statement(check)
        if found is None:
            return False
        position, below = found
        self.reveal(position)
        self.place_wanted.emit(self._stack.top_of(position) + below())
        return True

    @property
    def items(self) -> Sequence[BlockItem]:
        """The blocks that the text was made into, from the top."""
        return self._stack.items

    def block_views(self) -> list[BlockView]:
        """Return the widgets that exist, from the top."""
        return self._stack.views()

    # --- selection -----------------------------------------------------------------------------------

    def selected_text(self) -> str:
        """Return what is selected."""
        return self.text if self.selection.is_all else self.selection.text()

    def select_all(self) -> None:
        """Select the whole message."""
        self.selection.select_all(self.blocks.text_views())

    def addresses(self) -> list[str]:
        """Return the links of what is drawn, for the menu."""
        return self._pointer.addresses()

    # --- inside --------------------------------------------------------------------------------------

    def before_restyle(self) -> None:
        """Another style sheet comes: what Qt would style once more and we draw anew afterwards goes before it."""
        self.blocks.drop_before_restyle()
        self.height_changed.emit()

    def _offer_rest(self) -> None:
        words = ""
        if hidden := self._content.hidden:
            words = QCoreApplication.translate("MessageBody", "Show the rest ({count} more characters)")
            words = words.format(count=f"{hidden:,}")
        self._rest.offer(words)

    @Slot()
    def _show_all(self) -> None:
        self._content.show_more()
        self._offer_rest()
        self._drawing.idle.add(self._feed_rest(), self)

    def _feed_rest(self) -> Iterator[None]:
        for _ in self.feed_all():
            self.height_changed.emit()
            yield

    @Slot(int, bool)
    def _go_to_footnote(self, number: int, to_note: bool) -> None:
        position = self._places.of_footnote(number, to_note)
        if position is not None:
            self.reveal(position)
            self.place_wanted.emit(self._stack.top_of(position))

    # --- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for bar in self._stack.fold_bars(event.rect().top(), event.rect().bottom()):
            painter.fillRect(bar, QColor(self._drawing.look.colors.border))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            return True  # shown while the mouse moves, with the address of the link
        return super().event(event)
