"""A model of many rows between Python and a view of Qt."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QObject, QSortFilterProxyModel
from PySide6.QtWidgets import QAbstractItemView


class ShownRows(QSortFilterProxyModel):
    """The rows of a model as they are, counted by Qt.

    A view that lays itself out asks for the number of rows once a row. Asked of a model in Python that is 30 ms for ten
    thousand rows whenever one of them moves; here 2 ms (`tests/benchmarks/bench_conversations.py`).
    """

    def __init__(self, rows: QAbstractItemModel, parent: QObject) -> None:
        super().__init__(parent)
        self.setDynamicSortFilter(False)  # nothing is sorted or left out here
        self.setSourceModel(rows)


def marked_rows(view: QAbstractItemView) -> list[int]:
    """Return the places of the rows in which something is marked, from the top.

    By the ranges of the selection: Qt's own `selectedRows` asks a model in Python some times a row.
    """
    ranges = view.selectionModel().selection().toList()
    return sorted({row for part in ranges for row in range(part.top(), part.bottom() + 1)})
