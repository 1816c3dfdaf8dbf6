"""What the knowledge panel asks in dialogs of its own: an address, a permission, a name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from chatbot_app.ui.dialog_parts import question_box
from chatbot_app.ui.knowledge.document_words import DocumentRow, counted, one_line
from chatbot_app.ui.knowledge.library_actions import LibraryActions
from chatbot_app.ui.theme import em

_LONGEST_NAME = 80


class PanelQuestions(QObject):
    """Asks, and says what was answered."""

    def __init__(self, actions: LibraryActions, panel: QWidget) -> None:
        super().__init__(panel)
        self._actions = actions
        self._panel = panel

    @Slot()
    def ask_for_address(self) -> None:
        """Ask for the address of a web page."""
        dialog = QInputDialog(self._panel)
        dialog.setObjectName("address_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Add web page"))
        dialog.setLabelText(self.tr("Address (http or https)"))
        dialog.resize(em(self._panel, 28), dialog.height())
        dialog.textValueSelected.connect(self._give_address)
        dialog.open()

    @Slot(str)
    def _give_address(self, address: str) -> None:
        address = address.strip()
        if address:
            self._actions.address_given.emit(address if "://" in address else f"https://{address}")

    def ask_to_allow(self, address: str, host: str, collection_id: str) -> None:
        """Ask whether a page of a private network may be fetched."""
        box, fetch = question_box(
            self._panel,
            "private_network_box",
            self.tr("{host} is in a private network.").format(host=one_line(host)[:100]),
            self.tr("Fetch"),
            "fetch_private_button",
            more=self.tr("Fetch the page only if you know it."),
            role=QMessageBox.ButtonRole.AcceptRole,
        )
        fetch.clicked.connect(lambda: self._actions.host_allowed.emit(address, host, collection_id))
        box.open()

    def ask_to_purge(self, rows: Sequence[DocumentRow]) -> None:
        """Ask whether documents of the trash may go for good; rows that are none are left alone."""
        documents = [row.document for row in rows if row.document is not None]
        if not documents:
            return
        document_ids = [document.id for document in documents]
        title = one_line(documents[0].title)[:_LONGEST_NAME]
        one = self.tr("Delete “{title}” for good?")
        many = self.tr("Delete {n} documents for good?")
        box, confirm = question_box(
            self._panel,
            "purge_documents_box",
            counted(len(documents), one, many).replace("{title}", title),
            self.tr("Delete for good"),
            "purge_documents_button",
            more=self.tr(
                "This cannot be undone. Text, passages and vectors are also removed from the backups that this "
                "program made. Your own file stays, and answers keep what they quoted."
            ),
            icon=QMessageBox.Icon.Warning,
            role=QMessageBox.ButtonRole.AcceptRole,
        )
        confirm.clicked.connect(lambda: self._actions.purge_requested.emit(document_ids))
        box.open()

    def ask_for_collection(self, document_ids: list[str]) -> None:
        """Ask for the name of a new collection for these documents."""
        dialog = QInputDialog(self._panel)
        dialog.setObjectName("collection_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("New collection"))
        dialog.setLabelText(self.tr("Name"))
        # The dialog dies with its answer, in the thread of the window.
        dialog.textValueSelected.connect(
            lambda name: self._actions.collection_named.emit(name, document_ids) if name.strip() else None
        )
        dialog.open()
