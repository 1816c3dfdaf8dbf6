"""Models of many rows in Python, and the views of Qt that show them."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QObject, QSortFilterProxyModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from chatbot_app.ui.theme import em


class ShownRows(QSortFilterProxyModel):
    """The rows of a model as they are, counted by Qt.

    A view that lays itself out asks for the number of rows once a row. Asked of a model in Python that is 30 ms for ten
    thousand rows whenever one of them moves; here 2 ms (`tests/benchmarks/bench_conversations.py`).
    """

    def __init__(self, rows: QAbstractItemModel, parent: QObject) -> None:
        super().__init__(parent)
        self.setDynamicSortFilter(False)  # nothing is sorted or left out here
        self.setSourceModel(rows)


def rows_table(
    parent: QWidget, name: str, words: str, rows: QAbstractItemModel, row_height: float
) -> QTableView:
    """Return a table of rows to be marked, several at once, each `row_height` lines of text high.

    It looks at no row for its height, and at none that is not seen; a tree asks the model for each of them.
    """
    table = QTableView(parent)
    table.setObjectName(name)
    table.setAccessibleName(words)
    table.setModel(rows)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setShowGrid(False)
    beside = table.verticalHeader()
    beside.hide()
    beside.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    beside.setDefaultSectionSize(em(parent, row_height))
    table.horizontalHeader().setHighlightSections(False)
    return table


def marked_rows(view: QAbstractItemView) -> list[int]:
    """Return the places of the rows in which something is marked, from the top.

    By the ranges of the selection: Qt's own `selectedRows` asks a model in Python some times a row.
    """
    ranges = view.selectionModel().selection().toList()
    return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})
