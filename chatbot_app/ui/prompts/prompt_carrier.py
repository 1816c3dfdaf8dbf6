"""Prompts become a file, and come from one: which, and what came of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from chatbot_app.core.messages import Notice
from chatbot_app.core.prompt_exchange import ReadPrompts
from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.storage.prompt_library import PromptLibrary
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.conversation_export import FOLDER_SETTING, first_folder
from chatbot_app.ui.prompts.prompts_dialog import PromptsDialog
from chatbot_app.workers.task_runner import TaskRunner


class PromptCarrier(QObject):
    """The dialog owns it, and is told how it went; `files` is the lane of what may have to be waited for."""

    brought_in = Signal()

    def __init__(
        self,
        library: PromptLibrary,
        settings: SettingsStore,
        store: TaskRunner,
        files: TaskRunner,
        dialog: PromptsDialog,
    ) -> None:
        super().__init__(dialog)
        self._library = library
        self._settings = settings
        self._store = store
        self._files = files
        self._dialog = dialog
        self._is_open = True
        dialog.finished.connect(self._end)

    @Slot()
    def _end(self) -> None:
        self._is_open = False

    @Slot()
    def ask_for_import(self) -> None:
        """Ask for a file and take in what it holds."""
        self._choose(QFileDialog.AcceptMode.AcceptOpen)

    @Slot()
    def ask_for_export(self) -> None:
        """Ask for a file and write all prompts into it."""
        self._choose(QFileDialog.AcceptMode.AcceptSave)

    def _choose(self, mode: QFileDialog.AcceptMode) -> None:
        saves = mode is QFileDialog.AcceptMode.AcceptSave

        def ask(folder: Path) -> None:
            if not self._is_open:
                return
            title = self.tr("Export prompts") if saves else self.tr("Import prompts")
            chooser = QFileDialog(self._dialog, title, str(folder))
            chooser.setObjectName("prompts_file_dialog")
            chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            chooser.setAcceptMode(mode)
            chooser.setNameFilters(["JSON (*.json)"])
            if saves:
                chooser.setDefaultSuffix("json")
                chooser.selectFile("prompts.json")
            else:
                chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
            chooser.fileSelected.connect(
                lambda chosen: (self.carry_out if saves else self.bring_in)(Path(chosen))
            )
            chooser.open()

        self._store.run(lambda: first_folder(self._settings.get(FOLDER_SETTING)), ask, self._complain)

    def carry_out(self, path: Path) -> None:
        """Write all prompts to a file."""

        def write(prompts: list[SavedPrompt]) -> None:
            from chatbot_app.chat.transfer.prompt_files import write_prompts

            words = self.tr("%n prompt(s) exported as “{name}”.", "", len(prompts)).replace(
                "{name}", path.name
            )
            self._files.run(
                lambda: write_prompts(prompts, path), lambda _none: self._say(words), self._complain
            )

        self._store.run(self._library.list, write, self._complain)

    def bring_in(self, path: Path) -> None:
        """Take in the prompts of a file."""
        from chatbot_app.chat.transfer.prompt_files import read_prompt_file

        def keep(read: ReadPrompts) -> None:
            self._store.run(
                lambda: self._library.take_in(read.prompts),
                lambda added: self._tell(read, added),
                self._complain,
            )

        self._files.run(lambda: read_prompt_file(path), keep, self._complain)

    def _tell(self, read: ReadPrompts, added: int) -> None:
        words = [self.tr("%n prompt(s) imported.", "", added)]
        here = len(read.prompts) - added
        if here:
            words.append(self.tr("%n prompt(s) were here already.", "", here))
        if read.left_out:
            words.append(self.tr("%n entries without a name and a text were left out.", "", read.left_out))
        self._say(" ".join(words))
        self.brought_in.emit()

    def _say(self, words: str, look: str = "success") -> None:
        if self._is_open:
            self._dialog.say(words, look)

    def _complain(self, notice: Notice) -> None:
        self._say(f"{notice.summary} {notice.next_step}".strip(), "danger")
