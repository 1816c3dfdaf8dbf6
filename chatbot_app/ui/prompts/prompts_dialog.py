"""The window of what a person keeps to write with: a page of prompts and a page of characters."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.prompts.prompts_page import PromptsPage
from chatbot_app.ui.theme import em


class PromptsDialog(QDialog):
    """Holds the pages; each says itself what the person wants."""

    def __init__(self, characters: QWidget, parent: QWidget | None = None) -> None:
        """`characters` is the second page; the dialog takes it over."""
        super().__init__(parent)
        self.setObjectName("prompts_dialog")
        self.setWindowTitle(self.tr("Prompts and characters"))
        self.prompts = PromptsPage(self)
        self.characters = characters
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("prompts_tabs")
        self._tabs.setAccessibleName(self.tr("Prompts and characters"))
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setObjectName("prompts_tab_bar")
        self._tabs.tabBar().setAccessibleName(self.tr("Pages"))
        self._tabs.addTab(self.prompts, self.tr("&Prompts"))
        self._tabs.addTab(characters, self.tr("C&haracters"))
        close = dialog_button(self, "prompts_close", self.tr("Close"))
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setSpacing(em(self, 0.6))
        column.addWidget(self._tabs, 1)
        column.addLayout(row)

    @Slot()
    def show_characters(self) -> None:
        """Bring the page of the characters to the front."""
        self._tabs.setCurrentWidget(self.characters)

    def sizeHint(self) -> QSize:
        return QSize(em(self, 46), em(self, 32))
