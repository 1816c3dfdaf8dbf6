"""A table: header, alignment, lines between rows, scrolled sideways when it is too wide."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)
from PySide6.QtWidgets import QWidget

from chatbot_app.core.markdown_tables import Alignment, alignments, split_row
from chatbot_app.core.text_weight import MARK, SHAPED, reach, weight
from chatbot_app.ui.chat.chunk_frame import ChunkFrame
from chatbot_app.ui.chat.idle_work import IdleWork
from chatbot_app.ui.chat.inline_writer import InlineWriter
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.mathematics import FormulaBudget, MathRenderer
from chatbot_app.ui.chat.show_all import ShowAllButton
from chatbot_app.ui.chat.step_allowance import SECONDS_A_STEP
from chatbot_app.ui.chat.text_view import SafeDocument, TextView
from chatbot_app.workers.formulas import Formula

CELLS_A_CHUNK = 36
CHUNKS_A_STEP = 2  # the rest follows in idle time
ROWS_SHOWN = 500
ROWS_MORE = 2_000  # that each click shows
WIDTHS_FROM = 60  # rows that decide the columns' widths while the table grows
CELLS_MEASURED = 1_200  # cells that decide them in a table that is complete
CELL_SHOWN = 2_000  # characters
ROW_SHOWN = 4_000  # weight of a row; its cells share it
CHUNK_HEAVY = 4_000  # weight of a chunk with fewer cells than it may have
_MARKUP = re.compile(r"[*_`\[\]<\\$!~&]|://")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAGS = re.compile(r"</?(?!br\b)[a-z]+>", re.IGNORECASE)
_STRIPPED = re.compile(r"[*_`~]|\]\([^)]*\)|[\[\]]")
_ALIGNMENT = {
    Alignment.LEFT: Qt.AlignmentFlag.AlignLeft,
    Alignment.CENTRE: Qt.AlignmentFlag.AlignHCenter,
    Alignment.RIGHT: Qt.AlignmentFlag.AlignRight,
}


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
        self._parser = parser
        self._renderer = renderer
        self._budget = budget
        self._source = ""
        self._references: dict[str, Any] = {}
        self._lines: list[str] = []  # the header first
        self._rows: list[list[str]] = []  # of the lines that were read so far
        self._alignments: list[Alignment] = []
        self._natural: list[float] = []
        self._widths: list[int] = []
        self._laid_rows = 0  # rows in chunks that are full
        self._full_chunks = 0
        self._available = 0
        self._closed = False
        self._rows_most = ROWS_SHOWN
        self._is_filling = False  # more rows follow in idle time
        self._hidden = 0  # rows that were not read
        self._more: ShowAllButton | None = None  # made where it is needed: most tables are short
        self._metrics = QFontMetricsF(look.font)
        self._code_metrics = QFontMetricsF(look.code_font)
        # Made once: a table that loops has thousands of cells.
        self._cell_formats = {header: self._formats_of(header=header) for header in (False, True)}
        self._block_formats = {alignment: _aligned(flag) for alignment, flag in _ALIGNMENT.items()}
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
            self._natural = []
            self._alignments = alignments(lines[1]) if len(lines) > 1 else []
            self._restart()
        self._source = source
        self._references = references
        self._lines = [line for position, line in enumerate(lines) if position != 1 and line.strip()]
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
            cells = _bounded(split_row(line)[:columns])
            self._rows.append(cells + [""] * (columns - len(cells)))
            self._measure(self._rows[-1])

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
        return sum(self._widths)

    def height_for(self, width: int) -> int:
        inside = max(width - 2 * self.padding, 1)
        if inside != self._available:
            self._lay_rows(inside)
            self._available = inside
        height = super().height_for(width)
        if self._more is not None:
            self._more.place(self.look.px(0.6), height - self.footer_height)
        return height

    # --- widths --------------------------------------------------------------------------------------

    def _measure(self, row: list[str]) -> None:
        header = not self._natural
        if header:
            self._natural = [0.0] * len(row)
        elif len(self._rows) * len(row) > CELLS_MEASURED:
            return
        for column, cell in enumerate(row):
            words = max(_BREAK.split(_STRIPPED.sub("", _TAGS.sub("", cell[:200]))), key=len)
            metrics = self._code_metrics if "`" in cell else self._metrics
            width = metrics.horizontalAdvance(words) * (1.1 if header or "**" in cell else 1.0)
            self._natural[column] = max(self._natural[column], width)

    def _fitted(self, available: int) -> list[int]:
        """Return the columns' widths: short ones get what they need, long ones share what is left."""
        gap = self._cell_gap()
        wanted = [width + gap for width in self._natural]
        least = self.look.em * 7 + gap
        if sum(wanted) <= available:
            return [round(width) + 1 for width in wanted]
        fitted = [0.0] * len(wanted)
        left, open_columns = float(available), sorted(range(len(wanted)), key=lambda column: wanted[column])
        while open_columns:
            share = max(left / len(open_columns), least)
            column = open_columns.pop(0)
            fitted[column] = min(wanted[column], share)
            left -= fitted[column]
        return [max(round(width), 1) for width in fitted]

    def _cell_gap(self) -> float:
        return self.look.em * 1.5 + 2

    # --- rows ----------------------------------------------------------------------------------------

    def _restart(self) -> None:
        for chunk in self.chunks:
            chunk.hide()
            chunk.deleteLater()
        self.chunks.clear()
        self._laid_rows = self._full_chunks = 0
        self._waiting.clear()

    def _lay_rows(self, available: int) -> None:
        widths = self._fitted(available)
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
        document = SafeDocument(self.look)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        table = cursor.insertTable(last - first, len(self._alignments), self._table_format())
        writer = InlineWriter(self.look, self._renderer, self._budget)
        for row in range(first, last):
            for column, cell in enumerate(self._rows[row]):
                self._write_cell(table, row - first, column, cell, writer, header=row == 0)
        cursor.endEditBlock()
        self._waiting[first] = (last, set(writer.waiting))
        _flatten_ends(document)
        return document

    def _formats_of(self, *, header: bool) -> tuple[QTextTableCellFormat, QTextCharFormat]:
        """Return how a cell and its text look."""
        shape = QTextTableCellFormat()
        shape.setLeftPadding(self.look.em * 0.75)
        shape.setRightPadding(self.look.em * 0.75)
        shape.setTopPadding(self.look.em * 0.42)
        shape.setBottomPadding(self.look.em * 0.42)
        if header:
            shape.setBackground(QColor(self.look.colors.raised))
        else:
            shape.setTopBorder(1)
            shape.setTopBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            shape.setTopBorderBrush(QColor(self.look.colors.border))
        base = QTextCharFormat()
        base.setFont(self.look.font)
        if header:
            base.setFontWeight(QFont.Weight.DemiBold)
        return shape, base

    def _table_format(self) -> QTextTableFormat:
        shape = QTextTableFormat()
        shape.setBorder(0)
        shape.setCellSpacing(0)
        shape.setCellPadding(0)
        shape.setMargin(0)
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        shape.setColumnWidthConstraints(
            [QTextLength(QTextLength.Type.FixedLength, width) for width in self._widths]
        )
        return shape

    def _write_cell(
        self, table: QTextTable, row: int, column: int, cell: str, writer: InlineWriter, *, header: bool
    ) -> None:
        place = table.cellAt(row, column)
        shape, base = self._cell_formats[header]
        place.setFormat(shape)
        cursor = place.firstCursorPosition()
        cursor.setBlockFormat(self._block_formats[self._alignments[column]])
        if not _MARKUP.search(cell):
            cursor.insertText(cell, base)
            return
        for token in self._parser.parseInline(cell, {"references": dict(self._references)}):
            writer.write(cursor, list(token.children or []), base)

    # --- more rows -----------------------------------------------------------------------------------

    def _offer_more(self, hidden: int) -> None:
        words = ""
        if hidden > 0:
            words = QCoreApplication.translate("TableView", "Show all ({count} more rows)")
            if hidden > ROWS_MORE:
                words = QCoreApplication.translate("TableView", "Show more ({count} more rows)")
            words = words.format(count=f"{hidden:,}")
        if words and self._more is None:
            self._more = ShowAllButton(self.look, self)
            self._more.clicked.connect(self._show_all)
        if self._more is not None:
            self.footer_height = self._more.offer(words)

    @Slot()
    def _show_all(self) -> None:
        self._rows_most += ROWS_MORE
        self.set_source(self._source, self._references, closed=self._closed)
        self.size_changed.emit()

    def _vertical_padding(self) -> int:
        return 1


def _aligned(flag: Qt.AlignmentFlag) -> QTextBlockFormat:
    shape = QTextBlockFormat()
    shape.setAlignment(flag)
    return shape


def _bounded(cells: list[str]) -> list[str]:
    """Return the cells as far as a row may be heavy."""
    if sum(map(len, cells)) * (MARK + SHAPED + 1) <= ROW_SHOWN:
        return cells
    found: list[str] = []
    left = ROW_SHOWN
    for cell in cells:
        shown = cell[:CELL_SHOWN]
        shown = shown[: reach(shown, max(left, 40))]
        left -= weight(shown)
        found.append(shown if len(shown) == len(cell) else shown + "…")
    return found


def _flatten_ends(document: SafeDocument) -> None:
    """Take the height from the empty paragraphs that Qt keeps around a table."""
    flat = QTextBlockFormat()
    flat.setLineHeight(0.01, 2)
    for cursor in (QTextCursor(document.firstBlock()), QTextCursor(document.lastBlock())):
        if cursor.currentTable() is None:
            cursor.setBlockFormat(flat)
