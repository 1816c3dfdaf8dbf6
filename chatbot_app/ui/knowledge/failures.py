"""What failed, apart from the rest: a filter of the list, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from chatbot_app.ui.knowledge.document_model import ROW_ROLE, DocumentModel
from chatbot_app.ui.theme import em


class FailedDocuments(QSortFilterProxyModel):
    """Rows that have failed; one that is tried again stays until the filter is left, so that its end is seen."""

    def __init__(self, documents: DocumentModel) -> None:
        super().__init__(documents)
        self._seen: set[str] = set()
        self.setSourceModel(documents)

    def filterAcceptsRow(self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex) -> bool:
        row = self.sourceModel().index(source_row, 0, source_parent).data(ROW_ROLE)
        if row.has_failed:
            self._seen.add(row.path)
        return row.path in self._seen


class FailureBar(QWidget):
    """Buttons below the list of failures."""

    retry_requested = Signal()  # what is selected
    retry_all_requested = Signal()
    removal_requested = Signal()  # of what is selected

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("failure_bar")
        self.retry_button = self._button(self.tr("Retry"), "retry_failed_button")
        self.retry_all_button = self._button(self.tr("Retry all"), "retry_all_failed_button")
        self.remove_button = self._button(self.tr("Remove"), "remove_failed_button")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.4))
        for button in (self.retry_all_button, self.retry_button, self.remove_button):
            row.addWidget(button, 1)
        self.retry_button.clicked.connect(self.retry_requested)
        self.retry_all_button.clicked.connect(self.retry_all_requested)
        self.remove_button.clicked.connect(self.removal_requested)
        self.set_state(failed=0, chosen=0)

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        return button

    def set_state(self, *, failed: int, chosen: int) -> None:
        """Enable what has something to act on: `failed` rows are shown, `chosen` of them are selected."""
        self.retry_all_button.setEnabled(failed > 0)
        self.retry_button.setEnabled(chosen > 0)
        self.remove_button.setEnabled(chosen > 0)
