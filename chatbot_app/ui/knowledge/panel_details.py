"""The details of a document: opened, its fields corrected, and the correction taken back."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.core.document_fields import DocumentFields
from chatbot_app.ui.knowledge.document_dialogs import DocumentDetails
from chatbot_app.ui.knowledge.document_words import DocumentRow


class PanelDetails(QObject):
    """Opens the details and carries between them and who stores what is written there."""

    retry_requested = Signal(object)  # path, str: as an object it keeps a name that is no valid text
    original_requested = Signal(object)  # path
    fields_written = Signal(str, str, dict)  # document id, title, dict[str, str | None] by field name

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent

    @Slot(object)
    def open(self, row: DocumentRow) -> None:
        """Show what is known of a document."""
        details = DocumentDetails(row, self._over)
        details.retry_requested.connect(self.retry_requested)
        details.original_requested.connect(self.original_requested)
        details.fields_written.connect(self.fields_written)
        details.open()

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
