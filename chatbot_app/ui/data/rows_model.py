"""The rows of a data set as a table: beginnings of their texts, and whether they are taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from chatbot_app.core.made_data import DataKind, RowLine
from chatbot_app.core.visible_text import visible_text

Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel):
    """Lines in the order given; ten thousand take some megabytes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[RowLine] = []
        self._places: dict[int, int] = {}  # by the number of a row
        self._kind = DataKind.BACKTRANSLATION

    @property
    def last_number(self) -> int:
        """The number of the newest row, 0 without any."""
        return self._lines[-1].number if self._lines else 0

    def numbers(self, places: Collection[int]) -> list[int]:
        """Return the numbers of the rows at some places."""
        return [self._lines[place].number for place in sorted(places) if place < len(self._lines)]

    def is_accepted(self, place: int) -> bool:
        """Whether the row at a place is taken."""
        return self._lines[place].accepted

    def set_lines(self, lines: Sequence[RowLine], kind: DataKind) -> None:
        """Show these."""
        self.beginResetModel()
        self._lines, self._kind = list(lines), kind
        self._places = {line.number: place for place, line in enumerate(self._lines)}
        self.endResetModel()

    def append(self, lines: Sequence[RowLine]) -> None:
        """Show these below the others."""
        new = [line for line in lines if line.number not in self._places]
        if not new:
            return
        first = len(self._lines)
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        for place, line in enumerate(new, first):
            self._places[line.number] = place
        self._lines += new
        self.endInsertRows()

    def set_accepted(self, numbers: Collection[int], accepted: bool) -> None:
        """Show rows as taken or left out."""
        places = [self._places[number] for number in numbers if number in self._places]
        for place in places:
            self._lines[place] = replace(self._lines[place], accepted=accepted)
        if places:  # one signal: ten thousand take most of a second
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), self.columnCount() - 1))

    def show_line(self, line: RowLine) -> None:
        """Show a row anew."""
        place = self._places.get(line.number)
        if place is not None:
            self._lines[place] = line
            self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))

    # --- Qt ------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        is_passage = self._kind is DataKind.BACKTRANSLATION
        return (
            self.tr("Taken"),
            self.tr("Check"),
            self.tr("Instruction") if is_passage else self.tr("Question"),
            self.tr("Passage") if is_passage else self.tr("Answer"),
            self.tr("Source"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return visible_text(line.reason) if index.column() < 2 and line.reason else None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        source = ", ".join(part for part in (line.title, line.place) if part)
        check = self.tr("edited by you") if line.edited else line.verdict
        taken = self.tr("Yes") if line.accepted else self.tr("No")
        cells = taken, check, line.prompt, line.completion, source
        return " ".join(visible_text(cells[index.column()]).split())
