"""The text of one message as blocks, of which only those near the reader are widgets."""

from __future__ import annotations

import html
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QToolTip, QWidget
from shiboken6 import isValid

from chatbot_app.core.markdown_blocks import Block, BlockKind, BlockSplitter, Change
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.block_heights import estimate, estimate_text, gap_between
from chatbot_app.ui.chat.block_views import BlockView, Drawing
from chatbot_app.ui.chat.citation_marks import Marker, mark_citations, source_of
from chatbot_app.ui.chat.code_view import CodeView
from chatbot_app.ui.chat.links import is_web_address, tooltip_of
from chatbot_app.ui.chat.mathematics import FormulaBudget
from chatbot_app.ui.chat.selection import TextSelection
from chatbot_app.ui.chat.show_all import ShowAllButton
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.workers.formulas import Formula

SHOWN_MOST = 400_000  # characters of one message; the rest is shown on demand
FED_AT_ONCE = 4_000  # characters split into blocks per step
FEEDS_A_CALL = 2  # steps at once; what is left of a huge message follows between events
KEPT_AWAY = 8_000  # pixels; views farther from the reader are dropped again


@dataclass(slots=True)
class _Item:
    """A block and its place; `height` is an estimate until the block was laid out for the width."""

    block: Block
    view: BlockView | None = None
    height: int = 0
    exact: bool = False


