"""The conversations that files hold, as rows: what each is called, of when it is, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from chatbot_app.core.carried import Arrival, Arrived
from chatbot_app.core.visible_text import visible_text

Index = QModelIndex | QPersistentModelIndex
_LONGEST_TITLE = 200


class ArrivedModel(QAbstractTableModel):
    """Rows do not change once they are set."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Arrived] = ()
        self._heads = (self.tr("Conversation"), self.tr("Date"), self.tr("Messages"), self.tr("What comes"))

    def set_rows(self, rows: Sequence[Arrived]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        arrived = self._rows[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        match index.column():
            case 0:
                title = visible_text(" ".join(arrived.title[:_LONGEST_TITLE].split()))
                return title or self.tr("Without a title")
            case 1:
                return (arrived.updated_at or arrived.created_at)[:10]
            case 2:
                return QLocale().toString(arrived.messages)
            case _:
                return self._said(arrived)

    def _said(self, arrived: Arrived) -> str:
        match arrived.arrival:
            case Arrival.NEW:
                return self.tr("New")
            case Arrival.GROWN:
                return self.tr("{n} new message(s)").replace("{n}", str(arrived.new_messages))
            case Arrival.KNOWN:
                return self.tr("Here already")
            case Arrival.IN_TRASH:
                return self.tr("In the trash: stays there")
