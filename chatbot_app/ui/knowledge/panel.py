"""The knowledge panel: documents come in, are listed, looked into, and can be searched without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.documents import ALL_DOCUMENTS, Collection, Document
from chatbot_app.ui.dropped_files import local_files
from chatbot_app.ui.file_dialogs import folder_dialog, opening_dialog
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.knowledge.collection_box import TRASH, CollectionBox
from chatbot_app.ui.knowledge.document_dialogs import PasteDialog
from chatbot_app.ui.knowledge.document_order import DocumentOrder
from chatbot_app.ui.knowledge.document_words import DocumentRow
from chatbot_app.ui.knowledge.documents_page import DocumentsPage
from chatbot_app.ui.knowledge.drop_shade import DropShade
from chatbot_app.ui.knowledge.import_status import ImportStatus
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.knowledge.panel_details import PanelDetails
from chatbot_app.ui.knowledge.panel_menus import PanelMenus
from chatbot_app.ui.knowledge.panel_offers import PanelOffers
from chatbot_app.ui.knowledge.panel_questions import PanelQuestions
from chatbot_app.ui.knowledge.retrieval_inspector import RetrievalInspector
from chatbot_app.ui.knowledge.watched_folders import WatchedFolders
from chatbot_app.ui.search_line import SearchLine
from chatbot_app.ui.theme import em, set_look

TYPING_PAUSE_MS = 200
_DOCUMENTS, _SEARCH = 0, 1


class KnowledgePanel(QWidget):
    """Says on `user_actions` what the person wants done with documents, and does none of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("knowledge_panel")
        self.setAccessibleName(self.tr("Knowledge"))
        self.setAcceptDrops(True)
        self.user_actions = LibraryActions(self)
        self._build()
        self._connect()
        menus = PanelMenus(
            self.user_actions,
            self.collection_box,
            self.questions,
            self.details,
            self.choose_watched_folder,
            self,
        )
        menus.attach(self.more_button, self.list)
        self.show_documents([], [])

    def _build(self) -> None:
        actions = self.user_actions
        self.collection_box = CollectionBox(self)
        words = self.tr("Watch folder, web page, collections")
        self.more_button = IconButton("more", words, "collections_button", self)
        self.files_button = self._button(self.tr("Add files"), "add_files_button", "primary")
        self.folder_button = self._button(self.tr("Add folder"), "add_folder_button")
        self.paste_button = self._button(self.tr("Paste text"), "paste_text_button")
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("knowledge_tabs")
        self.tabs.setAccessibleName(self.tr("Documents or test search"))
        self.tabs.addTab(self.tr("Documents"))
        self.tabs.addTab(self.tr("Test search"))
        self.tabs.setExpanding(False)
        self.questions = PanelQuestions(actions, self)
        self.page = page = DocumentsPage(actions, self.collection_box, self.questions, self)
        self.list, self.header, self.filter_edit = page.list, page.header, page.filter_edit
        self.search_edit = SearchLine("test_search", self.tr("Ask your documents, without a model"), self)
        self.inspector = RetrievalInspector(actions, self)
        self.offers = PanelOffers(actions, self)
        self.watched = WatchedFolders(self)
        self.status = ImportStatus(actions, self)
        self.details = PanelDetails(actions, self)
        self._shade = DropShade(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_PAUSE_MS)
        self._lay_out()

    def _button(self, words: str, name: str, look: str = "") -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        set_look(button, look)
        return button

    def _lay_out(self) -> None:
        gap = em(self, 0.4)
        top = QHBoxLayout()
        top.setSpacing(gap)
        top.addWidget(self.collection_box, 1)
        top.addWidget(self.more_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(gap)
        for button in (self.files_button, self.folder_button, self.paste_button):
            buttons.addWidget(button, 1)
        searched = QWidget(self)
        column = QVBoxLayout(searched)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addWidget(self.search_edit)
        column.addWidget(self.inspector, 1)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.page)
        self._pages.addWidget(searched)
        margin = em(self, 0.8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(margin, margin // 2, margin, margin)
        whole.setSpacing(em(self, 0.5))
        whole.addLayout(top)
        whole.addLayout(buttons)
        whole.addWidget(self.tabs)
        whole.addWidget(self._pages, 1)
        whole.addWidget(self.offers)
        whole.addWidget(self.watched)
        whole.addWidget(self.status)

    def _connect(self) -> None:
        self.files_button.clicked.connect(self._choose_files)
        self.folder_button.clicked.connect(self._choose_folder)
        self.paste_button.clicked.connect(self._paste)
        self.collection_box.activated.connect(self._ask_for_documents)
        self.filter_edit.textChanged.connect(self._typing.start)
        self.search_edit.textChanged.connect(self._typing.start)
        self.search_edit.returnPressed.connect(self._typed)
        self._typing.timeout.connect(self._typed)
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        self.list.details_requested.connect(self.details.open)
        self.status.failures_requested.connect(self.show_failures)

    # --- what is shown -------------------------------------------------------------------------------

    @property
    def collection_id(self) -> str:
        """The collection that is shown, or TRASH; new documents go into it."""
        return self.collection_box.chosen_id

    @property
    def filter(self) -> str:
        """What the names of the listed documents must contain."""
        return self.page.filter

    @property
    def order(self) -> DocumentOrder:
        """How the documents are sorted."""
        return self.list.documents.order

    def show_collections(self, collections: Sequence[Collection], total: int, in_trash: int) -> None:
        """Offer collections; `total` is the number of all documents, `in_trash` of those in the trash.

        The one that is shown stays chosen, while it is offered.
        """
        if self.collection_box.offer(collections, total, in_trash):
            self._ask_for_documents()

    def show_documents(
        self,
        documents: Sequence[Document],
        files: Sequence[DocumentRow],
        days_left: Mapping[str, int] | None = None,
    ) -> None:
        """List documents, below files that are none yet; `days_left` of those in the trash, by id."""
        self.page.show_documents(documents, files, days_left or {})

    @Slot()
    def show_failures(self) -> None:
        """Show everything that failed, and only that."""
        self.tabs.setCurrentIndex(_DOCUMENTS)
        self.filter_edit.clear()
        self._typing.stop()
        self.header.set_only_failures(True)
        if self.collection_id != ALL_DOCUMENTS:
            self.collection_box.setCurrentIndex(0)
        self._ask_for_documents()
        self.page.show_only_failures(True)

    def show_search(self, query: str) -> None:
        """Show a query whose passages are about to come, without asking for them."""
        self.tabs.setCurrentIndex(_SEARCH)
        self.search_edit.setText(query)
        self._typing.stop()

    # --- what the person does ------------------------------------------------------------------------

    @Slot()
    def _choose_files(self) -> None:
        dialog = opening_dialog(self, "add_files_dialog", self.tr("Add files"), many=True)
        dialog.filesSelected.connect(self._offer_chosen)
        dialog.open()

    @Slot()
    def _choose_folder(self) -> None:
        dialog = folder_dialog(self, "add_folder_dialog", self.tr("Add folder"))
        dialog.filesSelected.connect(self._offer_chosen)
        dialog.open()

    @Slot()
    def choose_watched_folder(self) -> None:
        """Ask for a folder to watch."""
        dialog = folder_dialog(self, "watch_folder_dialog", self.tr("Watch folder"))
        dialog.fileSelected.connect(self._watch)
        dialog.open()

    @Slot(str)
    def _watch(self, name: str) -> None:
        self.tabs.setCurrentIndex(_DOCUMENTS)
        self.user_actions.watch_requested.emit([Path(name)])

    @Slot(list)
    def _offer_chosen(self, names: list[str]) -> None:
        self._offer([Path(name) for name in names])

    def _offer(self, paths: list[Path]) -> None:
        if paths:
            self.tabs.setCurrentIndex(_DOCUMENTS)
            self.user_actions.files_offered.emit(paths)

    @Slot()
    def _paste(self) -> None:
        dialog = PasteDialog(self)
        dialog.text_given.connect(self.user_actions.text_pasted)
        dialog.open()

    @Slot()
    def _ask_for_documents(self) -> None:
        self.user_actions.shown_changed.emit(self.collection_id, self.filter)

    @Slot()
    def _typed(self) -> None:
        self._typing.stop()
        if self.tabs.currentIndex() == _DOCUMENTS:
            self._ask_for_documents()
        elif query := self.search_edit.text().strip():
            collection = ALL_DOCUMENTS if self.collection_id == TRASH else self.collection_id
            self.user_actions.search_requested.emit(query, collection)
        else:
            self.inspector.clear()

    # --- Qt ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shade.setGeometry(self.rect())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()
            self._shade.setGeometry(self.rect())
            self._shade.raise_()
            self._shade.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._shade.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._shade.hide()
        files = local_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self._offer(files)
