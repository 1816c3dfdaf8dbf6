"""The text of one message as blocks, of which only those near the reader are widgets."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QToolTip, QWidget
from shiboken6 import delete, isValid

from chatbot_app.core.footnotes import (
    FOOTNOTES,
    footnote_lists,
    footnote_of,
    is_listed_in,
    is_mentioned_in,
    number_footnotes,
)
from chatbot_app.core.markdown_blocks import Block, BlockKind, Change
from chatbot_app.ui.chat.block_heights import estimate_text
from chatbot_app.ui.chat.block_stack import BlockItem, BlockStack
from chatbot_app.ui.chat.block_views import BlockView, Drawing
from chatbot_app.ui.chat.body_text import FED_AT_ONCE, BodyText
from chatbot_app.ui.chat.citation_marks import Marker, mark_citations, source_of
from chatbot_app.ui.chat.code_view import CodeView
from chatbot_app.ui.chat.links import is_web_address, tooltip_of
from chatbot_app.ui.chat.mathematics import FormulaBudget
from chatbot_app.ui.chat.selection import TextSelection
from chatbot_app.ui.chat.show_all import ShowAllButton
from chatbot_app.ui.chat.statement_layer import StatementLayer
from chatbot_app.ui.chat.statement_marks import StatementMarks
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.workers.formulas import Formula

FEED_COST = 200  # weight of feeding once, besides what is read
LONGEST_REASON = 1_000  # characters of what is said of a sentence under the mouse
KEPT_AWAY = 3_000  # pixels; views farther from the reader are dropped again
KEPT_MOST = 25_000  # weight of the views of a message that are kept wherever they are


class MessageBody(QWidget):
    """Shows text that may still grow. `height_for` answers at once: what is far away is estimated."""

    height_changed = Signal()
    link_activated = Signal(str)  # an http(s) address
    source_activated = Signal(
        int, object
    )  # number of a source, by its marker, and the Check that it stands with
    place_wanted = Signal(int)  # a height in this widget that should come into view

    def __init__(self, drawing: Drawing, parent: QWidget | None = None, *, literal: bool = False) -> None:
        super().__init__(parent)
        self._drawing = replace(drawing, budget=FormulaBudget())
        self._content = BodyText(literal=literal)
        self._stack = BlockStack(self._drawing)
        self._width = -1
        self._height = 0
        self._dimmed = False
        self._more: ShowAllButton | None = None
        self._selection = TextSelection(self)
        self._all_selected = False
        self._resolved = False  # link definitions that came last were given to what stands before them
        self._pressed_link = ""
        self._markers: Mapping[int, Marker] = {}
        self._found: re.Pattern[str] | None = None
        self._statements = StatementLayer()
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        drawing.renderer.pictures_drawn.connect(self._redraw_formulas)

    # --- text ----------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The text as it is shown: with hidden characters made visible."""
        return self._content.whole

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
        for change in changes:
            self._apply(change)
        if self._content.is_closed:
            self._resolve_references()
        self._offer_more()

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
        self._stack.replace(0, [item.undrawn() for item in other._stack.items])
        self._resolved = other._resolved
        self._offer_more()

    def _apply(self, change: Change) -> None:
        gone = self._stack.items[change.start :]
        items: list[BlockItem] = []
        for offset, block in enumerate(change.blocks):
            old = gone[offset] if offset < len(gone) else None
            if old is not None and old.block == block:
                gone[offset] = BlockItem(block)  # nothing of it is left to drop
                items.append(old)
                continue
            item = BlockItem(block)
            if old is not None and old.block.kind is block.kind:
                item.folds = old.folds
            if old is not None and old.view is not None and old.block.kind is block.kind:
                item.view, old.view = old.view, None
                item.height = old.height
                self._drawing.step.spend(item.cost)
                self._draw(item)
            items.append(item)
        for old in gone:
            self._drop(old)
        self._stack.replace(change.start, items)

    def _resolve_references(self) -> None:
        """Draw again, when they are seen, what may use a link definition that came after it; list the footnotes."""
        if self._resolved:
            return
        self._resolved = True
        references = self._content.references
        if not references:
            return
        if notes := number_footnotes(references, self.text):
            listed = [Block(BlockKind.TEXT, source, name=FOOTNOTES) for source in footnote_lists(notes)]
            rule = Block(BlockKind.TEXT, "---", name="rule")
            self._apply(Change(len(self._stack.items), (rule, *listed)))
        for position, item in enumerate(self._stack.items):
            if item.view is not None and "]" in item.block.source:
                if self._drawing.step.take(item.cost):
                    self._draw(item)
                else:
                    self._drop(item)
                self._stack.touch(position)

    # --- geometry ------------------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Place the blocks for a width and return the height, in pixels."""
        self._width = width
        y = self._stack.place(width, self._drop)
        characters, lines = self._content.unfed()
        if characters > FED_AT_ONCE or (characters and not self._stack.items):
            y += estimate_text(self._drawing.look, characters, lines + 1, width)
        if self._more is not None and not self._more.isHidden():
            y += self._drawing.look.px(0.5)
            self._more.place(0, y)
            y += self._more.height()
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
        first = position = stack.first_at(top)
        y = stack.top_of(first)
        while position < len(stack.items) and y < bottom:
            item = stack.items[position]
            if item.view is None and not item.hidden:
                if not step.take(item.cost):
                    break
                self._make_view(item, y, width)
                if item.height != stack.top_of(position + 1) - y:
                    stack.touch(position)
            position += 1
            y += item.shown_height
            if position < len(stack.items) and not stack.items[position].hidden:
                y += max(stack.items[position].gap, 0)
        self.height_for(width)
        stack.near = range(stack.first_at(top), stack.first_at(bottom) + 1)
        self._statements.refresh(stack.items, self._drawing.look)
        return self._height != known

    def _make_view(self, item: BlockItem, y: int, width: int) -> None:
        item.view = BlockView(self._drawing, self)
        item.view.size_changed.connect(self._remeasure)
        item.view.fold_toggled.connect(self._refold)
        self._draw(item)
        left = self._stack.indent_of(item)
        item.height = item.view.height_for(max(width - left, 1))
        item.exact = True
        item.view.set_dimmed(self._dimmed)
        item.view.setGeometry(left, y, max(width - left, 1), item.height)
        item.view.show()

    def leave(self) -> None:
        """Nothing of this is in sight: its widgets need not be laid out when the width changes."""
        self._stack.near = range(0)

    def release(self, top: int, bottom: int) -> None:
        """Drop the widgets of blocks far from the part between two heights; their heights are kept."""
        kept = sum(item.cost for item in self._stack.items if item.view is not None)
        if kept < KEPT_MOST or self._selection.text():
            return
        for position, item in enumerate(self._stack.items):
            if item.view is not None and item.exact:
                y = self._stack.top_of(position)
                if y + item.height < top - KEPT_AWAY or y > bottom + KEPT_AWAY:
                    self._drop(item)

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
        if self._found is not words:
            self._found = words
            for view in self._text_views():
                view.mark(words)
        for position, item in enumerate(self._stack.items):
            if words.search(item.block.source):
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
        return bool(items) and items[-1].block.kind in (BlockKind.CODE, BlockKind.TABLE)

    def set_dimmed(self, dimmed: bool) -> None:
        """Draw weaker."""
        if dimmed == self._dimmed:
            return
        self._dimmed = dimmed
        for view in self.block_views():
            view.set_dimmed(dimmed)

    def set_markers(self, markers: Mapping[int, Marker]) -> None:
        """Make links of the markers that name a source; others stay plain text."""
        if markers == self._markers:
            return
        self._markers = dict(markers)
        for position, item in enumerate(self._stack.items):
            if item.view is None or "[" not in item.block.source:
                continue
            if not self._drawing.step.take(item.cost // 2):
                self._drop(item)
                self._stack.touch(position)
            elif self._mark(item):
                self._stack.touch(position)
        self.height_changed.emit()

    def set_statements(self, marks: StatementMarks | None) -> None:
        """Underline the sentences that no source supports; None underlines none."""
        if marks is not None or self._statements.marks is not None:
            self._statements.set_marks(marks)
            self._statements.refresh(self._stack.items, self._drawing.look)

    def go_to_statement(self, check: int) -> bool:
        """Mark a checked sentence and ask for its place; False while it is not made into blocks yet."""
        marks = self._statements.marks
        if marks is None:
            return False
        marks.current = check
        self._statements.refresh(self._stack.items, self._drawing.look, force=True)
        position = marks.block_of(check, [item.block for item in self._stack.items])
        if position is None:
            return False
        item = self._stack.items[position]
        self.reveal(position)
        self.place_wanted.emit(self._stack.top_of(position) + self._statements.top_of(item, check))
        return True

    def block_views(self) -> list[BlockView]:
        """Return the widgets that exist, from the top."""
        return self._stack.views()

    # --- selection -----------------------------------------------------------------------------------

    def selected_text(self) -> str:
        """Return what is selected."""
        return self.text if self._all_selected else self._selection.text()

    def select_all(self) -> None:
        """Select the whole message."""
        self._selection.select_all(self._text_views())
        self._all_selected = True

    def clear_selection(self) -> None:
        """Select nothing."""
        self._selection.clear()
        self._all_selected = False

    def addresses(self) -> list[str]:
        """Return the links of what is drawn, for the menu."""
        found: list[str] = []
        for view in self._text_views():
            block = view.document.begin()
            while block.isValid():
                for piece in block.textFormats():
                    address = piece.format.anchorHref()
                    if is_web_address(address) and address not in found:
                        found.append(address)
                block = block.next()
        return found

    # --- inside --------------------------------------------------------------------------------------

    def _draw(self, item: BlockItem) -> None:
        assert item.view is not None
        before = set(item.view.text_views())
        references: dict[str, Any] = self._content.references if "]" in item.block.source else {}
        item.view.folds = item.folds
        item.view.set_block(item.block, references)
        gone = before - set(item.view.text_views())
        self._selection.forget(gone)
        item.exact = False
        self._mark(item)
        if self._found is not None:
            for view in item.view.text_views():
                view.mark(self._found)

    def _mark(self, item: BlockItem) -> bool:
        """Make links of the markers in a block; return whether it has any."""
        if not self._markers or item.view is None or "[" not in item.block.source:
            return False
        marked = False
        for view in item.view.text_views():
            if _is_code(view) or not mark_citations(view.document, self._markers, self._drawing.look):
                continue
            view.invalidate()
            marked = True
        if marked:
            item.view.invalidate()
            item.exact = False
        return marked

    def _drop(self, item: BlockItem) -> None:
        view, item.view = item.view, None
        if view is not None:
            self._selection.forget(set(view.text_views()))
            view.hide()
            view.deleteLater()

    def before_restyle(self) -> None:
        """Another style sheet comes: what Qt would style once more and we draw anew afterwards goes before it."""
        for position, item in enumerate(self._stack.items):
            view = item.view
            if view is not None:
                self._drop(item)
                item.exact = False
                self._stack.touch(position)
        for view in self.findChildren(BlockView):
            delete(view)  # not later: what waits for its deletion is styled as well
        self.height_changed.emit()

    def _text_views(self) -> list[TextView]:
        return [view for block in self.block_views() for view in block.text_views()]

    def _offer_more(self) -> None:
        words = ""
        if hidden := self._content.hidden:
            words = QCoreApplication.translate("MessageBody", "Show the rest ({count} more characters)")
            words = words.format(count=f"{hidden:,}")
        if words and self._more is None:
            self._more = ShowAllButton(self._drawing.look, self)
            self._more.clicked.connect(self._show_all)
        if self._more is not None:
            self._more.offer(words)

    @Slot()
    def _show_all(self) -> None:
        self._content.show_more()
        self._offer_more()
        self._drawing.idle.add(self._feed_rest(), self)

    def _feed_rest(self) -> Iterator[None]:
        for _ in self.feed_all():
            self.height_changed.emit()
            yield

    @Slot()
    def _remeasure(self) -> None:
        view = self.sender()
        for position, item in enumerate(self._stack.items):
            if item.view is view:
                item.exact = False
                self._stack.touch(position)
        self.height_changed.emit()

    @Slot()
    def _refold(self) -> None:
        """A fold was opened or closed: what stands in it is seen or not."""
        view = self.sender()
        for position, item in enumerate(self._stack.items):
            if item.view is view:
                self._stack.touch(position)
        self.height_changed.emit()

    @Slot(object)
    def _redraw_formulas(self, formulas: frozenset[Formula]) -> None:
        if any(view.waits_for(formulas) for view in self.block_views()):
            self._drawing.idle.add(self._draw_with(formulas), self)

    def _draw_with(self, formulas: frozenset[Formula]) -> Iterator[None]:
        """Draw again what waited for formulas, a few milliseconds at a time."""
        for view in self.block_views():
            if not isValid(view) or not view.waits_for(formulas):
                continue
            for _ in view.redraw_for(formulas):
                yield
                if not isValid(view):
                    break
            for position, item in enumerate(self._stack.items):
                if item.view is view:
                    item.exact = False
                    self._mark(item)
                    self._stack.touch(position)
                    view.set_dimmed(self._dimmed)
                    self.height_changed.emit()
            yield

    def _footnote_words(self, link: str) -> str:
        note = footnote_of(link)
        if note is None:
            return ""
        if not note[1]:
            return QCoreApplication.translate("MessageBody", "Back to the text")
        known = [one for one in self._content.references.values() if one.get("number") == note[0]]
        return str(known[0]["footnote"]) if known else ""

    def _words_of(self, link: str) -> str:
        """Return what a tooltip says about a link, as rich text that shows names literally."""
        number = source_of(link)
        marker = self._markers.get(number) if number is not None else None
        if marker is None:
            return tooltip_of(self._footnote_words(link) or link)
        words = html.escape(marker.words[:300])
        if marker.added:
            note = QCoreApplication.translate("MessageBody", "Matched by the program, not cited by the model")
            words += f"<br><i>{html.escape(note)}</i>"
        return f"<p>{words}</p>"

    def _go_to_footnote(self, number: int, to_note: bool) -> None:
        references = self._content.references
        for position, item in enumerate(self._stack.items):
            source = item.block.source
            if item.block.name == FOOTNOTES:
                found = to_note and is_listed_in(source, number)
            else:
                found = not to_note and is_mentioned_in(source, references, number)
            if found:
                self.reveal(position)
                self.place_wanted.emit(self._stack.top_of(position))
                return

    def _reason_at(self, point: QPoint) -> str:
        """Return what is known of the sentence under a point, as rich text; "" where that is nothing."""
        view = self._selection.view_at(self._text_views(), point)
        words = self._statements.words_at(view, view.mapFrom(self, point)) if view is not None else ""
        return f"<p>{html.escape(words[:LONGEST_REASON])}</p>" if words else ""

    def _link_at(self, point: QPoint) -> str:
        view = self._selection.view_at(self._text_views(), point)
        return view.link_at(view.mapFrom(self, point)) if view is not None else ""

    # --- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for bar in self._stack.fold_bars(event.rect().top(), event.rect().bottom()):
            painter.fillRect(bar, QColor(self._drawing.look.colors.border))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._all_selected = False
        point = event.position().toPoint()
        self._pressed_link = self._link_at(point)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._selection.extend(point)
        else:
            self._selection.begin(self._text_views(), point)
        if (owner := self.parentWidget()) is not None:
            owner.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._selection.extend(point)
            return
        link = self._link_at(point)
        self.setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor)
        if words := self._words_of(link) if link else self._reason_at(point):
            QToolTip.showText(event.globalPosition().toPoint(), words, self)
        else:
            QToolTip.hideText()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        link = self._link_at(event.position().toPoint())
        if link and link == self._pressed_link and not self._selection.text():
            number = source_of(link)
            if number is not None:
                point = event.position().toPoint()
                view = self._selection.view_at(self._text_views(), point)
                check = self._statements.check_before(view, view.mapFrom(self, point)) if view else None
                self.source_activated.emit(number, check)
            elif is_web_address(link):
                self.link_activated.emit(link)
            elif (note := footnote_of(link)) is not None:
                self._go_to_footnote(*note)
        self._pressed_link = ""
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and (text := self._selection.text()):
            clipboard.setText(text, clipboard.Mode.Selection)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        unit = QTextCursor.SelectionType.WordUnderCursor
        self._selection.select_unit(self._text_views(), event.position().toPoint(), unit)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            return True  # shown while the mouse moves, with the address of the link
        return super().event(event)


def _is_code(view: QWidget) -> bool:
    """Whether a view draws code: brackets are indexes there."""
    owner = view.parentWidget()
    while owner is not None and not isinstance(owner, MessageBody):
        if isinstance(owner, CodeView):
            return True
        owner = owner.parentWidget()
    return False
