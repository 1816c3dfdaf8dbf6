"""Passages that stand out: pairs that say the same, and those far from all others."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from chatbot_app.ui.models.model_words import one_line
from chatbot_app.ui.settings.fields import NamedComboBox
from chatbot_app.ui.theme import em, set_least_size, set_look
from chatbot_app.workers.library_map import LibraryMap

_ROW = Qt.ItemDataRole.UserRole
DUPLICATES, OUTLIERS = "duplicates", "outliers"


class StandingOut(QWidget):
    """A list of rows of the map, each with its cosine."""

    looked_at = Signal(int)  # row: the person goes through the list
    opened = Signal(int)  # row: the person wants to read it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: LibraryMap | None = None
        self._kind = NamedComboBox("map_list_kind", self.tr("What is listed"), self)
        self._kind.addItem(self.tr("Near-duplicates"), DUPLICATES)
        self._kind.addItem(self.tr("Outliers"), OUTLIERS)
        self.list = QListWidget(self)
        self.list.setObjectName("map_list")
        self.list.setAccessibleName(self.tr("Passages that stand out"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)  # a title is longer than the list is wide
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        set_look(self.list, "boxed")
        set_least_size(self, 11)  # the words of the choice
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.5), 0, 0, 0)
        column.addWidget(self._kind)
        column.addWidget(self.list, 1)
        self._kind.currentIndexChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._look)
        self.list.itemActivated.connect(self._open)

    def show_map(self, made: LibraryMap) -> None:
        """Show what stands out of a map."""
        is_same = self._map is not None and self._map.graph is made.graph
        self._map = made
        if not is_same:
            self._fill()

    @Slot()
    def _fill(self) -> None:
        self.list.clear()
        made = self._map
        if made is None or made.graph is None:
            return
        titles, documents = made.library.titles, made.library.documents
        if self._kind.currentData() == DUPLICATES:
            for one, other, cosine in made.duplicates:
                first, second = one_line(titles[documents[one]]), one_line(titles[documents[other]])
                self._add(one, f"{cosine:.3f}  {first}" + (f" / {second}" if first != second else ""))
        else:
            for row, cosine in made.outliers:
                self._add(row, f"{cosine:.3f}  {one_line(titles[documents[row]])}")
        if not self.list.count():
            QListWidgetItem(self.tr("There are none."), self.list).setFlags(Qt.ItemFlag.NoItemFlags)

    def _add(self, row: int, words: str) -> None:
        item = QListWidgetItem(words, self.list)
        item.setData(_ROW, row)
        item.setToolTip(words)

    @Slot(QListWidgetItem)
    def _look(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_ROW) is not None:
            self.looked_at.emit(int(item.data(_ROW)))

    @Slot(QListWidgetItem)
    def _open(self, item: QListWidgetItem) -> None:
        if item.data(_ROW) is not None:
            self.opened.emit(int(item.data(_ROW)))
