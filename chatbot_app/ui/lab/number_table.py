"""A table of words and numbers to read: columns as wide as they need, numbers at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from chatbot_app.ui.theme import em


class NumberTable(QTableWidget):
    """Shows rows of texts; the first column is words."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        """`name` is the object name, `words` are announced."""
        super().__init__(parent)
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
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
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
            self.set_row(row, texts)

    def set_row(self, row: int, texts: Sequence[str]) -> None:
        """Show one row anew."""
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setTextAlignment(self._side(column))
            self.setItem(row, column, item)

    def rows(self) -> list[list[str]]:
        """Return what is shown."""
        return [
            [item.text() if (item := self.item(row, column)) else "" for column in range(self.columnCount())]
            for row in range(self.rowCount())
        ]

    def fit_height(self, most: float) -> None:
        """Be as high as the rows need, at most so many lines of text."""
        rows = sum(self.rowHeight(row) for row in range(self.rowCount()))
        wanted = self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth() + em(self, 0.7)
        self.setFixedHeight(min(wanted, em(self, most)))

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
