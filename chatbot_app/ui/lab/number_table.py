"""A table of words and numbers to read: columns as wide as they need, numbers at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from chatbot_app.ui.theme import em


class NumberTable(QTableWidget):
    """Shows rows of texts; the first column is words."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        """`name` is the object name, `words` are announced."""
        super().__init__(parent)
        self._most_lines: float | None = None
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setVisible(False)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # `_fit_columns` says how wide
        head.setHighlightSections(False)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def set_columns(self, titles: Sequence[str]) -> None:
        """Have these columns, and no rows."""
        self.clear()
        self.setRowCount(0)
        self.setColumnCount(len(titles))
        for column, title in enumerate(titles):
            item = QTableWidgetItem(title)
            item.setTextAlignment(self._side(column))
            self.setHorizontalHeaderItem(column, item)

    def set_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these rows."""
        self.setRowCount(len(rows))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setTextAlignment(self._side(column))
                self.setItem(row, column, item)
        self._fit_columns()

    def rows(self) -> list[list[str]]:
        """Return what is shown."""
        return [
            [item.text() if (item := self.item(row, column)) else "" for column in range(self.columnCount())]
            for row in range(self.rowCount())
        ]

    def be_low(self, most: float) -> None:
        """Be as high as the rows need from now on, at most so many lines of text."""
        self._most_lines = most
        self._fit_height()

    def fit_to_font(self) -> None:
        """Make room for another text size."""
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Make each column as wide as what stands in it, and share among all what is left of the width."""
        count = self.columnCount()
        if not count:
            return
        wanted = [
            max(self.sizeHintForColumn(column), self.horizontalHeader().sectionSizeHint(column))
            for column in range(count)
        ]
        left = max(0, self.viewport().width() - sum(wanted))
        for column, width in enumerate(wanted):
            self.setColumnWidth(column, width + left // count + (1 if column < left % count else 0))
        self._fit_height()

    def _fit_height(self) -> None:
        if self._most_lines is None:
            return
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        wanted = self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth()
        if self.horizontalHeader().length() > self.viewport().width():
            wanted += self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(min(wanted, em(self, self._most_lines)))

    # --- Qt ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
