"""The list of documents: drawn by a delegate, so that thousands cost nothing."""

from __future__ import annotations

import sys

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from chatbot_app.ui.knowledge.document_delegate import DocumentDelegate
from chatbot_app.ui.knowledge.document_model import DocumentModel
from chatbot_app.ui.knowledge.document_words import DocumentRow
from chatbot_app.ui.theme import set_look

# Apple's keyboards say Backspace where others say Delete.
_DELETE_KEYS = (Qt.Key.Key_Delete, *((Qt.Key.Key_Backspace,) if sys.platform == "darwin" else ()))


class DocumentList(QListView):
    """Says which rows the person means."""

    details_requested = Signal(object)  # DocumentRow
    removal_requested = Signal(list)  # list[DocumentRow]
    menu_requested = Signal(list, object)  # list[DocumentRow], QPoint on the screen

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("document_list")
        self.setAccessibleName(self.tr("Documents"))
        self.documents = DocumentModel(self)
        self.setModel(self.documents)
        self.setItemDelegate(DocumentDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        set_look(self, "sidebar")
        self.activated.connect(self._show_details)

    def chosen(self) -> list[DocumentRow]:
        """Return the selected rows, from the top."""
        places = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return [row for index in places if (row := self.documents.row_at(index)) is not None]

    @Slot(QModelIndex)
    def _show_details(self, index: QModelIndex) -> None:
        row = self.documents.row_at(index)
        if row is not None:
            self.details_requested.emit(row)

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
