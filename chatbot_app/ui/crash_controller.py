"""Shows one crash dialog at a time, and none for a fault that the person has decided to live with."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication

from chatbot_app.core.errors import Action
from chatbot_app.core.messages import Notice
from chatbot_app.ui.crash_dialog import CrashDialog
from chatbot_app.ui.help_controller import HelpController
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.session_controller import SessionController
from chatbot_app.workers.fault_hooks import Fault

MOST_DIALOGS = 5  # in one run; what comes after is a notice


class CrashController(QObject):
    """Saves, tells and offers to go on where a fault of the program came to light."""

    def __init__(
        self, window: MainWindow, session: SessionController, help_controller: HelpController, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._session = session
        self._help = help_controller
        self._dialog: CrashDialog | None = None
        self._count = 0  # of faults since the dialog was opened
        self._shown: set[tuple[str, str]] = set()
        self._noticed: set[tuple[str, str]] = set()
        self._dialogs = 0

    @Slot(object)
    def show_fault(self, fault: Fault) -> None:
        """Take a fault from the event loop: the dialog, a count in it, or one quiet notice."""
        if self._dialog is not None:
            self._shown.add(fault.key)
            self._count += 1
            self._dialog.show_count(self._count)
        elif fault.key in self._shown or self._dialogs >= MOST_DIALOGS:
            self._tell_quietly(fault)
        else:
            self._shown.add(fault.key)
            self._open(fault)

    def tell_of_crash_before(self) -> None:
        """Say that the run before ended by a crash."""
        self._session.tell(
            Notice(
                "CrashedBefore",
                self.tr("The program crashed last time."),
                self.tr("What was stored is whole. The diagnostics tell what happened, without your words."),
                Action.COPY_DIAGNOSTICS.value,
            )
        )

    def _open(self, fault: Fault) -> None:
        dialog = CrashDialog(fault.name, self._window)
        self._dialog, self._count = dialog, 1
        self._dialogs += 1
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.ApplicationModal)
        dialog.finished.connect(self._forget)
        dialog.quit_requested.connect(self._quit)
        dialog.copy_requested.connect(self._copy)
        self._session.save_now(self._show_saved)
        dialog.show()

    def _show_saved(self, is_saved: bool) -> None:
        if self._dialog is not None:
            self._dialog.show_saved(is_saved=is_saved)

    @Slot()
    def _copy(self) -> None:
        def say(is_copied: bool) -> None:
            if self._dialog is not None:
                self._dialog.show_copied(is_copied)

        self._help.copy_for(say)

    @Slot()
    def _forget(self) -> None:
        self._dialog = None

    @Slot()
    def _quit(self) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        QApplication.quit()

    def _tell_quietly(self, fault: Fault) -> None:
        if fault.key in self._noticed:
            return
        self._noticed.add(fault.key)
        self._session.tell(
            Notice(
                "FaultAgain",
                self.tr("The program made a mistake again ({name}).").format(name=fault.name),
                self.tr("You can continue; starting it anew may help."),
                Action.COPY_DIAGNOSTICS.value,
            )
        )
