"""The documents of the chosen collection: the list, its order and filters, and what can be done about failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from chatbot_app.core.documents import Document
from chatbot_app.ui.knowledge.collection_box import TRASH, CollectionBox
from chatbot_app.ui.knowledge.document_list import DocumentList
from chatbot_app.ui.knowledge.document_order import DocumentOrder
from chatbot_app.ui.knowledge.document_words import DocumentRow
from chatbot_app.ui.knowledge.drop_shade import Invitation
from chatbot_app.ui.knowledge.failures import FailureBar
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.knowledge.list_header import ListHeader
from chatbot_app.ui.knowledge.panel_questions import PanelQuestions
from chatbot_app.ui.knowledge.vectors_offer import VectorsOffer
from chatbot_app.ui.search_line import SearchLine
from chatbot_app.ui.theme import em


class DocumentsPage(QWidget):
    """Shows what it is given; says what is wanted on the panel's actions."""

    def __init__(
        self, actions: LibraryActions, box: CollectionBox, questions: PanelQuestions, parent: QWidget
    ) -> None:
        """`box` says which collection is shown."""
        super().__init__(parent)
        self._actions = actions
        self._box = box
        self._questions = questions
        words = self.tr("Find a document by name, company, kind or period")
        self.filter_edit = SearchLine("document_filter", words, self)
        self.header = ListHeader(self)
        self.list = DocumentList(self)
        self.empty = Invitation(self)
        self._documents = QStackedWidget(self)
        self._documents.addWidget(self.list)
        self._documents.addWidget(self.empty)
        self.failure_bar = FailureBar(self)
        self.failure_bar.hide()
        self.vectors_offer = VectorsOffer(actions, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(em(self, 0.4))
        column.addWidget(self.filter_edit)
        column.addWidget(self.header)
        column.addWidget(self._documents, 1)
        column.addWidget(self.failure_bar)
        column.addWidget(self.vectors_offer)
        self._connect()

    def _connect(self) -> None:
        self.header.order_chosen.connect(self._sort)
        self.header.failures_toggled.connect(self.show_only_failures)
        self.list.selection_changed.connect(self._show_failure_state)
        self.list.removal_requested.connect(self._remove)
        self.failure_bar.retry_requested.connect(self._retry_chosen)
        self.failure_bar.retry_all_requested.connect(self._retry_failures)
        self.failure_bar.removal_requested.connect(self._remove_chosen)

    # --- what is shown -------------------------------------------------------------------------------

    @property
    def filter(self) -> str:
        """What the names of the listed documents must contain."""
        return self.filter_edit.text().strip()

    @property
    def _is_trash(self) -> bool:
        return self._box.chosen_id == TRASH

    def show_documents(
        self, documents: Sequence[Document], files: Sequence[DocumentRow], days_left: Mapping[str, int]
    ) -> None:
        """List documents, below files that are none yet; `days_left` of those in the trash, by id."""
        self.list.documents.set_documents(documents, files, days_left)
        self.show_list()

    def show_list(self) -> None:
        """Show the list, or what an empty one says."""
        self.empty.set_words(*self._words_of_none())
        self._show_failure_state()
        has_rows = self.list.model().rowCount() > 0
        self.header.setVisible(has_rows or self.header.only_failures)
        self._documents.setCurrentWidget(self.list if has_rows else self.empty)

    def _words_of_none(self) -> tuple[str, str]:
        if self.header.only_failures:
            return self.tr("Nothing has failed"), self.tr("Click “failed” again to see all documents.")
        if self.filter:
            return self.tr("No document is named like that"), self.tr("Test search looks into their texts.")
        if self._is_trash:
            return self.tr("The trash is empty"), ""
        return (
            self.tr("Drop files or folders here"),
            self.tr("PDF, Word, Excel, web pages, e-mail, text, code. They stay on this computer."),
        )

    # --- order and failures --------------------------------------------------------------------------

    def set_order(self, order: DocumentOrder) -> None:
        """Sort the documents in another way, silently."""
        self.header.set_order(order)
        self.list.documents.set_order(order)

    @Slot(str)
    def _sort(self, order: str) -> None:
        self.list.documents.set_order(DocumentOrder(order))
        self._actions.order_chosen.emit(order)

    @Slot(bool)
    def show_only_failures(self, only: bool) -> None:
        """Show what failed apart from the rest, or everything again."""
        self.header.set_only_failures(only)
        self.list.show_only_failures(only)
        self.show_list()

    @Slot()
    def _show_failure_state(self) -> None:
        failed = self.list.documents.failed_count
        in_trash = self._is_trash
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

    # --- what the person does ------------------------------------------------------------------------

    @Slot()
    def _retry_chosen(self) -> None:
        self._actions.again_requested.emit([Path(row.path) for row in self.list.chosen()])

    @Slot()
    def _retry_failures(self) -> None:
        self._actions.again_requested.emit([Path(row.path) for row in self.list.shown() if row.has_failed])

    @Slot()
    def _remove_chosen(self) -> None:
        self._remove(self.list.chosen())

    @Slot(list)
    def _remove(self, rows: list[DocumentRow]) -> None:
        if self._is_trash:
            self._questions.ask_to_purge(rows)
        else:
            self._actions.removal_requested.emit(rows)
