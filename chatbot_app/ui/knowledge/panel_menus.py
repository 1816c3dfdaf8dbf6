"""The menus of the knowledge panel: what can be added, collections, and what can be done with documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from chatbot_app.core.documents import ALL_DOCUMENTS
from chatbot_app.ui.knowledge.document_words import DocumentRow, one_line
from chatbot_app.ui.menus import fresh_menu

if TYPE_CHECKING:
    from chatbot_app.ui.knowledge.panel import KnowledgePanel

TRASH = "trash:"  # stands for the trash among the collections; ids hold no colon
_LONGEST_NAME = 60


class PanelMenus(QObject):
    """Opens menus for a panel and says through its signals what was chosen."""

    def __init__(self, panel: KnowledgePanel) -> None:
        super().__init__(panel)
        self._panel = panel
        panel.more_button.clicked.connect(self._show_menu)
        panel.list.menu_requested.connect(self._show_document_menu)

    @Slot()
    def _show_menu(self) -> None:
        panel = self._panel
        menu = self._menu("collections_menu")
        menu.addAction(self.tr("Watch folder…"), panel.choose_watched_folder)
        menu.addAction(self.tr("Add web page…"), panel.ask_for_address)
        menu.addSeparator()
        menu.addAction(self.tr("New collection…"), self._name_collection)
        current = next((item for item in panel.collections if item.id == panel.collection_id), None)
        remove = menu.addAction(
            self.tr("Delete this collection; its documents stay"), self._delete_collection
        )
        remove.setEnabled(current is not None)
        menu.popup(panel.more_button.mapToGlobal(panel.more_button.rect().bottomLeft()))

    def _menu(self, name: str) -> QMenu:
        return fresh_menu(self._panel, name)

    @Slot()
    def _delete_collection(self) -> None:
        self._panel.collection_deleted.emit(self._panel.collection_id)

    @Slot()
    def _name_collection(self) -> None:
        self._panel.questions.ask_for_collection([])

    @Slot(list, object)
    def _show_document_menu(self, rows: list[DocumentRow], where: QPoint) -> None:
        panel = self._panel
        menu = self._menu("document_menu")
        ids = [row.document_id for row in rows if row.document_id]
        if panel.collection_id == TRASH:
            menu.addAction(self.tr("Bring back"), lambda: panel.undo_requested.emit(ids))
            menu.addAction(self.tr("Delete for good…"), lambda: panel.ask_to_purge(rows))
        else:
            paths = [Path(row.path) for row in rows]
            if len(rows) == 1:
                menu.addAction(self.tr("Details…"), lambda: panel.details.open(rows[0]))
                menu.addAction(self.tr("Open original"), lambda: panel.original_requested.emit(rows[0].path))
            again = self.tr("Retry") if all(row.has_failed for row in rows) else self.tr("Import again")
            menu.addAction(again, lambda: panel.again_requested.emit(paths))
            large = [row.document_id for row in rows if row.is_words_only]
            if large:
                menu.addAction(self.tr("Make vectors"), lambda: panel.vectors_requested.emit(large))
            if ids:
                self._add_filing(menu, ids)
            menu.addSeparator()
            menu.addAction(self.tr("Remove"), lambda: panel.removal_requested.emit(rows))
        menu.popup(where)

    def _add_filing(self, menu: QMenu, ids: list[str]) -> None:
        panel = self._panel
        into = menu.addMenu(self.tr("Add to collection"))
        for collection in panel.collections:
            if collection.id != panel.collection_id:
                action = into.addAction(one_line(collection.name)[:_LONGEST_NAME].replace("&", "&&"))
                action.setData(collection.id)

        def file_into(action: QAction) -> None:
            if action.data():
                panel.filing_requested.emit(action.data(), ids, True)

        into.triggered.connect(file_into)
        into.addSeparator()
        into.addAction(self.tr("New collection…"), lambda: panel.questions.ask_for_collection(ids))
        here = panel.collection_id
        if here != ALL_DOCUMENTS:
            menu.addAction(
                self.tr("Take out of this collection"), lambda: panel.filing_requested.emit(here, ids, False)
            )
