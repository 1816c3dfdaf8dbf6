"""A model of many rows between Python and a view of Qt."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QObject, QSortFilterProxyModel


class ShownRows(QSortFilterProxyModel):
    """The rows of a model as they are, counted by Qt.

    A view that lays itself out asks for the number of rows once a row. Asked of a model in Python that is 30 ms for ten
    thousand rows whenever one of them moves; here 2 ms (`tests/benchmarks/bench_conversations.py`).
    """

    def __init__(self, rows: QAbstractItemModel, parent: QObject) -> None:
        super().__init__(parent)
        self.setDynamicSortFilter(False)  # nothing is sorted or left out here
        self.setSourceModel(rows)
