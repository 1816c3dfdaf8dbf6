"""One model of the page of downloads: what it is, its files with the one that is best here, and the button."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatbot_app.ui.dialog_parts import dialog_button, plain_label
from chatbot_app.ui.models.catalogue_entries import CatalogueEntry, OfferedFile
from chatbot_app.ui.models.hub_actions import HubActions
from chatbot_app.ui.models.model_row import FIT_INKS
from chatbot_app.ui.models.model_words import one_line, size_words
from chatbot_app.ui.models.two_line_list import TwoLineList
from chatbot_app.ui.theme import em, scale_font, set_look


class CatalogueDetails(QWidget):
    """Shows an entry; the hub is asked for its files when the person wants to see them."""

    def __init__(self, actions: HubActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("catalogue_details")
        self._actions = actions
        self._entry: CatalogueEntry | None = None
        self._files: dict[str, OfferedFile] = {}
        self._name = plain_label(self, "catalogue_name", shrinks=True)
        scale_font(self._name, 1.1, bold=True)
        self._words = plain_label(self, "catalogue_words", shrinks=True)
        self._facts = plain_label(self, "catalogue_facts", shrinks=True)
        set_look(self._facts, "muted")
        self._list = TwoLineList("catalogue_files", self.tr("Files"), self)
        self._fit = plain_label(self, "catalogue_fit", shrinks=True)
        self._problem = plain_label(self, "catalogue_problem", shrinks=True)
        self._download = dialog_button(self, "catalogue_download", self.tr("Download"))
        set_look(self._download, "primary")
        self._more = dialog_button(self, "catalogue_files_button", self.tr("Show its files"))
        buttons = QHBoxLayout()
        buttons.setSpacing(em(self, 0.4))
        buttons.addWidget(self._download)
        buttons.addWidget(self._more)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(em(self, 0.8), 0, 0, 0)
        column.setSpacing(em(self, 0.45))
        for widget in (self._name, self._words, self._facts):
            column.addWidget(widget)
        column.addWidget(self._list, 1)
        column.addWidget(self._fit)
        column.addWidget(self._problem)
        column.addLayout(buttons)
        column.addStretch(0)
        self._list.chosen.connect(self._show_file)
        self._list.key_activated.connect(self._ask_download)
        self._download.clicked.connect(self._ask_download)
        self._more.clicked.connect(self._ask_files)
        self.hide()

    @property
    def entry(self) -> CatalogueEntry | None:
        """What is shown."""
        return self._entry

    def show_entry(
        self, entry: CatalogueEntry | None, *, is_whole: bool, problem: str = "", waits: bool = False
    ) -> None:
        """Show an entry; `is_whole` where its `files` are all that its repository has, `waits` while it is asked."""
        self._entry = entry
        self.setVisible(entry is not None)
        if entry is None:
            return
        self._name.setText(entry.title)
        self._words.setText(entry.words)
        self._words.setVisible(bool(entry.words))
        facts = [entry.repository]
        if entry.languages:
            facts.append(self.tr("Languages: {names}").format(names=entry.languages))
        facts.append(self.tr("Licence: {name}").format(name=entry.licence or self.tr("not named")))
        if entry.is_gated:
            facts.append(self.tr("Its terms have to be accepted on the hub's site, and a token is needed."))
        self._facts.setText("\n".join(one_line(fact) for fact in facts))
        self._files = {file.origin.file: file for file in entry.files}
        best = next((file.origin.file for file in entry.files if file.is_best), "")
        is_other = not {row.key for row in self._list.rows()} & set(self._files)
        self._list.show_rows([file.lines() for file in entry.files])
        if is_other and best:
            self._list.choose(best)
        self._list.setVisible(is_whole and bool(entry.files))
        self._more.setVisible(not is_whole)
        self._more.setEnabled(not waits)
        words = self.tr("Asking for its files…") if waits else self.tr("Show its files")
        self._more.setText(words)
        self._more.setAccessibleName(words)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        set_look(self._problem, "danger")
        self._show_file()

    def _chosen(self) -> OfferedFile | None:
        if self._entry is not None and len(self._entry.files) == 1:
            return self._entry.files[0]
        return self._files.get(self._list.current_key())

    @Slot()
    def _show_file(self) -> None:
        file = self._chosen()
        self._download.setVisible(file is not None)
        reason = file.fit.reason if file is not None and file.fit is not None else ""
        if file is not None and not file.is_whole:
            reason = self.tr("Parts of this model are missing in the repository.")
        self._fit.setText(one_line(reason))
        self._fit.setVisible(bool(reason))
        if file is None:
            return
        set_look(self._fit, FIT_INKS[file.fit.verdict] if file.fit is not None else "muted")
        words = self.tr("Download")
        if file.facts.bytes:
            words = self.tr("Download ({size})").format(size=size_words(file.facts.bytes))
        self._download.setText(self.tr("Here already") if file.is_here else words)
        self._download.setAccessibleName(self._download.text())
        self._download.setEnabled(file.is_whole and not file.is_here)

    @Slot()
    def _ask_download(self) -> None:
        file = self._chosen()
        if file is not None and file.is_whole and not file.is_here:
            self._actions.download_requested.emit(file.origin)

    @Slot()
    def _ask_files(self) -> None:
        if self._entry is not None:
            self._actions.repository_requested.emit(self._entry.repository)
