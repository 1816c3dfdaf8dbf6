"""The details of a document: opened, its fields corrected, and the correction taken back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.ui.knowledge.document_dialogs import DocumentDetails
from chatbot_app.ui.knowledge.document_words import DocumentRow
from chatbot_app.ui.knowledge.library_actions import LibraryActions


class PanelDetails(QObject):
    """Opens the details and carries between them and who stores what is written there."""

    def __init__(self, actions: LibraryActions, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._over = parent

    @Slot(object)
    def open(self, row: DocumentRow) -> None:
        """Show what is known of a document."""
        details = DocumentDetails(row, self._over)
        details.retry_requested.connect(self._retry)
        details.original_requested.connect(self._actions.original_requested)
        details.fields_written.connect(self._actions.fields_written)
        details.open()

    @Slot(object)
    def _retry(self, path: str) -> None:
        self._actions.again_requested.emit([Path(path)])

    def show_fields(self, document_id: str, fields: DocumentFields) -> None:
        """Show what is stored now, where the details of the document are open."""
        for details in self._open_ones(document_id):
            details.show_fields(fields)

    def show_problems(self, document_id: str, problems: Mapping[str, str]) -> None:
        """Say what is wrong with what was written, by field name."""
        for details in self._open_ones(document_id):
            details.show_problems(problems)

    def _open_ones(self, document_id: str) -> list[DocumentDetails]:
        found = self._over.findChildren(DocumentDetails)
        return [details for details in found if details.document_id == document_id]
