"""The page of downloads: a short list that ships, a search, a pasted address, and what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.core.hub_models import DownloadState
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.dialog_parts import dialog_button
from chatbot_app.ui.models.catalogue_details import CatalogueDetails
from chatbot_app.ui.models.catalogue_entries import CatalogueEntry, OfferedFile
from chatbot_app.ui.models.downloads_view import DownloadsView
from chatbot_app.ui.models.hub_actions import HubActions
from chatbot_app.ui.models.said_line import SaidLine
from chatbot_app.ui.models.two_line_list import TwoLineList
from chatbot_app.ui.search_line import SearchLine
from chatbot_app.ui.theme import em

_DOWNLOADS_SHARE = 0.4  # of the page's height, at most


class CataloguePage(QWidget):
    """Shows entries; what is chosen is emitted on `actions`."""

    def __init__(self, actions: HubActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("catalogue_page")
        self._actions = actions
        self._entries: dict[str, CatalogueEntry] = {}
        self._files: dict[str, tuple[OfferedFile, ...]] = {}  # by repository, once it was asked
        self._problems: dict[str, str] = {}
        self._waiting: set[str] = set()
        self._search = SearchLine(
            "catalogue_search", self.tr("Search Hugging Face, or paste an address"), self
        )
        self._ask = dialog_button(self, "catalogue_search_button", self.tr("Search"))
        self._back = dialog_button(self, "catalogue_recommended_button", self.tr("Recommended"))
        self._token = dialog_button(self, "catalogue_token_button", self.tr("Access token…"))
        self._said = SaidLine("catalogue_said", self)
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._list = TwoLineList("catalogue_list", self.tr("Models that can be downloaded"), self)
        self.details = CatalogueDetails(actions, self)
        self.downloads = DownloadsView(actions, self)
        self._build()
        self._search.returnPressed.connect(self._ask_search)
        self._ask.clicked.connect(self._ask_search)
        self._back.clicked.connect(self._ask_recommended)
        self._token.clicked.connect(self._ask_token)
        self._list.chosen.connect(self._show_entry)
        self._back.hide()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(em(self, 0.4))
        top.addWidget(self._search, 1)
        for button in (self._ask, self._back, self._token):
            top.addWidget(button)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setObjectName("catalogue_splitter")
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        left = QWidget(self)
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 0, em(self, 0.8), 0)
        beside.addWidget(self._list)
        split.addWidget(left)
        scrolled = QScrollArea(self)
        scrolled.setObjectName("catalogue_details_area")
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setWidgetResizable(True)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(self.details)
        split.addWidget(scrolled)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        self._under_way = QScrollArea(self)
        self._under_way.setObjectName("downloads_area")
        self._under_way.setAccessibleName(self.tr("Downloads"))
        self._under_way.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._under_way.setWidgetResizable(True)
        self._under_way.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._under_way.setWidget(self.downloads)
        self._under_way.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, em(self, 0.6), 0, 0)
        column.setSpacing(em(self, 0.5))
        column.addLayout(top)
        column.addWidget(self._said)
        column.addWidget(split, 1)
        column.addWidget(self._under_way)

    def show_entries(self, entries: Sequence[CatalogueEntry], *, are_recommended: bool) -> None:
        """List these; what is known of the files of their repositories stays known."""
        self._entries = {entry.key: entry for entry in entries}
        self._back.setVisible(not are_recommended)
        self._list.show_rows([entry.lines() for entry in entries])
        self._show_entry()

    def show_files(self, repository: str, files: Sequence[OfferedFile]) -> None:
        """Show which files a repository has."""
        self._files[repository] = tuple(files)
        self._problems.pop(repository, None)
        self._waiting.discard(repository)
        self._show_entry()

    def show_waiting(self, repository: str) -> None:
        """Say that a repository is being asked."""
        self._waiting.add(repository)
        self._problems.pop(repository, None)
        self._show_entry()

    def show_problem(self, repository: str, words: str) -> None:
        """Say why the files of a repository could not be listed."""
        self._waiting.discard(repository)
        self._problems[repository] = visible_text(words)
        self._show_entry()

    def show_downloads(self, states: Sequence[DownloadState]) -> None:
        """Show what is under way."""
        self.downloads.show_downloads(states)
        self._under_way.setVisible(bool(states))
        self._limit_downloads()

    def choose(self, key: str) -> None:
        """Choose an entry."""
        self._list.choose(key)

    def files_of(self, repository: str) -> tuple[OfferedFile, ...]:
        """Return the files of a repository that are shown, () where it was not asked."""
        return self._files.get(repository, ())

    def set_searching(self, is_searching: bool) -> None:
        """Say that the hub is being asked."""
        self._ask.setEnabled(not is_searching)
        if is_searching:
            self.say(self.tr("Searching…"))

    def say(self, words: str, look: str = "muted") -> None:
        """Show a sentence below the search, "" none."""
        self._said.say(words, look)

    def focus_search(self) -> None:
        """Put the cursor into the search."""
        self._search.setFocus()

    @Slot()
    def _show_entry(self) -> None:
        entry = self._entries.get(self._list.current_key())
        if entry is None:
            self.details.show_entry(None, is_whole=False)
            return
        files = self._files.get(entry.repository)
        self.details.show_entry(
            entry if files is None else replace(entry, files=files),
            is_whole=files is not None,
            problem=self._problems.get(entry.repository, ""),
            waits=entry.repository in self._waiting,
        )

    @Slot()
    def _ask_search(self) -> None:
        text = self._search.text().strip()
        if text:
            self._actions.search_requested.emit(text)
        else:
            self._ask_recommended()

    @Slot()
    def _ask_recommended(self) -> None:
        self._search.clear()
        self.say("")
        self._actions.recommended_requested.emit()

    @Slot()
    def _ask_token(self) -> None:
        dialog = QInputDialog(self)
        dialog.setObjectName("hub_token_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Access token"))
        dialog.setLabelText(
            self.tr(
                "A token of Hugging Face (kind “read”), for models whose terms you accepted there.\n"
                "It is kept like a key, and sent to no other host. Leave it empty to forget it."
            )
        )
        dialog.setTextEchoMode(QLineEdit.EchoMode.Password)
        dialog.textValueSelected.connect(self._actions.token_changed)
        dialog.open()

    def _limit_downloads(self) -> None:
        wanted = self.downloads.sizeHint().height() + 2
        self._under_way.setFixedHeight(min(wanted, max(em(self, 4), round(self.height() * _DOWNLOADS_SHARE))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._limit_downloads()
