"""The menus of the knowledge panel: what can be added, collections, and what can be done with documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from chatbot_app.core.documents import ALL_DOCUMENTS
from chatbot_app.ui.knowledge.collection_box import TRASH, CollectionBox
from chatbot_app.ui.knowledge.document_list import DocumentList
from chatbot_app.ui.knowledge.document_words import DocumentRow, one_line
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.knowledge.panel_details import PanelDetails
from chatbot_app.ui.knowledge.panel_questions import PanelQuestions
from chatbot_app.ui.menus import fresh_menu

_LONGEST_NAME = 60


class PanelMenus(QObject):
    """Opens menus for a panel and says on its actions what was chosen."""

    def __init__(
        self,
        actions: LibraryActions,
        box: CollectionBox,
        questions: PanelQuestions,
        details: PanelDetails,
        watch: Callable[[], None],
        panel: QWidget,
    ) -> None:
        """`box` says which collection is shown, `watch` asks for a folder to watch."""
        super().__init__(panel)
        self._actions = actions
        self._box = box
        self._questions = questions
        self._details = details
        self._watch = watch
        self._panel = panel

    def attach(self, more_button: QAbstractButton, documents: DocumentList) -> None:
        """Open the menus where they are asked for."""
        self._more_button = more_button
        more_button.clicked.connect(self._show_menu)
        documents.menu_requested.connect(self._show_document_menu)

    @Slot()
    def _show_menu(self) -> None:
        menu = self._menu("collections_menu")
        menu.addAction(self.tr("Watch folder…"), self._watch)
        menu.addAction(self.tr("Add web page…"), self._questions.ask_for_address)
        menu.addSeparator()
        menu.addAction(self.tr("New collection…"), self._name_collection)
        current = next((item for item in self._box.collections if item.id == self._box.chosen_id), None)
        remove = menu.addAction(
            self.tr("Delete this collection; its documents stay"), self._delete_collection
        )
        remove.setEnabled(current is not None)
        menu.addSeparator()
        menu.addAction(self.tr("Model for searching…"), self._actions.embedding_requested.emit)
        menu.popup(self._more_button.mapToGlobal(self._more_button.rect().bottomLeft()))

    def _menu(self, name: str) -> QMenu:
        return fresh_menu(self._panel, name)

    @Slot()
    def _delete_collection(self) -> None:
        self._actions.collection_deleted.emit(self._box.chosen_id)

    @Slot()
    def _name_collection(self) -> None:
        self._questions.ask_for_collection([])

    @Slot(list, object)
    def _show_document_menu(self, rows: list[DocumentRow], where: QPoint) -> None:
        actions = self._actions
        menu = self._menu("document_menu")
        ids = [row.document_id for row in rows if row.document_id]
        if self._box.chosen_id == TRASH:
            menu.addAction(self.tr("Bring back"), lambda: actions.undo_requested.emit(ids))
            menu.addAction(self.tr("Delete for good…"), lambda: self._questions.ask_to_purge(rows))
        else:
            paths = [Path(row.path) for row in rows]
            if len(rows) == 1:
                menu.addAction(self.tr("Details…"), lambda: self._details.open(rows[0]))
                menu.addAction(
                    self.tr("Open original"), lambda: actions.original_requested.emit(rows[0].path)
                )
            again = self.tr("Retry") if all(row.has_failed for row in rows) else self.tr("Import again")
            menu.addAction(again, lambda: actions.again_requested.emit(paths))
            large = [row.document_id for row in rows if row.is_words_only]
            if large:
                menu.addAction(self.tr("Make vectors"), lambda: actions.vectors_requested.emit(large))
            if ids:
                self._add_filing(menu, ids)
            menu.addSeparator()
            menu.addAction(self.tr("Remove"), lambda: actions.removal_requested.emit(rows))
        menu.popup(where)

    def _add_filing(self, menu: QMenu, ids: list[str]) -> None:
        actions = self._actions
        into = menu.addMenu(self.tr("Add to collection"))
        for collection in self._box.collections:
            if collection.id != self._box.chosen_id:
                action = into.addAction(one_line(collection.name)[:_LONGEST_NAME].replace("&", "&&"))
                action.setData(collection.id)

        def file_into(action: QAction) -> None:
            if action.data():
                actions.filing_requested.emit(action.data(), ids, True)

        into.triggered.connect(file_into)
        into.addSeparator()
        into.addAction(self.tr("New collection…"), lambda: self._questions.ask_for_collection(ids))
        here = self._box.chosen_id
        if here != ALL_DOCUMENTS:
            menu.addAction(
                self.tr("Take out of this collection"),
                lambda: actions.filing_requested.emit(here, ids, False),
            )
