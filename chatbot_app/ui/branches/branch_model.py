"""The rows of the map of branches, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from chatbot_app.core.message_forest import Run
from chatbot_app.core.messages import Role
from chatbot_app.core.visible_text import visible_text

RUN_ROLE = Qt.ItemDataRole.UserRole + 1  # Run
FACTS_ROLE = Qt.ItemDataRole.UserRole + 2  # str: the line below the title
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class BranchModel(QAbstractListModel):
    """A row for each run of messages between which branches part."""

    name_given = Signal(str, str)  # id of the message where the branch begins, its name; "" takes it away

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()

    def show_runs(self, runs: Sequence[Run]) -> None:
        """Show other rows; what is chosen stays chosen where the rows are the same messages."""
        runs = tuple(runs)
        if [run.first.id for run in runs] == [run.first.id for run in self._runs]:
            self._runs = runs
            if runs:
                self.dataChanged.emit(self.index(0), self.index(len(runs) - 1))
            return
        self.beginResetModel()
        self._runs = runs
        self.endResetModel()

    def run(self, index: Index) -> Run:
        """Return what stands in a row."""
        return self._runs[index.row()]

    def row_of(self, message_id: str) -> int | None:
        """Return the row that begins with a message."""
        return next((row for row, run in enumerate(self._runs) if run.first.id == message_id), None)

    def shown_row(self) -> int | None:
        """Return the row where the shown branch ends."""
        return next((row for row in reversed(range(len(self._runs))) if self._runs[row].is_shown), None)

    def title(self, run: Run) -> str:
        """Return the name of a branch, else what it begins with."""
        return visible_text(run.first.name or run.first.words) or self.tr("Without words")

    def facts(self, run: Run) -> str:
        """Return the line below the title."""
        count = self.tr("1 message") if run.count == 1 else self.tr("%n messages", "", run.count)
        return " · ".join(part for part in (self._kind(run), count, visible_text(run.first.model)) if part)

    def _kind(self, run: Run) -> str:
        if run.first.role is Role.ASSISTANT:
            words = self.tr("Answer") if run.place == 1 else self.tr("Answered again")
        else:
            words = self.tr("Question") if run.place == 1 else self.tr("Asked again")
        if run.variants == 1:
            return self.tr("Beginning") if run.parent is None else words
        places = self.tr("{kind}, {place} of {count}")
        return places.format(kind=words, place=run.place, count=run.variants)

    # --- Qt ------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._runs)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        run = self._runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(run)
        if role == Qt.ItemDataRole.EditRole:
            return run.first.name
        if role == RUN_ROLE:
            return run
        if role == FACTS_ROLE:
            return self.facts(run)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            shown = self.tr("shown") if run.is_shown else ""
            level = self.tr("level {n}").format(n=run.lane + 1)
            return ", ".join(part for part in (self.title(run), self.facts(run), level, shown) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return visible_text(run.first.words) if run.first.name else None
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        name, first = " ".join(str(value).split()), self._runs[index.row()].first
        if name != first.name:
            self.name_given.emit(first.id, name)
        return True
