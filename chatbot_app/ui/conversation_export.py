"""A conversation becomes a file: where to, under which name, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from chatbot_app.chat.transfer.export_files import EXPORT_FORMATS, suggested_name, write_export
from chatbot_app.core.messages import Notice
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.notice_bar import NoticeBar
from chatbot_app.ui.severity import Severity
from chatbot_app.workers.task_runner import TaskRunner

FOLDER_SETTING = "ui.export_folder"
EXPORTED = "Exported"
_OPEN_FOLDER = "open-folder"


@dataclass(frozen=True, slots=True)
class _Proposal:
    conversation_id: str
    path: Path


class ConversationExporter(QObject):
    """Asks for a file, writes the conversation into it away from the GUI thread, and says how it went."""

    def __init__(
        self,
        window: QWidget,
        notice_bar: NoticeBar,
        store: ConversationStore,
        settings: SettingsStore,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._notice_bar = notice_bar
        self._store = store
        self._settings = settings
        self._runner = runner
        self._folder = Path()
        notice_bar.choice_made.connect(self._choose)

    def export(self, conversation_id: str) -> None:
        """Ask for a file, proposing the title as its name, and write."""

        def propose() -> _Proposal:
            title = self._store.conversation(conversation_id).title
            folder = first_folder(self._settings.get(FOLDER_SETTING))
            return _Proposal(conversation_id, folder / suggested_name(title, folder))

        self._runner.run(propose, self._ask, self._complain)

    def _ask(self, proposal: _Proposal) -> None:
        dialog = QFileDialog(
            self._window.window(), self.tr("Export the conversation"), str(proposal.path.parent)
        )
        dialog.setObjectName("export_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)  # asks before it takes a file that is there
        dialog.setNameFilters(list(EXPORT_FORMATS))
        dialog.setDefaultSuffix("md")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(ending_of(chosen)))
        dialog.selectFile(proposal.path.name)
        dialog.fileSelected.connect(lambda chosen: self.write(proposal.conversation_id, Path(chosen)))
        dialog.open()

    def write(self, conversation_id: str, path: Path) -> None:
        """Write a conversation to a file that the person chose."""

        def work() -> Path:
            write_export(self._store, conversation_id, path)
            self._settings.set(FOLDER_SETTING, str(path.parent))
            return path

        self._runner.run(work, self._written, self._complain)

    def _written(self, path: Path) -> None:
        self._folder = path.parent
        words = self.tr("The conversation was exported as “{name}”.").replace("{name}", path.name)
        self._notice_bar.show_notice(
            Notice(EXPORTED, words, str(path.parent)),
            Severity.SUCCESS,
            [(_OPEN_FOLDER, self.tr("Open folder"))],
        )

    @Slot(str, str)
    def _choose(self, kind: str, key: str) -> None:
        if kind == EXPORTED and key == _OPEN_FOLDER:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _complain(self, notice: Notice) -> None:
        self._notice_bar.show_notice(notice, Severity.DANGER)


def ending_of(chosen: str) -> str:
    """Return the ending that a filter of the dialog stands for."""
    return chosen.rpartition("*.")[2].rstrip(")")


def first_folder(stored: str) -> Path:
    """Return the first folder that is there: where was exported last, the person's documents, their home."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    candidates = [Path(name) for name in (stored, documents) if name]
    return next((folder for folder in candidates if folder.is_dir()), Path.home())
