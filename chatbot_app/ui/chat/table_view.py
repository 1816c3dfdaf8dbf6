"""A table: header where it has one, alignment, lines between rows, scrolled sideways when it is too wide."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.markdown_tables import Alignment, alignments, split_row
from chatbot_app.core.text_weight import weight
from chatbot_app.ui.chat.chunk_frame import ChunkFrame
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.mathematics import FormulaBudget, MathRenderer
from chatbot_app.ui.chat.safe_document import SafeDocument
from chatbot_app.ui.chat.show_all import ShowAllOffer
from chatbot_app.ui.chat.step_allowance import SECONDS_A_STEP
from chatbot_app.ui.chat.table_widths import CELLS_MEASURED, ColumnWidths
from chatbot_app.ui.chat.table_writer import RowPlace, TableWriter, bounded
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.workers.formulas import Formula

CELLS_A_CHUNK = 36
CHUNKS_A_STEP = 2  # the rest follows in idle time
ROWS_SHOWN = 500
ROWS_MORE = 2_000  # that each click shows
WIDTHS_FROM = 60  # rows that decide the columns' widths while the table grows
CHUNK_HEAVY = 4_000  # weight of a chunk with fewer cells than it may have


class TableView(ChunkFrame):
    """Shows a table that may still grow; only its last rows are drawn again."""

    size_changed = Signal()  # more rows are shown

    def __init__(
        self,
        look: Look,
        parser: MarkdownIt,
        renderer: MathRenderer,
        budget: FormulaBudget,
        idle: IdleWork,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._idle = idle
        self._writer = TableWriter(look, parser, renderer, budget)
        self._column_widths = ColumnWidths(look)
        self._source = ""
        self._lines: list[str] = []  # the header first, but for an empty one
        self._top = RowPlace.HEADER
        self._rows: list[list[str]] = []  # of the lines that were read so far
        self._alignments: list[Alignment] = []
        self._widths: list[int] = []
        self._laid_rows = 0  # rows in chunks that are full
        self._full_chunks = 0
        self._available = 0
        self._closed = False
        self._rows_most = ROWS_SHOWN
        self._is_filling = False  # more rows follow in idle time
        self._hidden = 0  # rows that were not read
        self._more = ShowAllOffer(look, self, self._show_all)
        self.hugs = True
        self.padding = 1
        self.fill = look.colors.surface
        self._waiting: dict[
            int, tuple[int, set[Formula]]
        ] = {}  # by a chunk's first row: its last, its formulas

    def set_source(self, source: str, references: dict[str, Any], *, closed: bool) -> None:
        """Show a table given as Markdown; rows that it shares with the one shown before stay."""
        grown = bool(self._source) and source.startswith(self._source)
        # No more is read than may be shown: a table that loops has hundreds of thousands of lines.
        lines = source.split("\n", self._rows_most + 2)
        self._hidden = lines.pop().count("\n") + 1 if len(lines) > self._rows_most + 2 else 0
        if not grown:
            self._rows = []
            self._column_widths.forget()
            self._alignments = alignments(lines[1]) if len(lines) > 1 else []
            self._restart()
        self._source = source
        self._writer.references = references
        self._top = RowPlace.HEADER if any(split_row(lines[0])) else RowPlace.FIRST
        first = 0 if self._top is RowPlace.HEADER else 1  # labels beside their values have no heads
        self._lines = [line for line in (*lines[first:1], *lines[2:]) if line.strip()]
        self._rows[len(self._rows) - 1 if self._rows else 0 :] = []
        self._read(CELLS_MEASURED // max(len(self._alignments), 1) + 1)
        if closed and not self._closed and len(self._lines) > WIDTHS_FROM:
            self._restart()
        self._closed = closed
        self._available = -1  # rows are laid out when the width is known

    def _read(self, count: int) -> None:
        """Read the first lines: those that decide the widths at once, each other one when it is drawn."""
        columns = len(self._alignments)
        for line in self._lines[len(self._rows) : count]:
            cells = bounded(split_row(line)[:columns])
            self._rows.append(cells + [""] * (columns - len(cells)))
            self._column_widths.measure(self._rows[-1], len(self._rows))

    def waits_for(self, formulas: frozenset[Formula]) -> bool:
        """Whether any of these formulas stands here as its source until it is drawn."""
        return any(formulas & waiting for _, waiting in self._waiting.values())

    def redraw_some(self, formulas: frozenset[Formula]) -> bool:
        """Draw the first rows again that waited for one of these formulas; return whether any did."""
        for index, (first, (last, waiting)) in enumerate(sorted(self._waiting.items())):
            if formulas & waiting and index < len(self.chunks):
                self.chunks[index].set_document(self._document(first, last))
                self._lay_out(self.chunks[index])
                return True
        return False

    def content_width(self, available: int) -> int:
        """Return how wide its columns are together, in pixels."""
        return sum(self._widths)

    def height_for(self, width: int) -> int:
        """Place the parts for a width and return the height."""
        inside = max(width - 2 * self.padding, 1)
        if inside != self._available:
            self._lay_rows(inside)
            self._available = inside
        height = super().height_for(width)
        self._more.place(self.look.px(0.6), height - self.footer_height)
        return height

    # --- rows ----------------------------------------------------------------------------------------

    def _restart(self) -> None:
        for chunk in self.chunks:
            chunk.hide()
            chunk.deleteLater()
        self.chunks.clear()
        self._laid_rows = self._full_chunks = 0
        self._waiting.clear()

    def _lay_rows(self, available: int) -> None:
        widths = self._column_widths.fitted(available)
        fixed = not self._closed and self._laid_rows >= WIDTHS_FROM and self._available in (-1, available)
        if widths != self._widths and not fixed:
            self._restart()
            self._widths = widths
        end = time.thread_time() + SECONDS_A_STEP / 2
        for _ in range(CHUNKS_A_STEP):
            if not self._lay_chunk():
                break
            if time.thread_time() > end:
                self._fill_later()
                break
        else:
            self._fill_later()
        self._offer_more(self._hidden)

    def _fill_later(self) -> None:
        if not self._is_filling:
            self._is_filling = True
            self._idle.add(self._lay_rest(), self)

    def _lay_chunk(self) -> bool:
        """Make the next rows; return whether there may be more."""
        most = max(1, CELLS_A_CHUNK // max(len(self._alignments), 1))
        first = last = self._laid_rows
        heavy = 0
        while last < len(self._lines) and last - first < most and heavy < CHUNK_HEAVY:
            self._read(last + 1)
            heavy += weight("|".join(self._rows[last]))
            last += 1
        if first >= last:
            return False
        if self._full_chunks >= len(self.chunks):
            self.add_chunk(TextView(self.look))
        self.chunks[self._full_chunks].set_document(self._document(first, last))
        if last == len(self._lines) and last - first < most and heavy < CHUNK_HEAVY:
            return False  # more rows may join them
        self._laid_rows = last
        self._full_chunks += 1
        return True

    def _lay_out(self, chunk: TextView) -> None:
        """Lay out in idle time: `height_for` would otherwise do it for all chunks together."""
        chunk.height_for(self.full_width)

    def _lay_rest(self) -> Iterator[None]:
        while self._lay_chunk():
            self._lay_out(self.chunks[self._full_chunks - 1])
            if len(self.chunks) < 30 or len(self.chunks) % 16 == 0:
                self.size_changed.emit()
            yield
        self._is_filling = False
        self.size_changed.emit()

    def _document(self, first: int, last: int) -> SafeDocument:
        document, waiting = self._writer.write(
            self._rows[first:last], self._alignments, self._widths, RowPlace.BELOW if first else self._top
        )
        self._waiting[first] = (last, waiting)
        return document

    # --- more rows -----------------------------------------------------------------------------------

    def _offer_more(self, hidden: int) -> None:
        words = ""
        if hidden > 0:
            words = QCoreApplication.translate("TableView", "Show all ({count} more rows)")
            if hidden > ROWS_MORE:
                words = QCoreApplication.translate("TableView", "Show more ({count} more rows)")
            words = words.format(count=f"{hidden:,}")
        self.footer_height = self._more.offer(words)

    @Slot()
    def _show_all(self) -> None:
        self._rows_most += ROWS_MORE
        self.set_source(self._source, self._writer.references, closed=self._closed)
        self.size_changed.emit()

    def _vertical_padding(self) -> int:
        return 1
