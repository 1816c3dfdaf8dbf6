"""The Models window: what this computer has, what can be downloaded, and servers that are there already."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from chatbot_app.ui.dropped_files import DroppedFiles
from chatbot_app.ui.models.local_actions import LocalActions
from chatbot_app.ui.models.local_page import LocalPage
from chatbot_app.ui.settings.found_servers import FoundServers
from chatbot_app.ui.theme import em

_WIDTH, _HEIGHT = 56, 36  # lines of text, where there is room


class ModelsDialog(QDialog):
    """Not modal: one may look at a download and go on asking."""

    servers_requested = Signal()
    catalogue_opened = Signal()  # the page of downloads is seen

    def __init__(self, actions: LocalActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("models_dialog")
        self.setWindowTitle(self.tr("Models"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self.found = FoundServers(self)
        self.local = LocalPage(actions, self)
        self._pages = QTabWidget(self)
        self._pages.setObjectName("models_pages")
        self._pages.setAccessibleName(self.tr("Models"))
        self._pages.setDocumentMode(True)
        self._pages.tabBar().setObjectName("models_tabs")
        self._pages.tabBar().setAccessibleName(self.tr("Pages"))
        self._pages.addTab(self.local, self.tr("On this computer"))
        self._catalogue: QWidget | None = None
        self._servers = QPushButton(self.tr("Servers and keys…"), self)
        self._servers.setObjectName("models_servers_button")
        self._servers.setAccessibleName(self.tr("Servers and keys"))
        self._close = QPushButton(self.tr("Close"), self)
        self._close.setObjectName("models_close_button")
        self._close.setAccessibleName(self._close.text())
        for button in (self._servers, self._close):
            button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self._servers)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        margin = em(self, 0.9)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(em(self, 0.6))
        column.addWidget(self.found)
        column.addWidget(self._pages, 1)
        column.addLayout(buttons)
        self._servers.clicked.connect(self.servers_requested)
        self._close.clicked.connect(self.close)
        DroppedFiles(self).dropped.connect(self._take_files)
        self._pages.currentChanged.connect(self._turned)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self).activated.connect(self.close)
        self._actions = actions
        self._fit_screen()

    def _fit_screen(self) -> None:
        room = self.screen().availableGeometry().size() if self.screen() is not None else self.size()
        self.resize(min(em(self, _WIDTH), room.width()), min(em(self, _HEIGHT), room.height()))

    def set_catalogue(self, page: QWidget) -> None:
        """Add the page of downloads."""
        self._catalogue = page
        self._pages.addTab(page, self.tr("Download"))

    def show_local(self) -> None:
        """Bring the models of this computer to the front."""
        self._pages.setCurrentWidget(self.local)
        self._come_forward()

    def show_catalogue(self) -> None:
        """Bring the page of downloads to the front."""
        if self._catalogue is not None:
            self._pages.setCurrentWidget(self._catalogue)
        self._come_forward()

    def _come_forward(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot(list)
    def _take_files(self, paths: list[Path]) -> None:
        self.show_local()  # where they are seen
        self._actions.files_offered.emit(paths)

    @Slot(int)
    def _turned(self, _: int) -> None:
        if self._catalogue is not None and self._pages.currentWidget() is self._catalogue:
            self.catalogue_opened.emit()