class MessageBody(QWidget):
    """Shows text that may still grow. `height_for` answers at once: what is far away is estimated."""

    height_changed = Signal()
    link_activated = Signal(str)  # an http(s) address
    source_activated = Signal(int)  # the number of a source, by its marker

    def __init__(self, drawing: Drawing, parent: QWidget | None = None, *, literal: bool = False) -> None:
        super().__init__(parent)
        self._drawing = replace(drawing, budget=FormulaBudget())
        self._literal = literal
        self._splitter = BlockSplitter(literal=literal)
        self._whole = ""
        self._incoming: list[str] = []
        self._fed = 0
        self._shown_most = SHOWN_MOST
        self._finished = False
        self._closed = False
        self._items: list[_Item] = []
        self._tops: list[int] = []
        self._dirty = 0
        self._width = -1
        self._height = 0
        self._dimmed = False
        self._more: ShowAllButton | None = None
        self._selection = TextSelection(self)
        self._all_selected = False
        self._pressed_link = ""
        self._markers: Mapping[int, Marker] = {}
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        drawing.renderer.pictures_drawn.connect(self._redraw_formulas)

    # --- text ----------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The text as it is shown: with hidden characters made visible."""
        return self._text

    @property
    def _text(self) -> str:
        if self._incoming:
            # Joined once a flush: adding each token to a long text would copy it each time.
            self._whole += visible_text("".join(self._incoming))
            self._incoming.clear()
        return self._whole

    def append(self, text: str) -> None:
        """Take more text; `feed` draws it."""
        self._incoming.append(text)

    def finish(self) -> None:
        """The text is complete."""
        self._finished = True

    @property
    def is_fed(self) -> bool:
        """Whether all text that may be shown has become blocks."""
        whole = self._fed >= min(len(self._text), self._shown_most)
        return whole and (self._closed or not self._finished)

    def feed(self, *, at_most: int = FED_AT_ONCE) -> None:
        """Split some more of the text into blocks."""
        end = min(len(self._text), self._shown_most, self._fed + at_most)
        if end > self._fed:
            self._apply(self._splitter.append(self._text[self._fed : end]))
            self._fed = end
        if self._finished and not self._closed and self._fed >= min(len(self._text), self._shown_most):
            if self._fed >= len(self._text):
                self._closed = True
                self._apply(self._splitter.finish())
                self._resolve_references()
            self._closed = True
        self._offer_more()

    def feed_all(self) -> Iterator[None]:
        """Yield after each step until everything that may be shown is split."""
        while not self.is_fed:
            self.feed()
            yield

    def _apply(self, change: Change) -> None:
        gone = self._items[change.start :]
        items = self._items[: change.start]
        for offset, block in enumerate(change.blocks):
            old = gone[offset] if offset < len(gone) else None
            item = _Item(block)
            if old is not None and old.block == block:
                item = old
            elif old is not None and old.view is not None and old.block.kind is block.kind:
                item.view, old.view = old.view, None
                item.height = old.height
                self._draw(item)
            items.append(item)
        for old in gone:
            if old.view is not None and not any(old is item for item in items[change.start :]):
                self._drop(old)
        self._items = items
        self._dirty = min(self._dirty, change.start)
        del self._tops[change.start :]

    def _resolve_references(self) -> None:
        """Draw again what may use a link definition that came after it."""
        if not self._splitter.references:
            return
        for position, item in enumerate(self._items):
            if item.view is not None and "]" in item.block.source:
                self._draw(item)
                self._dirty = min(self._dirty, position)

    # --- geometry ------------------------------------------------------------------------------------

    def height_for(self, width: int) -> int:
        """Place the blocks for a width and return the height, in pixels."""
        if width != self._width:
            self._width = width
            self._dirty = 0
            for item in self._items:
                item.exact = False
        first = min(self._dirty, len(self._tops))
        if first >= len(self._items) and self._tops and len(self._tops) == len(self._items):
            return self._height
        y = 0
        if first:
            y = self._tops[first - 1] + self._items[first - 1].height
        del self._tops[first:]
        for position in range(first, len(self._items)):
            item = self._items[position]
            if position:
                y += gap_between(self._drawing.look, self._items[position - 1].block, item.block)
            if item.view is not None:
                if not item.exact:
                    item.height = item.view.height_for(width)
                    item.exact = True
                item.view.setGeometry(0, y, width, item.height)
            elif not item.height or not item.exact:
                item.height = estimate(self._drawing.look, item.block, width)
            self._tops.append(y)
            y += item.height
        unfed = min(len(self._text), self._shown_most) - self._fed
        if unfed > FED_AT_ONCE or (unfed and not self._items):
            y += estimate_text(self._drawing.look, self._text[self._fed : self._fed + unfed], width)
        if self._more is not None and not self._more.isHidden():
            y += self._drawing.look.px(0.5)
            self._more.place(0, y)
            y += self._more.height()
        self._dirty = len(self._items)
        self._height = y
        return y

    def natural_width(self, most: int) -> int:
        """Return the width that the text needs, at most `most`: bubbles are as wide as their words."""
        if len(self._text) > 4 * 120 or "```" in self._text:
            return most
        metrics = QFontMetricsF(self._drawing.look.font)
        widths = [metrics.horizontalAdvance(line) for line in self._text.split("\n")]
        return min(math.ceil(max(widths, default=0)) + 2, most)

    def materialise(self, top: int, bottom: int, width: int) -> bool:
        """Make widgets of the blocks between two heights; return whether any height changed."""
        known = self._height
        for _ in range(FEEDS_A_CALL):
            # What is still arriving is fed by the flush, which keeps to a share of time.
            if (
                self.is_fed
                or (self._items and not self._finished)
                or (self._items and self._height_so_far(width) >= bottom)
            ):
                break
            self.feed()
        self.height_for(width)
        changed = False
        position = max(bisect_right(self._tops, top) - 1, 0)
        y = self._tops[position] if self._tops else 0
        while position < len(self._items) and y < bottom:
            item = self._items[position]
            if item.view is None:
                before = item.height
                item.view = BlockView(self._drawing, self)
                item.view.size_changed.connect(self._remeasure)
                self._draw(item)
                item.height = item.view.height_for(width)
                item.exact = True
                item.view.set_dimmed(self._dimmed)
                item.view.setGeometry(0, y, width, item.height)
                item.view.show()
                if item.height != before:
                    changed = True
                    self._dirty = min(self._dirty, position)
            position += 1
            y += item.height
            if position < len(self._items):
                y += gap_between(self._drawing.look, item.block, self._items[position].block)
        if changed:
            self.height_for(width)
        return changed or self._height != known

    def release(self, top: int, bottom: int) -> None:
        """Drop the widgets of blocks far from the part between two heights; their heights are kept."""
        if len(self._items) < 60 or self._selection.text():
            return
        for item, y in zip(self._items, self._tops, strict=False):
            far = y + item.height < top - KEPT_AWAY or y > bottom + KEPT_AWAY
            if far and item.view is not None and item.exact:
                self._drop(item)

    def anchor_at(self, y: int) -> tuple[int, int]:
        """Return the block at a height and how far above the height it begins."""
        if not self._tops:
            return 0, y
        position = max(bisect_right(self._tops, y) - 1, 0)
        return position, y - self._tops[position]

    def height_of_anchor(self, anchor: tuple[int, int]) -> int:
        """Return the height at which what `anchor_at` found now stands."""
        if not self._tops:
            return anchor[1]
        return self._tops[min(anchor[0], len(self._tops) - 1)] + anchor[1]

    def ends_with_a_frame(self) -> bool:
        """Whether the last block is code or a table."""
        return bool(self._items) and self._items[-1].block.kind in (BlockKind.CODE, BlockKind.TABLE)

    def set_dimmed(self, dimmed: bool) -> None:
        """Draw weaker."""
        if dimmed == self._dimmed:
            return
        self._dimmed = dimmed
        for item in self._items:
            if item.view is not None:
                item.view.set_dimmed(dimmed)

    def set_markers(self, markers: Mapping[int, Marker]) -> None:
        """Make links of the markers that name a source; others stay plain text."""
        if markers == self._markers:
            return
        self._markers = dict(markers)
        for position, item in enumerate(self._items):
            if item.view is not None and self._mark(item):
                self._dirty = min(self._dirty, position)
        self.height_changed.emit()

    def block_views(self) -> list[BlockView]:
        """Return the widgets that exist, from the top."""
        return [item.view for item in self._items if item.view is not None]

    # --- selection -----------------------------------------------------------------------------------

    def selected_text(self) -> str:
        """Return what is selected."""
        return self._text if self._all_selected else self._selection.text()

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

    def _draw(self, item: _Item) -> None:
        assert item.view is not None
        before = set(item.view.text_views())
        references: dict[str, Any] = self._splitter.references if "]" in item.block.source else {}
        item.view.set_block(item.block, references)
        gone = before - set(item.view.text_views())
        self._selection.forget(gone)
        item.exact = False
        self._mark(item)

    def _mark(self, item: _Item) -> bool:
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

    def _drop(self, item: _Item) -> None:
        view, item.view = item.view, None
        if view is not None:
            self._selection.forget(set(view.text_views()))
            view.hide()
            view.deleteLater()

    def _height_so_far(self, width: int) -> int:
        self.height_for(width)
        return (self._tops[-1] + self._items[-1].height) if self._tops else 0

    def _text_views(self) -> list[TextView]:
        return [view for item in self._items if item.view is not None for view in item.view.text_views()]

    def _offer_more(self) -> None:
        hidden = len(self._text) - self._shown_most
        words = ""
        if hidden > 0:
            words = QCoreApplication.translate("MessageBody", "Show all ({count} more characters)")
            words = words.format(count=f"{hidden:,}")
        if words and self._more is None:
            self._more = ShowAllButton(self._drawing.look, self)
            self._more.clicked.connect(self._show_all)
        if self._more is not None:
            self._more.offer(words)

    @Slot()
    def _show_all(self) -> None:
        self._shown_most = len(self._text) + SHOWN_MOST
        self._closed = False
        self._offer_more()
        self._drawing.idle.add(self._feed_rest(), self)

    def _feed_rest(self) -> Iterator[None]:
        while not self.is_fed:
            self.feed()
            self.height_changed.emit()
            yield

    @Slot()
    def _remeasure(self) -> None:
        view = self.sender()
        for position, item in enumerate(self._items):
            if item.view is view:
                item.exact = False
                self._dirty = min(self._dirty, position)
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
            for position, item in enumerate(self._items):
                if item.view is view:
                    item.exact = False
                    self._mark(item)
                    self._dirty = min(self._dirty, position)
                    view.set_dimmed(self._dimmed)
                    self.height_changed.emit()
            yield

    def _words_of(self, link: str) -> str:
        """Return what a tooltip says about a link, as rich text that shows names literally."""
        number = source_of(link)
        marker = self._markers.get(number) if number is not None else None
        if marker is None:
            return tooltip_of(link)
        words = html.escape(marker.words[:300])
        if marker.added:
            note = QCoreApplication.translate("MessageBody", "Matched by the program, not cited by the model")
            words += f"<br><i>{html.escape(note)}</i>"
        return f"<p>{words}</p>"

    def _link_at(self, point: QPoint) -> str:
        view = self._selection.view_at(self._text_views(), point)
        return view.link_at(view.mapFrom(self, point)) if view is not None else ""

    # --- Qt ------------------------------------------------------------------------------------------

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
        if link:
            QToolTip.showText(event.globalPosition().toPoint(), self._words_of(link), self)
        else:
            QToolTip.hideText()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        link = self._link_at(event.position().toPoint())
        if link and link == self._pressed_link and not self._selection.text():
            number = source_of(link)
            if number is not None:
                self.source_activated.emit(number)
            elif is_web_address(link):
                self.link_activated.emit(link)
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
