"""The rows of the map of branches, in words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt, Signal

from chatbot_app.chat.branch_map import BranchMap
from chatbot_app.core.message_forest import Run
from chatbot_app.core.messages import Role
from chatbot_app.core.visible_text import visible_text

RUN_ROLE = Qt.ItemDataRole.UserRole + 1  # Run
FACTS_ROLE = Qt.ItemDataRole.UserRole + 2  # str: the line below the title
Index = QModelIndex | QPersistentModelIndex


class BranchModel(QStringListModel):
    """A row for each run of messages between which branches part.

    The list of strings holds the ids of their first messages: a view asks twice for each row whether it is there, and Qt
    answers that itself (5,000 rows: 2 ms, where Python took 17).
    """

    name_given = Signal(str, str)  # id of the message where the branch begins, its name; "" takes it away

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._map: BranchMap | None = None

    def show_map(self, shown: BranchMap | None) -> None:
        """Show other rows; what is chosen stays chosen where the rows are the same messages."""
        if shown is not None and self._map is not None and shown.ids == self._map.ids:
            self._map = shown
            if shown.runs:
                self.dataChanged.emit(self.index(0), self.index(len(shown.runs) - 1))
            return
        self._map = shown
        self.setStringList([] if shown is None else list(shown.ids))

    def run(self, index: Index) -> Run:
        """Return what stands in a row."""
        assert self._map is not None
        return self._map.runs[index.row()]

    def row_of(self, message_id: str) -> int | None:
        """Return the row that begins with a message."""
        return self._map.row_of.get(message_id) if self._map is not None else None

    @property
    def shown_row(self) -> int | None:
        """The row where the shown branch ends."""
        return self._map.shown_row if self._map is not None else None

    def title(self, run: Run) -> str:
        """Return the name of a branch, else what it begins with."""
        return visible_text(run.first.name or run.first.words) or self.tr("Without words")

    def facts(self, run: Run) -> str:
        """Return the line below the title."""
        count = self.tr("1 message") if run.count == 1 else self.tr("%n messages", "", run.count)
        here = self.tr("You are here") if run.is_shown and not run.below_shown else ""
        parts = (here, self._kind(run), count, visible_text(run.first.model))
        return " · ".join(part for part in parts if part)

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

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        run = self.run(index)
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
            return visible_text(run.first.words).replace("<", "‹") or None  # Qt would read a tag as rich text
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        name, first = " ".join(str(value).split()), self.run(index).first
        if name != first.name:
            self.name_given.emit(first.id, name)
        return True
