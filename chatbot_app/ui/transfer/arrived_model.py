"""The conversations that files hold, as rows to be ticked: what each is called, of when it is, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from chatbot_app.core.carried import Arrival, Arrived
from chatbot_app.core.visible_text import visible_text

Index = QModelIndex | QPersistentModelIndex
_LONGEST_TITLE = 200
_COMING = (Arrival.NEW, Arrival.GROWN)


class ArrivedModel(QAbstractTableModel):
    """What would come is ticked at first; what brings nothing cannot be."""

    choice_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Arrived] = ()
        self._titles: list[str] = []
        self._shown: list[int] = []  # numbers of rows, in the order in which they stand
        self._off: set[int] = set()  # numbers of the rows that were unticked
        self._coming = 0
        self._words: list[str] = []
        self._order: tuple[int, bool] | None = None  # column, whether the last comes first
        self._is_open = True
        self._heads = (self.tr("Conversation"), self.tr("Date"), self.tr("Messages"), self.tr("What comes"))

    def set_rows(self, rows: Sequence[Arrived]) -> None:
        """Show these, in this order."""
        self.beginResetModel()
        self._rows = rows
        self._titles = [" ".join(row.title[:_LONGEST_TITLE].split()) for row in rows]
        self._off = set()
        self._coming = sum(row.arrival in _COMING for row in rows)
        self._words, self._order, self._is_open = [], None, True
        self._shown = list(range(len(rows)))
        self.endResetModel()

    def find(self, words: str) -> None:
        """Show the rows whose titles hold these words; what is ticked stays so."""
        self._words = words.casefold().split()
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = (column, order is Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        found = enumerate(map(str.casefold, self._titles)) if self._words else ()
        shown = [number for number, title in found if all(word in title for word in self._words)]
        self._shown = shown if self._words else list(range(len(self._rows)))
        if self._order is not None:
            column, is_reversed = self._order
            self._shown.sort(key=self._key(column), reverse=is_reversed)
        self.endResetModel()

    def _key(self, column: int) -> Callable[[int], Any]:
        rows, titles = self._rows, self._titles
        places = {arrival: place for place, arrival in enumerate(Arrival)}
        keys: tuple[Callable[[int], Any], ...] = (
            lambda number: titles[number].casefold(),
            lambda number: _moment(rows[number]),
            lambda number: rows[number].messages,
            lambda number: (places[rows[number].arrival], rows[number].new_messages),
        )
        return keys[column]

    # --- what is ticked ----------------------------------------------------------------------------------------

    @property
    def ticked(self) -> int:
        """How many of those that bring something are ticked."""
        return self._coming - len(self._off)

    @property
    def coming(self) -> int:
        """How many bring something."""
        return self._coming

    @property
    def is_open(self) -> bool:
        """Whether ticks are taken."""
        return self._is_open

    def chosen_ids(self) -> frozenset[str] | None:
        """Return the ids of all conversations that were not unticked; None where nothing was."""
        if not self._off:
            return None
        kept = (row for number, row in enumerate(self._rows) if number not in self._off)
        return frozenset(row.conversation_id for row in kept)

    def tick_shown(self, ticked: bool) -> None:
        """Tick all that are shown, or none of them."""
        self._tick(self._shown, ticked)

    def toggle(self, rows: Iterable[int], first: int) -> None:
        """Tick or untick several rows: all become what row `first` is not."""
        numbers = [self._shown[row] for row in rows]
        if first >= 0:
            self._tick(numbers, self._shown[first] in self._off)

    def close(self) -> None:
        """Take no more ticks: the choice was made."""
        self._is_open = False
        self._tell()

    def _tick(self, numbers: Iterable[int], ticked: bool) -> None:
        if not self._is_open:
            return
        can = (number for number in numbers if self._rows[number].arrival in _COMING)
        if ticked:
            self._off.difference_update(can)
        else:
            self._off.update(can)
        self._tell()

    def _tell(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, 0))
        self.choice_changed.emit()

    # --- Qt ----------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if self._rows[self._shown[index.row()]].arrival not in _COMING:
            return flags  # greyed
        flags |= Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsUserCheckable if self._is_open and index.column() == 0 else flags

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not self._is_open:
            return False
        self._tick([self._shown[index.row()]], Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def data(self, index: Index, role: int = 0) -> Any:
        number = self._shown[index.row()]
        arrived = self._rows[number]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0:
            is_ticked = arrived.arrival in _COMING and number not in self._off
            return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        match index.column():
            case 0:
                return visible_text(self._titles[number]) or self.tr("Without a title")
            case 1:
                return _moment(arrived)[:10]
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


def _moment(arrived: Arrived) -> str:
    return arrived.updated_at or arrived.created_at
