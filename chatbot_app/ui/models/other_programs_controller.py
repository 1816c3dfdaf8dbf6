"""Looks for models of other programs when a person asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from chatbot_app.chat.model_keeper import FoundFile
from chatbot_app.core.messages import Notice
from chatbot_app.llm.local.other_programs import ModelFolder
from chatbot_app.ui.models.other_programs_dialog import OtherProgramsDialog
from chatbot_app.workers.task_runner import TaskRunner


class OtherProgramsController(QObject):
    """Owns the dialog while it is open."""

    files_chosen = Signal(list)  # list[Path]

    def __init__(
        self,
        window: Callable[[], QWidget],
        folders: Callable[[], list[ModelFolder]],
        look: Callable[[list[Path]], list[FoundFile]],
        runner: Callable[[], TaskRunner],
        parent: QObject | None = None,
    ) -> None:
        """`folders` says which are there, `look` finds the files in some; both run in the lane of `runner`."""
        super().__init__(parent)
        self._window = window
        self._folders = folders
        self._look = look
        self._runner = runner
        self._dialog: OtherProgramsDialog | None = None

    @Slot()
    def open(self) -> None:
        """Show which folders there are; nothing in them is looked at yet."""
        if self._dialog is None:
            self._dialog = OtherProgramsDialog(self._window())
            self._dialog.look_requested.connect(self._ask)
            self._dialog.add_requested.connect(self.files_chosen)
        self._runner().run(self._folders, self._dialog.show_folders, lambda _: None)
        self._dialog.open()

    @Slot(list)
    def _ask(self, folders: list[Path]) -> None:
        self._runner().run(lambda: self._look(folders), self._show, self._explain)

    def _show(self, found: list[FoundFile]) -> None:
        if self._dialog is not None:
            self._dialog.show_found(found)

    def _explain(self, notice: Notice) -> None:
        if self._dialog is not None:
            self._dialog.show_found((), notice.summary)
