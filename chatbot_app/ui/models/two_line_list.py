"""A list whose rows have two lines: what it is above what is said of it, with a note at the end of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from chatbot_app.ui.conversation_model import Index
from chatbot_app.ui.models.model_words import DOT
from chatbot_app.ui.row_ground import begin_row
from chatbot_app.ui.theme import set_look

_ROW_ROLE = Qt.ItemDataRole.UserRole
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


@dataclass(frozen=True, slots=True)
class TwoLines:
    """A row; `key` tells it from the others. Inks name fields of `Colors`."""

    key: str
    title: str
    below: str = ""
    note: str = ""
    note_below: str = ""
    note_ink: str = "muted"
    note_below_ink: str = "muted"

    def spoken(self) -> str:
        """Return everything for a screen reader."""
        return ", ".join(filter(None, (self.title, self.below, self.note, self.note_below)))


class _Rows(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[TwoLines, ...] = ()

    def set_rows(self, rows: Sequence[TwoLines]) -> None:
        same = [row.key for row in rows] == [row.key for row in self.rows]
        if same and rows:
            self.rows = tuple(rows)
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # as Qt declares it
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == _ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken()
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.title if len(row.title) > 30 else None
        return None


class _Delegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(_ROW_ROLE)
        assert isinstance(row, TwoLines)
        line = QFontMetrics(option.font).height()
        small = QFont(option.font)
        small.setPointSizeF(small.pointSizeF() * 0.88)
        side, edge = round(line * 0.6), round(line * 0.3)
        area = option.rect.adjusted(side, edge, -side, -edge)
        half = area.height() // 2
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        from_right = option.direction == Qt.LayoutDirection.RightToLeft
        lines = (
            (option.font, "text", row.title, row.note, row.note_ink),
            (small, "muted", row.below, row.note_below, row.note_below_ink),
        )
        # Qt turns them round where one reads from the right.
        start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        shown = begin_row(painter, option)
        for number, (font, ink, words, note, note_ink) in enumerate(lines):
            top = area.top() + number * half
            room = QFontMetrics(small).horizontalAdvance(note) + side if note else 0
            width = max(0, area.width() - room)
            painter.setFont(font)
            painter.setPen(QColor(shown.selection_text if is_chosen else getattr(shown, ink)))
            if from_right:  # each part keeps its own direction
                words = DOT.join(f"\u2068{part}\u2069" for part in words.split(DOT))
            cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, width)
            left = area.left() + (room if from_right else 0)
            painter.drawText(QRect(left, top, width, half), start | _LINE, cut)
            painter.setFont(small)
            painter.setPen(QColor(shown.selection_text if is_chosen else getattr(shown, note_ink)))
            painter.drawText(QRect(area.left(), top, area.width(), half), end | _LINE, note)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, round(QFontMetrics(option.font).height() * 2.9))


class TwoLineList(QListView):
    """Shows rows, of which one is chosen."""

    chosen = Signal(str)  # key of the row that is chosen now, "" for none; also when the rows change
    key_activated = Signal(str)  # Return or a double click on a row

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self._rows = _Rows(self)
        self._told: str | None = None
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        set_look(self, "boxed")
        self.selectionModel().selectionChanged.connect(self._tell)
        self.activated.connect(self._activate)

    def rows(self) -> tuple[TwoLines, ...]:
        """Return what is shown."""
        return self._rows.rows

    def show_rows(self, rows: Sequence[TwoLines]) -> None:
        """Show these; the chosen one stays chosen where it is still there, else the first one is."""
        before = self.current_key()
        self._rows.set_rows(rows)
        self.choose(before)

    def current_key(self) -> str:
        """Return the key of the chosen row, "" for none."""
        place = self.currentIndex().row()
        return self._rows.rows[place].key if 0 <= place < len(self._rows.rows) else ""

    def choose(self, key: str) -> None:
        """Choose a row, the first one where there is no such row."""
        keys = [row.key for row in self._rows.rows]
        if keys:
            self.setCurrentIndex(self._rows.index(keys.index(key) if key in keys else 0))
        self._tell()

    @Slot(QItemSelection)
    def _tell(self, _: QItemSelection | None = None) -> None:
        key = self.current_key()
        if key != self._told:
            self._told = key
            self.chosen.emit(key)

    @Slot(QModelIndex)
    def _activate(self, _: QModelIndex) -> None:
        self.key_activated.emit(self.current_key())
