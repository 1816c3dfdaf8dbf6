"""The list of documents: drawn by a delegate, so that thousands cost nothing."""

from __future__ import annotations

import sys

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from chatbot_app.ui.knowledge.document_delegate import DocumentDelegate
from chatbot_app.ui.knowledge.document_model import ROW_ROLE, DocumentModel
from chatbot_app.ui.knowledge.document_words import DocumentRow
from chatbot_app.ui.knowledge.failures import FailedDocuments
from chatbot_app.ui.shown_rows import ShownRows
from chatbot_app.ui.theme import set_look

_REASON_LINES = 3  # where only failures are shown
# Apple's keyboards say Backspace where others say Delete.
_DELETE_KEYS = (Qt.Key.Key_Delete, *((Qt.Key.Key_Backspace,) if sys.platform == "darwin" else ()))


class DocumentList(QListView):
    """Says which rows the person means."""

    details_requested = Signal(object)  # DocumentRow
    removal_requested = Signal(list)  # list[DocumentRow]
    menu_requested = Signal(list, object)  # list[DocumentRow], QPoint on the screen
    selection_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("document_list")
        self.setAccessibleName(self.tr("Documents"))
        self.documents = DocumentModel(self)
        self._all = ShownRows(self.documents, self)
        self.setModel(self._all)
        self._delegate = DocumentDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        set_look(self, "sidebar")
        self.activated.connect(self._show_details)
        self.selectionModel().selectionChanged.connect(self._tell_selection)

    def chosen(self) -> list[DocumentRow]:
        """Return the selected rows, from the top."""
        places = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return [index.data(ROW_ROLE) for index in places]

    def shown(self) -> list[DocumentRow]:
        """Return the rows that are listed, from the top."""
        model = self.model()
        return [model.index(place, 0).data(ROW_ROLE) for place in range(model.rowCount())]

    def show_only_failures(self, only: bool) -> None:
        """Show what failed apart from the rest, or everything again."""
        if only == (self.model() is not self._all):
            return
        shown = self.model()
        self._delegate.reason_lines = _REASON_LINES if only else 1
        self.setModel(FailedDocuments(self.documents) if only else self._all)
        if shown is not self._all:
            shown.deleteLater()
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.selection_changed.emit()

    @Slot()
    def _tell_selection(self) -> None:
        self.selection_changed.emit()

    @Slot(QModelIndex)
    def _show_details(self, index: QModelIndex) -> None:
        if index.isValid():
            self.details_requested.emit(index.data(ROW_ROLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _DELETE_KEYS and self.chosen():
            self.removal_requested.emit(self.chosen())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            where = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        else:
            where = QPoint(event.globalPos())
        if self.chosen():
            self.menu_requested.emit(self.chosen(), where)
