"""Markdown of a document as the transcript draws it, with a passage marked; nothing in it is fetched or run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QScrollArea, QWidget

from chatbot_app.core.markdown_block import MarkdownKind
from chatbot_app.core.markdown_blocks import BlockSplitter
from chatbot_app.knowledge.places.anchoring import Span
from chatbot_app.ui.chat.drawn_text import DrawnText
from chatbot_app.ui.chat.message_body import MessageBody
from chatbot_app.ui.chat.text_view import TextView

_FEWEST_WORDS = 4  # in a row; fewer stand elsewhere by chance
_MOST_PIECES = 200
_READ_AT_ONCE = 4_000  # characters
_MOST_SIGNS = 6  # that a piece ends with
_MARKUP = "*_|#~\\"
# What the source has and the drawn text has not: addresses of links, code and emphasis.
_SEAMS = re.compile(r"\]\([^)\n]*\)|[\[\]`<>\n]")  # cells are apart by what is no word, as words are


def pattern_of(passage: str) -> re.Pattern[str] | None:
    """Return what finds the words of a passage both in its Markdown and as it is drawn; None without words."""
    pieces = [(re.findall(r"[^\W_]+", piece), piece) for piece in _SEAMS.split(passage)]
    long = [(words, piece) for words, piece in pieces if len(words) >= _FEWEST_WORDS]
    wanted = (
        long or sorted(((words, piece) for words, piece in pieces if words), key=lambda one: len(one[0]))[-1:]
    )
    if not wanted:
        return None
    return re.compile(
        "|".join(
            r"[\W_]+".join(map(re.escape, words)) + _pattern_of_end(piece.rpartition(words[-1])[2])
            for words, piece in wanted[:_MOST_PIECES]
        )
    )


def _pattern_of_end(end: str) -> str:
    """Return a pattern of the signs that a piece ends with, where they stand there: the full stop, "€", a quotation mark."""
    signs = [sign for sign in end if not sign.isspace() and sign not in _MARKUP]
    if not 0 < len(signs) <= _MOST_SIGNS:
        return ""
    return r"(?:\s?" + r"\s?".join(map(re.escape, signs)) + ")?"


class RenderedText(DrawnText):
    """Draws until the passage stands still in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("passage_rendered", self.tr("Text of the document"), parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._words: re.Pattern[str] | None = None
        self._block: int | None = None  # of the passage, where its words also stand before it
        self._follows = False  # the passage, until the person scrolls
        bar = self.verticalScrollBar()
        bar.actionTriggered.connect(self._let_go)
        bar.sliderMoved.connect(self._let_go)

    def show_text(self, text: str, passage: Span) -> None:
        """Show Markdown with the passage marked and in sight; of an empty one, the place."""
        self._pieces, self._is_finished = [text], True
        self._words = pattern_of(text[passage.start : passage.end])
        before = text[: passage.start]
        self._block = None
        if self._words.search(before) if self._words is not None else before:
            splitter, count = BlockSplitter(), 0
            for start in range(0, len(before), _READ_AT_ONCE):
                change = splitter.append(before[start : start + _READ_AT_ONCE])
                count = change.start + len(change.blocks)
            self._block = max(0, count if before.endswith("\n") else count - 1)
        self._follows = True
        self._draw_anew()

    def marked_text(self) -> str:
        """Return the words that are marked in what was drawn so far."""
        if self._words is None:
            return ""
        return "\n".join(
            found[0] for view in self.text_views() for found in self._words.finditer(view.plain_text())
        )

    @Slot()
    def _step(self) -> None:
        """Lay out and draw some more; go on later while anything is missing or still moves."""
        body = self._body
        if body is None or not self.isVisible():
            return
        bar, step = self.verticalScrollBar(), self._drawing.step
        step.begin()
        if not body.is_fed and self._follows:
            body.feed()
        before = bar.value()

        def go() -> None:
            if self._follows:
                self._go_to_passage(body)

        def drawn() -> None:
            if self._mark_rows(body):
                self._later.start()

        self._lay_out(body, self._drawing.look.px(0.8), go, drawn)
        if step.is_short or not body.is_fed or bar.value() != before:
            self._later.start()

    def _mark_rows(self, body: MessageBody) -> bool:
        """Mark the passage in rows of tables, which are drawn some at a time; return whether any was marked now."""
        if self._words is None:
            return False
        marked = False
        for view in self._row_views(body):
            if not view.marked_places() and view.mark(self._words) is not None:
                marked = True
        return marked

    def _row_views(self, body: MessageBody) -> Iterator[TextView]:
        for block in body.block_views():
            if block.block is not None and block.block.kind is MarkdownKind.TABLE:
                yield from block.text_views()

    def _top_of_row(self, body: MessageBody) -> int | None:
        """Return how far down the marked rows begin, None where none is drawn yet."""
        tops = [
            view.mapTo(body, view.marked_places()[0]).y()
            for view in self._row_views(body)
            if view.marked_places()
        ]
        return min(tops, default=None)

    def _go_to_passage(self, body: MessageBody) -> None:
        top = body.mark_found(self._words) if self._words is not None else 0
        if self._block is not None:
            body.reveal(self._block)
            top = body.height_of_anchor((self._block, 0))
        row = self._top_of_row(body)
        if row is not None and (self._block is None or top is None or row >= top):
            top = row
        if top is not None:
            # A quarter of the way down, so that what stands before it is seen as well.
            self.verticalScrollBar().setValue(body.y() + top - self.viewport().height() // 4)

    @Slot(int)
    def _let_go(self, _: int) -> None:
        self._follows = False

    # --- Qt ------------------------------------------------------------------------------------------

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            self._follows = False
        return super().viewportEvent(event)
