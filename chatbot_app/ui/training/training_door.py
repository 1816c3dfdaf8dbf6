"""Opens the dialog that makes data sets for training; nothing of it is loaded before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from chatbot_app.chat.services import Services
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.window_menus import data_menu
from chatbot_app.workers.lanes import Lanes

if TYPE_CHECKING:
    from chatbot_app.chat.training_data.writing import Wish
    from chatbot_app.ui.training.training_dialog import TrainingDialog
    from chatbot_app.workers.training_data_worker import TrainingDataWorker


class TrainingDoor(QObject):
    """Wires menu, dialog and worker."""

    def __init__(self, window: MainWindow, services: Services, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._services = services
        self._lanes = lanes
        self._dialog: TrainingDialog | None = None
        self._worker: TrainingDataWorker | None = None
        self._add_action()

    def _add_action(self) -> None:
        action = QAction(self.tr("&Export for training…"), self._window)
        action.setObjectName("training_data_action")
        action.triggered.connect(self.open)
        data_menu(self._window).addAction(action)

    @Slot()
    def open(self) -> None:
        """Show the dialog with what can be chosen now."""
        self._lanes.store.run(
            self._services.conversation_order.folders,
            lambda folders: self._made().begin(folders),
            self._window.chat_pane.notice_bar.show_notice,
        )

    def shutdown(self) -> None:
        """End what is being counted or written."""
        if self._worker is not None:
            self._worker.shutdown()

    def _made(self) -> TrainingDialog:
        if self._dialog is None:
            from chatbot_app.ui.training.training_dialog import TrainingDialog
            from chatbot_app.workers.training_data_worker import TrainingDataWorker

            self._dialog = dialog = TrainingDialog(self._window)
            self._worker = worker = TrainingDataWorker(self._services, self)
            dialog.count_wanted.connect(worker.begin)
            dialog.file_wanted.connect(self._ask)
            dialog.finished.connect(worker.stop)
            worker.progressed.connect(dialog.show_progress)
            worker.done.connect(dialog.show_report)
            worker.failed.connect(dialog.show_failure)
        return self._dialog

    @Slot(object)
    def _ask(self, wish: Wish) -> None:
        """Ask for a file, and write."""
        from chatbot_app.ui.rows_file import rows_file_dialog

        title, proposed = self.tr("Data for training"), wish.format.name
        dialog = rows_file_dialog(self._dialog, "training_file_dialog", title, proposed)
        dialog.fileSelected.connect(lambda chosen: self.write(replace(wish, path=Path(chosen))))
        dialog.open()

    def write(self, wish: Wish) -> None:
        """Write the files of a wish, unless one is there that the person was not asked about."""
        from chatbot_app.chat.training_data.writing import files_of

        assert self._dialog is not None
        assert self._worker is not None
        there = [path.name for path in files_of(wish) if path != wish.path and path.exists()]
        if there:
            self._dialog.say_there(there)
            return
        self._dialog.work()
        self._worker.begin(wish)
