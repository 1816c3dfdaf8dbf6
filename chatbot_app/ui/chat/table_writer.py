"""Rows of a table as a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

from markdown_it import MarkdownIt
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from chatbot_app.core.markdown_tables import Alignment
from chatbot_app.core.text_weight import MARK, SHAPED, reach, weight
from chatbot_app.ui.chat.inline_writer import InlineWriter
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.mathematics import FormulaBudget, MathRenderer
from chatbot_app.ui.chat.safe_document import SafeDocument
from chatbot_app.workers.formulas import Formula

CELL_SHOWN = 2_000  # characters
ROW_SHOWN = 4_000  # weight of a row; its cells share it
_MARKUP = re.compile(r"[*_`\[\]<\\$!~&]|://")
_ALIGNMENT = {
    Alignment.LEFT: Qt.AlignmentFlag.AlignLeft,
    Alignment.CENTRE: Qt.AlignmentFlag.AlignHCenter,
    Alignment.RIGHT: Qt.AlignmentFlag.AlignRight,
}


class RowPlace(Enum):
    """Where a row stands: nothing is above the header, nor above the first row of a table without one."""

    HEADER = auto()
    FIRST = auto()
    BELOW = auto()


class TableWriter:
    """Writes any rows of one table; they look the same in each document."""

    def __init__(self, look: Look, parser: MarkdownIt, renderer: MathRenderer, budget: FormulaBudget) -> None:
        self._look = look
        self._parser = parser
        self._renderer = renderer
        self._budget = budget
        self.references: dict[str, Any] = {}  # link definitions
        # Made once: a table that loops has thousands of cells.
        self._cell_formats = {place: self._formats_of(place) for place in RowPlace}
        self._block_formats = {alignment: _aligned(flag) for alignment, flag in _ALIGNMENT.items()}

    def write(
        self,
        rows: Sequence[Sequence[str]],
        alignments: Sequence[Alignment],
        widths: Sequence[int],
        top: RowPlace,
    ) -> tuple[SafeDocument, set[Formula]]:
        """Return a document of rows, the uppermost of which stands at `top`, and the formulas that it waits for.

        `widths` of the columns are in pixels.
        """
        document = SafeDocument(self._look)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        table = cursor.insertTable(len(rows), len(alignments), _table_format(widths))
        writer = InlineWriter(self._look, self._renderer, self._budget)
        for number, row in enumerate(rows):
            formats = self._cell_formats[RowPlace.BELOW if number else top]
            for column, cell in enumerate(row):
                shape = self._block_formats[alignments[column]]
                self._write_cell(table, number, column, cell, writer, formats, shape)
        cursor.endEditBlock()
        _flatten_ends(document)
        return document, set(writer.waiting)

    def _write_cell(
        self,
        table: QTextTable,
        row: int,
        column: int,
        cell: str,
        writer: InlineWriter,
        formats: tuple[QTextTableCellFormat, QTextCharFormat],
        block: QTextBlockFormat,
    ) -> None:
        place = table.cellAt(row, column)
        shape, base = formats
        place.setFormat(shape)
        cursor = place.firstCursorPosition()
        cursor.setBlockFormat(block)
        if not _MARKUP.search(cell):
            cursor.insertText(cell, base)
            return
        for token in self._parser.parseInline(cell, {"references": dict(self.references)}):
            writer.write(cursor, list(token.children or []), base)

    def _formats_of(self, row: RowPlace) -> tuple[QTextTableCellFormat, QTextCharFormat]:
        """Return how a cell and its text look."""
        look = self._look
        shape = QTextTableCellFormat()
        shape.setLeftPadding(look.em * 0.75)
        shape.setRightPadding(look.em * 0.75)
        shape.setTopPadding(look.em * 0.42)
        shape.setBottomPadding(look.em * 0.42)
        if row is RowPlace.HEADER:
            shape.setBackground(QColor(look.colors.raised))
        elif row is RowPlace.BELOW:
            shape.setTopBorder(1)
            shape.setTopBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            shape.setTopBorderBrush(QColor(look.colors.border))
        base = QTextCharFormat()
        base.setFont(look.font)
        if row is RowPlace.HEADER:
            base.setFontWeight(QFont.Weight.DemiBold)
        return shape, base


def _table_format(widths: Sequence[int]) -> QTextTableFormat:
    shape = QTextTableFormat()
    shape.setBorder(0)
    shape.setCellSpacing(0)
    shape.setCellPadding(0)
    shape.setMargin(0)
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
    shape.setColumnWidthConstraints([QTextLength(QTextLength.Type.FixedLength, width) for width in widths])
    return shape


def _aligned(flag: Qt.AlignmentFlag) -> QTextBlockFormat:
    shape = QTextBlockFormat()
    shape.setAlignment(flag)
    return shape


def bounded(cells: list[str]) -> list[str]:
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
