"""Says what could not be saved, when it is safe after all, and asks before the window closes over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QMessageBox

from chatbot_app.chat.answer_saver import AnswerSaver, SavingEvent, SavingFailed
from chatbot_app.chat.requests import QUITTING
from chatbot_app.core.messages import Message, MessageStatus, Notice
from chatbot_app.ui.chat.running_turns import RunningTurns
from chatbot_app.ui.file_dialogs import saving_dialog
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.ui.severity import Severity
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.task_runner import TaskRunner

LOOK_EVERY_MS = 50
LAST_ATTEMPTS_SECONDS = 1.2  # when the window is closed, before somebody is asked


class SavingController(QObject):
    """Follows the saver of answers; nothing that was shown is lost without a word."""

    def __init__(
        self,
        window: MainWindow,
        worker: ChatWorker,
        turns: RunningTurns,
        saver: AnswerSaver,
        runner: TaskRunner,
        clock: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        """`runner` writes files, without the store; `clock` returns monotonic seconds."""
        super().__init__(parent)
        self._window = window
        self._turns = turns
        self._saver = saver
        self._runner = runner
        self._clock = clock
        self._unsafe: set[str] = set()  # conversations
        self._notice: Notice | None = None  # the newest reason
        self._may_close = False
        self._deadline = 0.0
        self._dialog: QMessageBox | None = None
        self._look = QTimer(self, interval=LOOK_EVERY_MS)
        self._look.timeout.connect(self._go_on_closing)
        worker.saving_event.connect(self._take_event)
        window.guard_closing(self.may_close)

    @Slot(object)
    def _take_event(self, event: SavingEvent) -> None:
        bar = self._window.chat_pane.notice_bar
        if isinstance(event, SavingFailed):
            self._unsafe.add(event.answer.conversation_id)
            self._notice = event.notice
            bar.show_notice(event.notice, Severity.DANGER)
            return
        self._unsafe.discard(event.conversation_id)
        if event.answer is not None:
            self._show(event.answer)
        if not self._unsafe and not self._saver.unsaved():
            self._notice = None
            words = self.tr("Everything that was shown is saved again.")
            bar.show_notice(Notice("AnswerSaved", words), Severity.INFO)

    def _show(self, answer: Message) -> None:
        transcript = self._window.chat_pane.transcript
        if answer.status is not MessageStatus.STREAMING and answer.id in transcript.message_ids():
            transcript.set_message(answer)

    # --- closing -----------------------------------------------------------------------------------------

    def may_close(self) -> bool:
        """Whether the window can close at once; where not, it closes by itself when everything is safe."""
        if self._may_close or not (self._turns.are_any or self._saver.unsaved()):
            return True
        if self._dialog is not None:
            self._dialog.activateWindow()
        else:
            self._try_to_close()
        return False

    def _try_to_close(self) -> None:
        self._turns.stop_all(QUITTING)
        self._saver.try_now()
        self._deadline = self._clock() + LAST_ATTEMPTS_SECONDS
        self._look.start()

    @Slot()
    def _go_on_closing(self) -> None:
        is_late = self._clock() >= self._deadline
        unsaved = self._saver.unsaved()
        if not unsaved and (is_late or not self._turns.are_any):
            self._close()
        elif is_late:
            self._look.stop()
            self._ask([state.answer for state in unsaved])

    def _close(self) -> None:
        self._look.stop()
        self._may_close = True
        self._window.close()

    def _ask(self, answers: list[Message]) -> None:
        self._dialog = dialog = QMessageBox(self._window)
        dialog.setObjectName("unsaved_dialog")
        dialog.setIcon(QMessageBox.Icon.Warning)
        dialog.setWindowTitle(self.tr("Not everything is saved"))
        dialog.setText(self.tr("%n answer(s) could not be saved yet.", "", len(answers)))
        reason = self._notice.summary if self._notice is not None else ""
        more = self.tr("What is not saved is lost when the program ends.")
        dialog.setInformativeText(f"{reason}\n{more}".strip())
        again = dialog.addButton(self.tr("Try again"), QMessageBox.ButtonRole.AcceptRole)
        elsewhere = dialog.addButton(self.tr("Save elsewhere…"), QMessageBox.ButtonRole.ActionRole)
        quit_anyway = dialog.addButton(self.tr("Quit anyway"), QMessageBox.ButtonRole.DestructiveRole)
        stay = dialog.addButton(self.tr("Keep open"), QMessageBox.ButtonRole.RejectRole)
        for button, name in (
            (again, "again"),
            (elsewhere, "elsewhere"),
            (quit_anyway, "quit"),
            (stay, "stay"),
        ):
            button.setObjectName(f"unsaved_{name}")
        dialog.setDefaultButton(again)
        dialog.setEscapeButton(stay)
        again.clicked.connect(self._try_again)
        elsewhere.clicked.connect(self._save_elsewhere)
        quit_anyway.clicked.connect(self._quit_anyway)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    @Slot()
    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    @Slot()
    def _try_again(self) -> None:
        self._try_to_close()

    @Slot()
    def _quit_anyway(self) -> None:
        self._close()

    @Slot()
    def _save_elsewhere(self) -> None:
        title = self.tr("Save the answers elsewhere")
        dialog = saving_dialog(self._window, "unsaved_file_dialog", title, "Markdown (*.md)", "answers.md")
        dialog.fileSelected.connect(self._write)
        dialog.open()

    @Slot(str)
    def _write(self, chosen: str) -> None:
        answers = [state.answer for state in self._saver.unsaved()]

        def written(_: object) -> None:
            self._close()

        from chatbot_app.chat.transfer.export_files import write_answers

        self._runner.run(
            lambda: write_answers(answers, Path(chosen)),
            written,
            self._window.chat_pane.notice_bar.show_notice,
        )
