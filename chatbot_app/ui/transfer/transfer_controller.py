"""Conversations are carried in: chosen in a dialog or dropped onto the list, looked at, and imported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QStandardPaths, Qt, Slot
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFileDialog, QWidget

from chatbot_app.core.messages import Notice
from chatbot_app.ui.conversations_controller import ConversationsController
from chatbot_app.ui.dropped_files import local_files
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.window_menus import WindowMenu, window_menu
from chatbot_app.workers.transfer_lane import Preview, TransferLane

if TYPE_CHECKING:
    from chatbot_app.chat.transfer.importing import ImportSummary
    from chatbot_app.ui.transfer.import_dialog import ImportDialog

# What is dropped onto the list under such a name is for it; the rest goes where files go that are dropped anywhere.
_DROPPED_ENDINGS = (".json", ".jsonl", ".ndjson", ".zip")


class TransferController(QObject):
    """Wires menu, list and dialog to the lane."""

    def __init__(
        self, window: MainWindow, conversations: ConversationsController, lane: TransferLane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._conversations = conversations
        self._lane = lane
        self._dialog: ImportDialog | None = None
        self._paths: list[Path] = []
        self._add_actions()
        self._take_drops(window.conversation_list)
        lane.previewed.connect(self._show_preview)
        lane.imported.connect(self._show_imported)
        lane.import_failed.connect(self._show_failure)
        lane.progressed.connect(self._show_progress)

    def _add_actions(self) -> None:
        menu = window_menu(self._window, WindowMenu.CONVERSATION)
        before = [action for action in menu.actions() if action.isSeparator()][-1]
        for name, words, act in (
            ("import_conversations_action", self.tr("&Import conversations…"), self.choose),
            ("export_all_action", self.tr("Export &all…"), self._conversations.export_all),
        ):
            action = QAction(words, self._window)
            action.setObjectName(name)
            action.triggered.connect(act)
            menu.insertAction(before, action)

    def _take_drops(self, area: QWidget) -> None:
        area.setAcceptDrops(True)
        area.installEventFilter(self)
        for inner in area.findChildren(QAbstractScrollArea):
            inner.viewport().installEventFilter(self)

    @Slot()
    def choose(self) -> None:
        """Ask for files."""
        dialog = QFileDialog(self._window, self.tr("Import conversations"), _first_folder())
        dialog.setObjectName("import_files_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [self.tr("Exports of conversations (*.zip *.json *.jsonl *.ndjson)"), self.tr("All files (*)")]
        )
        dialog.filesSelected.connect(self._chosen)
        dialog.open()

    @Slot(list)
    def _chosen(self, names: list[str]) -> None:
        self.import_files([Path(name) for name in names])

    def import_files(self, paths: Sequence[Path]) -> None:
        """Look into files, and offer what is in them; nothing happens while another import is under way."""
        dialog = self._dialog
        if dialog is None:
            from chatbot_app.ui.transfer.import_dialog import ImportDialog

            dialog = self._dialog = ImportDialog(self._window)
            dialog.import_wanted.connect(self._import)
            dialog.stop_wanted.connect(self._lane.stop_import)
        elif dialog.isVisible() and dialog.is_working:
            return
        self._paths = list(paths)
        dialog.begin()
        dialog.open()
        self._lane.preview(paths)

    @Slot(object, object)
    def _import(self, preview: Preview, chosen: frozenset[str] | None) -> None:
        expected = preview.summary.conversations if chosen is None else len(chosen)
        self._lane.import_files(preview.paths, expected, chosen)

    @Slot(object)
    def _show_preview(self, preview: Preview) -> None:
        if self._dialog is not None and self._dialog.isVisible() and list(preview.paths) == self._paths:
            self._dialog.show_preview(preview)

    @Slot(object)
    def _show_imported(self, summary: ImportSummary) -> None:
        self._conversations.refresh()
        self._conversations.brought_in.emit()
        if self._dialog is not None:
            self._dialog.show_done(summary)

    @Slot(object)
    def _show_failure(self, notice: Notice) -> None:
        self._conversations.refresh()
        if self._dialog is not None:
            self._dialog.show_failure(notice)

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.show_progress(done, total)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A QDragEnterEvent and a QDragMoveEvent are QDropEvents.
        kinds = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
        if event.type() not in kinds or not isinstance(event, QDropEvent):
            return False
        files = local_files(event.mimeData())
        if not files or not all(path.suffix.lower() in _DROPPED_ENDINGS for path in files):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.Drop:
            self.import_files(files)
        return True


def _first_folder() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation) or str(
        Path.home()
    )
