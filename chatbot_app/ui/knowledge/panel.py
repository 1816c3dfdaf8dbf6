"""The knowledge panel: documents come in, are listed, looked into, and can be searched without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.documents import ALL_DOCUMENTS, Collection, Document
from chatbot_app.ui.chat.composer_edit import local_files
from chatbot_app.ui.combo_box import ComboBox
from chatbot_app.ui.icons import RETINT_EVENTS, IconButton, icon
from chatbot_app.ui.knowledge.document_dialogs import PasteDialog
from chatbot_app.ui.knowledge.document_list import DocumentList
from chatbot_app.ui.knowledge.document_order import DocumentOrder
from chatbot_app.ui.knowledge.document_words import DocumentRow, one_line
from chatbot_app.ui.knowledge.drop_shade import DropShade, Invitation
from chatbot_app.ui.knowledge.failures import FailureBar
from chatbot_app.ui.knowledge.import_status import ImportStatus
from chatbot_app.ui.knowledge.list_header import ListHeader
from chatbot_app.ui.knowledge.panel_details import PanelDetails
from chatbot_app.ui.knowledge.panel_menus import TRASH, PanelMenus
from chatbot_app.ui.knowledge.panel_offers import PanelOffers
from chatbot_app.ui.knowledge.panel_questions import PanelQuestions
from chatbot_app.ui.knowledge.retrieval_inspector import RetrievalInspector
from chatbot_app.ui.knowledge.vectors_offer import VectorsOffer
from chatbot_app.ui.knowledge.watched_folders import WatchedFolders
from chatbot_app.ui.theme import colors, em, set_look

TYPING_PAUSE_MS = 200
_DOCUMENTS, _SEARCH = 0, 1
_LONGEST_NAME = 60

__all__ = ["TRASH", "KnowledgePanel"]


class KnowledgePanel(QWidget):
    """Says what the person wants done with documents and does none of it."""

    files_offered = Signal(list)  # list[Path]: files and folders
    watch_requested = Signal(list)  # list[Path]: folders to keep watching
    text_pasted = Signal(str, str)  # title, text
    address_given = Signal(str)  # of a web page
    host_allowed = Signal(str, str, str)  # address, host in a private network, collection id
    shown_changed = Signal(str, str)  # collection id (or TRASH), filter: list these
    search_requested = Signal(str, str)  # query, collection id
    passage_chosen = Signal(object)  # Evidence
    again_requested = Signal(list)  # list[Path]: read anew
    removal_requested = Signal(list)  # list[DocumentRow]
    undo_requested = Signal(list)  # list[str]: documents to bring back from the trash
    purge_requested = Signal(list)  # list[str]: documents to remove for ever
    order_chosen = Signal(str)  # a DocumentOrder's value
    original_requested = Signal(object)  # path, str: as an object it keeps a name that is no valid text
    collection_named = Signal(str, list)  # name, ids of documents to put into it
    collection_deleted = Signal(str)
    filing_requested = Signal(str, list, bool)  # collection id, document ids, into it or out of it
    vectors_requested = Signal(list)  # list[str]: large documents that shall have vectors
    pause_toggled = Signal(bool)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("knowledge_panel")
        self.setAccessibleName(self.tr("Knowledge"))
        self.setAcceptDrops(True)
        self.collections: list[Collection] = []  # the person's, as they are offered
        self._wanted = ""  # id of a collection that is about to be offered
        self._build()
        self._connect()
        self.menus = PanelMenus(self)
        self._tint()
        self.show_documents([], [])

    def _build(self) -> None:
        self.collection_box = ComboBox(self)
        self.collection_box.setObjectName("collection_box")
        self.collection_box.setAccessibleName(self.tr("Collection"))
        self.collection_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.more_button = IconButton(
            "more", self.tr("Watch folder, web page, collections"), "collections_button", self
        )
        self.files_button = self._button(self.tr("Add files"), "add_files_button", "primary")
        self.folder_button = self._button(self.tr("Add folder"), "add_folder_button")
        self.paste_button = self._button(self.tr("Paste text"), "paste_text_button")
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("knowledge_tabs")
        self.tabs.setAccessibleName(self.tr("Documents or test search"))
        self.tabs.addTab(self.tr("Documents"))
        self.tabs.addTab(self.tr("Test search"))
        self.tabs.setExpanding(False)
        self.filter_edit = self._line(
            "document_filter", self.tr("Find a document by name, company, kind or period")
        )
        self.list = DocumentList(self)
        self.empty = Invitation(self)
        self._documents = QStackedWidget(self)
        self._documents.addWidget(self.list)
        self._documents.addWidget(self.empty)
        self.search_edit = self._line("test_search", self.tr("Ask your documents, without a model"))
        self.inspector = RetrievalInspector(self)
        self.header = ListHeader(self)
        self.failure_bar = FailureBar(self)
        self.failure_bar.hide()
        self.vectors_offer = VectorsOffer(self)
        self.offers = PanelOffers(self)
        self.watched = WatchedFolders(self)
        self.status = ImportStatus(self)
        self.questions = PanelQuestions(self)
        self.details = PanelDetails(self)
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

    def _line(self, name: str, words: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setAccessibleName(words)
        line.setPlaceholderText(words)
        line.setClearButtonEnabled(True)
        action = QAction(line)
        line.addAction(action, QLineEdit.ActionPosition.LeadingPosition)
        action.setObjectName("search_icon")
        return line

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
        listed, searched = QWidget(self), QWidget(self)
        for page, line, below in (
            (listed, self.filter_edit, self._documents),
            (searched, self.search_edit, self.inspector),
        ):
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(gap)
            column.addWidget(line)
            if page is listed:
                column.addWidget(self.header)
            column.addWidget(below, 1)
            if page is listed:
                column.addWidget(self.failure_bar)
                column.addWidget(self.vectors_offer)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(listed)
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
        self.questions.address_given.connect(self.address_given)
        self.questions.host_allowed.connect(self.host_allowed)
        self.questions.collection_named.connect(self.collection_named)
        self.questions.purge_confirmed.connect(self.purge_requested)
        self.collection_box.activated.connect(self._ask_for_documents)
        self.filter_edit.textChanged.connect(self._typing.start)
        self.search_edit.textChanged.connect(self._typing.start)
        self.search_edit.returnPressed.connect(self._typed)
        self._typing.timeout.connect(self._typed)
        self.tabs.currentChanged.connect(self._turn)
        self.inspector.passage_chosen.connect(self.passage_chosen)
        self.list.details_requested.connect(self.details.open)
        self.details.retry_requested.connect(self._retry)
        self.details.original_requested.connect(self.original_requested)
        self.list.removal_requested.connect(self._remove)
        self.status.pause_toggled.connect(self.pause_toggled)
        self.status.cancel_requested.connect(self.cancel_requested)
        self.status.failures_requested.connect(self.show_failures)
        self.offers.undo_requested.connect(self.undo_requested)
        self.offers.watch_requested.connect(self.watch_requested)
        self.header.order_chosen.connect(self._sort)
        self.header.failures_toggled.connect(self._filter_failures)
        self.list.selection_changed.connect(self._show_failure_state)
        self.vectors_offer.vectors_requested.connect(self.vectors_requested)
        self.failure_bar.retry_requested.connect(self._retry_chosen)
        self.failure_bar.retry_all_requested.connect(self._retry_failures)
        self.failure_bar.removal_requested.connect(self._remove_chosen)

    # --- what is shown -------------------------------------------------------------------------------

    @property
    def collection_id(self) -> str:
        """The collection that is shown, or TRASH; new documents go into it."""
        return str(self.collection_box.currentData() or ALL_DOCUMENTS)

    @property
    def filter(self) -> str:
        """What the names of the listed documents must contain."""
        return self.filter_edit.text().strip()

    def show_collections(self, collections: Sequence[Collection], total: int, in_trash: int) -> None:
        """Offer collections; `total` is the number of all documents, `in_trash` of those in the trash.

        The one that is shown stays chosen, while it is offered.
        """
        shown = self.collection_id
        chosen, self._wanted = self._wanted or shown, ""
        self.collections = list(collections)
        offered: list[tuple[str, str | None]] = [
            (self._named(self.tr("All documents"), total), ALL_DOCUMENTS)
        ]
        for collection in collections:
            name = one_line(collection.name)[:_LONGEST_NAME]
            offered.append((self._named(name, collection.documents), collection.id))
        if in_trash:
            offered += [("", None), (self._named(self.tr("Trash"), in_trash), TRASH)]
        box = self.collection_box
        if [box.itemData(place) for place in range(box.count())] == [data for _, data in offered]:
            # Numbers change while documents come in, and the list may be open.
            for place, (words, _) in enumerate(offered):
                box.setItemText(place, words)
        else:
            box.clear()
            for words, data in offered:
                box.addItem(words, data) if data is not None else box.insertSeparator(box.count())
        place = self.collection_box.findData(chosen)
        self.collection_box.setCurrentIndex(max(0, place))
        if self.collection_id != shown:
            self._ask_for_documents()

    def choose_collection(self, collection_id: str) -> None:
        """Show a collection as soon as it is offered."""
        self._wanted = collection_id

    def _named(self, name: str, count: int) -> str:
        return f"{name}  ({count})"

    def show_documents(
        self,
        documents: Sequence[Document],
        files: Sequence[DocumentRow],
        days_left: Mapping[str, int] | None = None,
    ) -> None:
        """List documents, below files that are none yet; `days_left` of those in the trash, by id."""
        self.list.documents.set_documents(documents, files, days_left or {})
        self.show_list()

    @Slot()
    def show_list(self) -> None:
        """Show the list, or what an empty one says."""
        if self.header.only_failures:
            self.empty.set_words(
                self.tr("Nothing has failed"), self.tr("Click “failed” again to see all documents.")
            )
        elif self.filter:
            self.empty.set_words(
                self.tr("No document is named like that"), self.tr("Test search looks into their texts.")
            )
        elif self.collection_id == TRASH:
            self.empty.set_words(self.tr("The trash is empty"), "")
        else:
            self.empty.set_words(
                self.tr("Drop files or folders here"),
                self.tr("PDF, Word, Excel, web pages, e-mail, text, code. They stay on this computer."),
            )
        self._show_failure_state()
        has_rows = self.list.model().rowCount() > 0
        self.header.setVisible(has_rows or self.header.only_failures)
        self._documents.setCurrentWidget(self.list if has_rows else self.empty)

    def offer_undo(
        self, titles: Sequence[str], document_ids: Sequence[str], *, vanished_from: str = ""
    ) -> None:
        """Say what was removed, or what vanished from a watched folder, and offer to bring it back."""
        self.offers.offer_undo(titles, document_ids, vanished_from=vanished_from)

    def offer_watch(self, folders: Sequence[Path]) -> None:
        """Offer to keep watching folders that were added."""
        self.offers.offer_watch(folders)

    # --- order and failures --------------------------------------------------------------------------

    @property
    def order(self) -> DocumentOrder:
        """How the documents are sorted."""
        return self.list.documents.order

    def set_order(self, order: DocumentOrder) -> None:
        """Sort the documents in another way, silently."""
        self.header.set_order(order)
        self.list.documents.set_order(order)

    @Slot(str)
    def _sort(self, order: str) -> None:
        self.list.documents.set_order(DocumentOrder(order))
        self.order_chosen.emit(order)

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
        self._filter_failures(True)

    @Slot(bool)
    def _filter_failures(self, only: bool) -> None:
        self.list.show_only_failures(only)
        self.show_list()

    @Slot()
    def _show_failure_state(self) -> None:
        failed = self.list.documents.failed_count
        in_trash = self.collection_id == TRASH
        if in_trash and self.header.only_failures:
            self.header.set_only_failures(False)
            self.list.show_only_failures(False)
        self.header.set_failed(0 if in_trash else failed)
        self.failure_bar.setVisible(self.header.only_failures and self.list.model().rowCount() > 0)
        chosen = self.list.chosen()
        self.failure_bar.set_state(failed=failed, chosen=len(chosen))
        large = [] if in_trash else self.list.documents.words_only()
        large = [row for row in chosen if row.is_words_only] or large
        self.vectors_offer.show_documents([row.document_id for row in large], sum(row.total for row in large))

    @Slot()
    def _retry_chosen(self) -> None:
        self.again_requested.emit([Path(row.path) for row in self.list.chosen()])

    @Slot()
    def _retry_failures(self) -> None:
        self.again_requested.emit([Path(row.path) for row in self.list.shown() if row.has_failed])

    @Slot()
    def _remove_chosen(self) -> None:
        self._remove(self.list.chosen())

    def show_test_search(self, query: str) -> None:
        """Search for a query and show what is found and why."""
        self.tabs.setCurrentIndex(_SEARCH)
        self.search_edit.setText(query)
        self._typing.stop()
        self._typed()

    def show_search(self, query: str) -> None:
        """Show a query whose passages are about to come, without asking for them."""
        self.tabs.setCurrentIndex(_SEARCH)
        self.search_edit.setText(query)
        self._typing.stop()

    # --- what the person does ------------------------------------------------------------------------

    @Slot()
    def _choose_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add files"))
        self._offer([Path(name) for name in names])

    @Slot()
    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Add folder"))
        self._offer([Path(name)] if name else [])

    @Slot()
    def choose_watched_folder(self) -> None:
        """Ask for a folder to watch."""
        name = QFileDialog.getExistingDirectory(self, self.tr("Watch folder"))
        if name:
            self.tabs.setCurrentIndex(_DOCUMENTS)
            self.watch_requested.emit([Path(name)])

    def _offer(self, paths: list[Path]) -> None:
        if paths:
            self.tabs.setCurrentIndex(_DOCUMENTS)
            self.files_offered.emit(paths)

    @Slot()
    def _paste(self) -> None:
        dialog = PasteDialog(self)
        dialog.text_given.connect(self.text_pasted)
        dialog.open()

    @Slot()
    def _ask_for_documents(self) -> None:
        self.shown_changed.emit(self.collection_id, self.filter)

    @Slot()
    def _typed(self) -> None:
        self._typing.stop()
        if self.tabs.currentIndex() == _DOCUMENTS:
            self._ask_for_documents()
        elif self.search_edit.text().strip():
            collection = ALL_DOCUMENTS if self.collection_id == TRASH else self.collection_id
            self.search_requested.emit(self.search_edit.text().strip(), collection)
        else:
            self.inspector.clear()

    @Slot(int)
    def _turn(self, page: int) -> None:
        self._pages.setCurrentIndex(page)

    @Slot(object)
    def _retry(self, path: str) -> None:
        self.again_requested.emit([Path(path)])

    @Slot(list)
    def _remove(self, rows: list[DocumentRow]) -> None:
        if self.collection_id == TRASH:
            self.ask_to_purge(rows)
        else:
            self.removal_requested.emit(rows)

    def ask_to_purge(self, rows: Sequence[DocumentRow]) -> None:
        """Ask whether documents of the trash may go for good."""
        documents = [row.document for row in rows if row.document is not None]
        if documents:
            titles = [document.title for document in documents]
            self.questions.ask_to_purge(titles, [document.id for document in documents])

    @Slot()
    def ask_for_address(self) -> None:
        """Ask for the address of a web page."""
        self.questions.ask_for_address()

    def ask_to_allow(self, address: str, host: str, collection_id: str) -> None:
        """Ask whether a page of a private network may be fetched."""
        self.questions.ask_to_allow(address, host, collection_id)

    # --- Qt ------------------------------------------------------------------------------------------

    def _tint(self) -> None:
        for line in (self.filter_edit, self.search_edit):
            action = line.findChild(QAction, "search_icon")
            if isinstance(action, QAction):
                action.setIcon(icon("search", colors(self).muted))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "search_edit"):
            self._tint()

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
