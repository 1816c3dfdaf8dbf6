"""What is kept by name becomes a file, and comes from files: which, and what came of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog

from chatbot_app.core.messages import Notice
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.conversation_export import FOLDER_SETTING, first_folder
from chatbot_app.ui.prompts.library_page import LibraryPage
from chatbot_app.workers.task_runner import TaskRunner

_Kept = TypeVar("_Kept")  # one thing of the library: a prompt, a character
_Read = TypeVar("_Read")  # what a file holds of them


class LibraryCarrier(QObject, Generic[_Kept, _Read]):
    """The page owns it, and is told how it went; `files` is the lane of what may have to be waited for."""

    brought_in = Signal()

    title_out = title_in = ""
    file_name = ""
    filters: tuple[str, ...] = ()  # of files to be read

    def __init__(
        self, settings: SettingsStore, store: TaskRunner, files: TaskRunner, page: LibraryPage
    ) -> None:
        super().__init__(page)
        self._settings = settings
        self._store = store
        self._files = files
        self._page = page
        self._is_open = True
        self._chosen: Sequence[_Kept] = ()
        page.destroyed.connect(self._end)
        page.import_requested.connect(self.ask_for_import)
        page.export_requested.connect(self.ask_for_export)

    @abstractmethod
    def _writing(self, chosen: Sequence[_Kept], path: Path) -> Callable[[], None]:
        """Return what writes, called on the lane of files; it may raise ExportFailed."""

    @abstractmethod
    def _exported(self, count: int) -> str:
        """Return the sentence, with {name} for the file's."""

    @abstractmethod
    def _reading(self, path: Path) -> _Read:
        """Return what a file holds: on the lane of files, may raise ImportUnreadable."""

    @abstractmethod
    def _take_in(self, read: _Read) -> int:
        """Keep what was read, and return how much of it is new: on the lane of the store."""

    @abstractmethod
    def _told(self, found: int, added: int, left_out: int) -> str:
        """Return what came of it, in sentences."""

    @abstractmethod
    def _counts(self, read: _Read) -> tuple[int, int]:
        """Return how much was read and left out."""

    @Slot()
    def _end(self) -> None:
        self._is_open = False

    @Slot()
    def ask_for_import(self) -> None:
        """Ask for files and take in what they hold."""
        self._choose(QFileDialog.AcceptMode.AcceptOpen)

    @Slot(list)
    def ask_for_export(self, chosen: Sequence[_Kept]) -> None:
        """Ask for a file and write these into it."""
        self._chosen = tuple(chosen)
        self._choose(QFileDialog.AcceptMode.AcceptSave)

    def _choose(self, mode: QFileDialog.AcceptMode) -> None:
        saves = mode is QFileDialog.AcceptMode.AcceptSave

        def ask(folder: Path) -> None:
            if not self._is_open:
                return
            chooser = QFileDialog(self._page, self.title_out if saves else self.title_in, str(folder))
            chooser.setObjectName("prompts_file_dialog")
            chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            chooser.setAcceptMode(mode)
            if saves:
                chooser.setNameFilters(["JSON (*.json)"])
                chooser.setDefaultSuffix("json")
                chooser.selectFile(self.file_name)
            else:
                chooser.setNameFilters([*self.filters])
                chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
            chooser.filesSelected.connect(self._write_chosen if saves else self._read_chosen)
            chooser.open()

        self._store.run(lambda: first_folder(self._settings.get(FOLDER_SETTING)), ask, self._complain)

    @Slot(list)
    def _write_chosen(self, names: list[str]) -> None:
        self.carry_out(Path(names[0]), self._chosen)

    @Slot(list)
    def _read_chosen(self, names: list[str]) -> None:
        self.bring_in(*map(Path, names))

    def carry_out(self, path: Path, chosen: Sequence[_Kept]) -> None:
        """Write these to a file."""
        words = self._exported(len(chosen)).replace("{name}", path.name)
        self._files.run(self._writing(chosen, path), lambda _none: self._say(words), self._complain)

    def bring_in(self, *paths: Path) -> None:
        """Take in what files hold, one after the other; what is wrong with one does not keep the others."""
        waiting = list(paths)
        problems: list[str] = []
        totals = [0, 0, 0]  # found, new, left out

        def next_one() -> None:
            if waiting:
                path = waiting.pop(0)
                self._files.run(lambda: self._reading(path), keep, note)
            else:
                self._tell(totals, problems, len(paths))

        def note(notice: Notice) -> None:
            problems.append(notice.summary if len(paths) > 1 else notice.words)
            next_one()

        def keep(read: _Read) -> None:
            found, left_out = self._counts(read)

            def count(added: int) -> None:
                for place, number in enumerate((found, added, left_out)):
                    totals[place] += number
                next_one()

            self._store.run(lambda: self._take_in(read), count, note)

        next_one()

    def _tell(self, totals: Sequence[int], problems: Sequence[str], files: int) -> None:
        if not self._is_open:
            return
        found, added, left_out = totals
        told = [self._told(found, added, left_out)] if len(problems) < files else []
        self._say(" ".join([*told, *problems]), "danger" if problems else "success")
        if added:
            self.brought_in.emit()

    def _say(self, words: str, look: str = "success") -> None:
        if self._is_open:
            self._page.say(words, look)

    def _complain(self, notice: Notice) -> None:
        self._say(notice.words, "danger")
