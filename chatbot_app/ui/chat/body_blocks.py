"""The blocks of a text as widgets: made of what was read, drawn, marked, drawn anew and dropped again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import delete, isValid

from chatbot_app.core.footnotes import FOOTNOTES, footnote_lists, number_footnotes
from chatbot_app.core.markdown_block import Change, MarkdownBlock, MarkdownKind
from chatbot_app.ui.chat.block_stack import BlockItem, BlockStack
from chatbot_app.ui.chat.block_views import BlockView
from chatbot_app.ui.chat.body_text import BodyText
from chatbot_app.ui.chat.citation_marks import MarkedSource, mark_citations
from chatbot_app.ui.chat.code_view import CodeView
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.selection import TextSelection
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.workers.formulas import Formula

KEPT_AWAY = 3_000  # pixels; views farther from the reader are dropped again
KEPT_MOST = 25_000  # weight of the views of a message that are kept wherever they are


class BodyBlocks(QObject):
    """Keeps the items of a stack true to the text, and their views, which stand in `owner`."""

    height_changed = Signal()  # of a block

    def __init__(self, drawing: Drawing, stack: BlockStack, selection: TextSelection, owner: QWidget) -> None:
        super().__init__(owner)
        self._drawing = drawing
        self._stack = stack
        self._selection = selection
        self._owner = owner
        self._references: dict[str, Any] = {}
        self._markers: Mapping[int, MarkedSource] = {}
        self._found: re.Pattern[str] | None = None
        self._dimmed = False
        self._resolved = False  # link definitions that came last were given to what stands before them
        drawing.renderer.pictures_drawn.connect(self._redraw_formulas)

    @property
    def references(self) -> dict[str, Any]:
        """The link definitions that are known."""
        return self._references

    @property
    def markers(self) -> Mapping[int, MarkedSource]:
        """What the markers of sources name, by number."""
        return self._markers

    def text_views(self) -> list[TextView]:
        """Return what can be selected, from the top."""
        return [view for block in self._stack.views() for view in block.text_views()]

    # --- of the text -------------------------------------------------------------------------------------

    def take(self, content: BodyText, changes: list[Change]) -> None:
        """Follow changes of the text; where it is complete, draw what may use a link that came after it."""
        self._references = content.references
        for change in changes:
            self._apply(change)
        if content.is_closed and not self._resolved:
            self._resolved = True
            self._resolve(content)

    def take_over(self, other: BodyBlocks) -> None:
        """Go on with the blocks of the same text elsewhere: they are drawn anew."""
        self._references = other._references
        self._resolved = other._resolved
        self._stack.replace(0, [item.undrawn() for item in other._stack.items])

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
            self.drop(old)
        self._stack.replace(change.start, items)

    def _resolve(self, content: BodyText) -> None:
        """Draw again, when they are seen, what may use a link definition that came after it; list the footnotes."""
        if not self._references:
            return
        if notes := number_footnotes(self._references, content.whole):
            listed = [
                MarkdownBlock(MarkdownKind.TEXT, source, name=FOOTNOTES) for source in footnote_lists(notes)
            ]
            rule = MarkdownBlock(MarkdownKind.TEXT, "---", name="rule")
            self._apply(Change(len(self._stack.items), (rule, *listed)))
        for position, item in enumerate(self._stack.items):
            if item.view is not None and "]" in item.block.source:
                if self._drawing.step.take(item.cost):
                    self._draw(item)
                else:
                    self.drop(item)
                self._stack.touch(position)

    # --- views -------------------------------------------------------------------------------------------

    def _make(self, item: BlockItem, y: int, width: int) -> None:
        item.view = BlockView(self._drawing, self._owner)
        item.view.size_changed.connect(self._remeasure)
        item.view.fold_toggled.connect(self._refold)
        self._draw(item)
        left = self._stack.indent_of(item)
        inside = max(width - left, 1)
        item.height = item.view.height_for(inside)
        item.exact = True
        item.view.set_dimmed(self._dimmed)
        item.view.setGeometry(left, y, inside, item.height)
        item.view.show()

    def make_between(self, top: int, bottom: int, width: int) -> None:
        """Make the views of what lies between two heights, as far as the step allows."""
        stack = self._stack
        position = stack.first_at(top)
        y = stack.top_of(position)
        while position < len(stack.items) and y < bottom:
            item = stack.items[position]
            if item.view is None and not item.hidden:
                if not self._drawing.step.take(item.cost):
                    break
                self._make(item, y, width)
                if item.height != stack.top_of(position + 1) - y:
                    stack.touch(position)
            position += 1
            y += item.shown_height
            if position < len(stack.items) and not stack.items[position].hidden:
                y += max(stack.items[position].gap, 0)

    def drop_far_from(self, top: int, bottom: int) -> None:
        """Let the views go that are far from what lies between two heights, where there are many."""
        kept = sum(item.cost for item in self._stack.items if item.view is not None)
        if kept < KEPT_MOST:
            return
        for position, item in enumerate(self._stack.items):
            if item.view is not None and item.exact:
                y = self._stack.top_of(position)
                if y + item.height < top - KEPT_AWAY or y > bottom + KEPT_AWAY:
                    self.drop(item)

    def drop(self, item: BlockItem) -> None:
        """Let the view of a block go; its height is kept."""
        view, item.view = item.view, None
        if view is not None:
            self._selection.forget(set(view.text_views()))
            view.hide()
            view.deleteLater()

    def drop_before_restyle(self) -> None:
        """Let all views go at once: what waits for its deletion would be styled as well."""
        for position, item in enumerate(self._stack.items):
            if item.view is not None:
                self.drop(item)
                item.exact = False
                self._stack.touch(position)
        for view in self._owner.findChildren(BlockView):
            delete(view)

    def set_dimmed(self, dimmed: bool) -> None:
        """Draw weaker."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            for view in self._stack.views():
                view.set_dimmed(dimmed)

    def mark_found(self, words: re.Pattern[str]) -> None:
        """Mark what a search found, also in blocks that are drawn later."""
        if self._found is not words:
            self._found = words
            for view in self.text_views():
                view.mark(words)

    def set_markers(self, markers: Mapping[int, MarkedSource]) -> bool:
        """Make links of the markers that name a source; False where these are known."""
        if markers == self._markers:
            return False
        self._markers = dict(markers)
        for position, item in enumerate(self._stack.items):
            if item.view is None or "[" not in item.block.source:
                continue
            if not self._drawing.step.take(item.cost // 2):
                self.drop(item)
                self._stack.touch(position)
            elif self._mark(item):
                self._stack.touch(position)
        return True

    def _draw(self, item: BlockItem) -> None:
        assert item.view is not None
        before = set(item.view.text_views())
        references = self._references if "]" in item.block.source else {}
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
            if self._is_code(view) or not mark_citations(view.document, self._markers, self._drawing.look):
                continue
            view.invalidate()
            marked = True
        if marked:
            item.view.invalidate()
            item.exact = False
        return marked

    def _is_code(self, view: QWidget) -> bool:
        """Whether a view draws code: brackets are indexes there."""
        owner = view.parentWidget()
        while owner is not None and owner is not self._owner:
            if isinstance(owner, CodeView):
                return True
            owner = owner.parentWidget()
        return False

    # --- what changes by itself --------------------------------------------------------------------------

    def _touch(self, view: object, *, is_exact: bool) -> None:
        for position, item in enumerate(self._stack.items):
            if item.view is view:
                item.exact = item.exact and is_exact
                self._stack.touch(position)

    @Slot()
    def _remeasure(self) -> None:
        self._touch(self.sender(), is_exact=False)
        self.height_changed.emit()

    @Slot()
    def _refold(self) -> None:
        """A fold was opened or closed: what stands in it is seen or not."""
        self._touch(self.sender(), is_exact=True)
        self.height_changed.emit()

    @Slot(object)
    def _redraw_formulas(self, formulas: frozenset[Formula]) -> None:
        if any(view.waits_for(formulas) for view in self._stack.views()):
            self._drawing.idle.add(self._draw_with(formulas), self)

    def _draw_with(self, formulas: frozenset[Formula]) -> Iterator[None]:
        """Draw again what waited for formulas, a few milliseconds at a time."""
        for view in self._stack.views():
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
