"""A conversation becomes a file: where to, under which name, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.notice_bar import NoticeBar
from chatbot_app.ui.severity import Severity
from chatbot_app.workers.task_runner import TaskRunner
from chatbot_app.workers.transfer_lane import ExportDone, TransferLane

FOLDER_SETTING = "ui.export_folder"
EXPORTED = "Exported"
_OPEN_FOLDER = "open-folder"
_STOP = "stop"
_MOST = 1_000_000  # conversations of one export


@dataclass(frozen=True, slots=True)
class _Proposal:
    conversation_ids: tuple[str, ...]
    path: Path


class ConversationExporter(QObject):
    """Asks for a file, has the conversations written into it away from the GUI thread, and says how it went."""

    def __init__(
        self,
        window: QWidget,
        notice_bar: NoticeBar,
        store: ConversationStore,
        settings: SettingsStore,
        runner: TaskRunner,
        lane: TransferLane,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._notice_bar = notice_bar
        self._store = store
        self._settings = settings
        self._runner = runner
        self._lane = lane
        self._folder = Path()
        self._is_writing = False
        notice_bar.choice_made.connect(self._choose)
        lane.exported.connect(self._written)
        lane.export_failed.connect(self._failed)
        lane.progressed.connect(self._show_progress)

    @Slot(list)
    def export(self, conversation_ids: list[str]) -> None:
        """Ask for a file, proposing the title as its name where it is one conversation, and write."""
        if not conversation_ids:
            return

        def propose() -> _Proposal:
            from chatbot_app.chat.transfer.export_files import suggested_name

            title = self.tr("Conversations")
            if len(conversation_ids) == 1:
                title = self._store.conversation(conversation_ids[0]).title
            folder = first_folder(self._settings.get(FOLDER_SETTING))
            return _Proposal(tuple(conversation_ids), folder / suggested_name(title, folder))

        self._runner.run(propose, self._ask, self._complain)

    def export_folder(self, folder_id: str) -> None:
        """Export the conversations that lie in a folder."""

        def look() -> list[str]:
            found = self._store.list_conversations(limit=_MOST)
            return [conversation.id for conversation in found if conversation.folder_id == folder_id]

        self._runner.run(look, self.export, self._complain)

    def export_all(self) -> None:
        """Export all conversations, the archived ones too."""

        def look() -> list[str]:
            return [conversation.id for conversation in self._store.list_conversations(limit=_MOST)]

        self._runner.run(look, self.export, self._complain)

    def _ask(self, proposal: _Proposal) -> None:
        count = len(proposal.conversation_ids)
        title = (
            self.tr("Export the conversation")
            if count == 1
            else self.tr("Export {n} conversations").replace("{n}", str(count))
        )
        dialog = QFileDialog(self._window.window(), title, str(proposal.path.parent))
        dialog.setObjectName("export_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)  # asks before it takes a file that is there
        from chatbot_app.chat.transfer.export_files import EXPORT_FORMATS

        dialog.setNameFilters(list(EXPORT_FORMATS))
        dialog.setDefaultSuffix("md")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(ending_of(chosen)))
        dialog.selectFile(proposal.path.name)
        dialog.fileSelected.connect(lambda chosen: self.write(proposal.conversation_ids, Path(chosen)))
        dialog.open()

    def write(self, conversation_ids: str | Sequence[str], path: Path) -> None:
        """Write conversations to a file that the person chose."""
        ids = [conversation_ids] if isinstance(conversation_ids, str) else list(conversation_ids)
        self._runner.run(
            lambda: self._settings.set(FOLDER_SETTING, str(path.parent)), None, lambda _notice: None
        )
        self._is_writing = True
        self._lane.export(ids, path)

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        if self._is_writing and total > 1:
            words = self.tr("{n} of {total} conversations are written.")
            words = words.replace("{n}", str(done)).replace("{total}", str(total))
            choices = [(_STOP, self.tr("Stop"))]
            self._notice_bar.show_notice(Notice(EXPORTED, words), Severity.INFO, choices)

    @Slot(object)
    def _written(self, done: ExportDone) -> None:
        self._is_writing = False
        self._folder = done.path.parent
        words = (
            self.tr("The conversation was exported as “{name}”.")
            if done.written == 1
            else self.tr("{n} conversations were exported as “{name}”.").replace("{n}", str(done.written))
        ).replace("{name}", done.path.name)
        if done.gone:
            words += " " + self.tr("{n} were deleted meanwhile.").replace("{n}", str(done.gone))
        self._notice_bar.show_notice(
            Notice(EXPORTED, words, str(done.path.parent)),
            Severity.SUCCESS,
            [(_OPEN_FOLDER, self.tr("Open folder"))],
        )

    @Slot(str, str)
    def _choose(self, kind: str, key: str) -> None:
        if kind == EXPORTED and key == _OPEN_FOLDER:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
        elif kind == EXPORTED and key == _STOP:
            self._lane.stop_export()

    @Slot(object)
    def _failed(self, notice: Notice) -> None:
        self._is_writing = False
        self._complain(notice)

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
