"""The real window as a process that obeys: a JSON command a line comes in, a reply and events go out.

    python -m tests.e2e.random_actions.obedient_window DATA_FOLDER

Commands are carried out as a person would: keys, clicks, or the signal that a menu sends. Each waits for the
fact that it is about and replies; what the window says by itself ("stored", "ended", …) stands between the replies.
"""

from __future__ import annotations

import faulthandler
import json
import os
import resource
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Slot
from PySide6.QtTest import (
    QSignalSpy,
    QTest,
)
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QListView, QMessageBox, QPushButton, QWidget

from chatbot_app.application import Application, create_application
from chatbot_app.chat.events import TurnEvent, TurnFinished, UserMessageStored
from chatbot_app.core.messages import Notice
from chatbot_app.ui.chat.running_turns import RunningTurn
from chatbot_app.ui.conversation_model import ID_ROLE
from chatbot_app.ui.conversation_trash_dialog import ConversationTrashDialog
from chatbot_app.ui.conversation_trash_model import ENTRY_ROLE
from chatbot_app.ui.knowledge.document_words import DocumentRow

PATIENCE_SECONDS = 90.0  # of a machine that does much else
STEP_MS = 3


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain until {what}")
        QTest.qWait(STEP_MS)


class ObedientWindow(QObject):
    """Carries out commands one after the other; a method of this class is a command."""

    def __init__(self, application: Application) -> None:
        super().__init__(application.window)
        self._application = application
        self._window = application.window
        self._chat = application.controllers.chat
        self._turns = application.controllers.turns
        self._received = b""
        self._waiting: deque[dict[str, Any]] = deque()
        self._is_busy = False
        self._turns.stored.connect(self._tell_stored)
        self._turns.given_back.connect(self._tell_given_back)
        self._turns.failed.connect(self._tell_failed)
        self._turns.event_arrived.connect(self._tell_event)
        self._turns.ended.connect(self._tell_ended)
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    # --- what is said ----------------------------------------------------------------------------------------

    @staticmethod
    def say(**words: Any) -> None:
        sys.stdout.write(json.dumps(words) + "\n")
        sys.stdout.flush()

    @Slot(object, object)
    def _tell_stored(self, turn: RunningTurn, event: UserMessageStored) -> None:
        self.say(
            event="stored",
            conversation=turn.conversation_id,
            question=event.question.id,
            text=event.question.text,
            answer=event.answer.id,
        )

    @Slot(object, str)
    def _tell_given_back(self, turn: RunningTurn, draft: str) -> None:
        self.say(event="given back", conversation=turn.conversation_id, text=draft)

    @Slot(object)
    def _tell_failed(self, notice: Notice) -> None:
        self.say(event="failed", kind=notice.kind)

    @Slot(object, object)
    def _tell_event(self, turn: RunningTurn, event: TurnEvent) -> None:
        if isinstance(event, TurnFinished):
            answer = event.answer
            self.say(event="finished", answer=answer.id, status=answer.status.value, text=answer.text)

    @Slot(object)
    def _tell_ended(self, turn: RunningTurn) -> None:
        self.say(event="ended", conversation=turn.conversation_id)

    # --- what is heard ---------------------------------------------------------------------------------------

    @Slot()
    def _read(self) -> None:
        data = os.read(0, 65536)
        if not data:
            self._notifier.setEnabled(False)
            self._window.close()
            return
        *lines, self._received = (self._received + data).split(b"\n")
        self._waiting.extend(json.loads(line) for line in lines)
        if not self._is_busy:  # else a command that waits is being carried out: the next ones have time
            self._is_busy = True
            try:
                while self._waiting:
                    self._obey(**self._waiting.popleft())
            finally:
                self._is_busy = False

    def _obey(self, number: int, name: str, arguments: dict[str, Any]) -> None:
        try:
            value = getattr(self, name)(**arguments)
        except Exception as error:  # noqa: BLE001  # whatever it was, the test that asked must hear of it
            self.say(reply=number, error=f"{name}: {type(error).__name__}: {error}")
        else:
            self.say(reply=number, value=value)

    # --- looking -----------------------------------------------------------------------------------------------

    def look(self) -> dict[str, Any]:
        """Return what the person sees."""
        self.settle()
        transcript = self._window.chat_pane.transcript
        shown = transcript.message_ids()
        rows = self._find(QListView, "conversation_list").model()
        ids = [rows.index(row, 0).data(ID_ROLE) for row in range(rows.rowCount())]
        notices = self._window.findChildren(QLabel, "notice_sentence")
        return {
            "conversation": self._chat.conversation_id,
            "shown": shown,
            "texts": {one: transcript.text_of(one) for one in shown},
            "composer": self._window.chat_pane.composer.text(),
            "drafts": self._application.controllers.drafts.all(),
            "listed": [one for one in ids if one],
            "trash": self._find(QPushButton, "trash_button").text(),
            "temperature": self._chat.settings.temperature,
            "notice": [label.text() for label in notices if label.isVisible()],
        }

    def settle(self) -> None:
        """Wait until what was asked of the store is done, and what that asks for."""
        for runner in (self._application.lanes.store, self._application.lanes.library) * 3:
            done: list[object] = []
            runner.run(lambda: None, done.append)
            until(lambda done=done: done, "the store was asked")  # type: ignore[misc]

    def arrived(self, conversation: str) -> str | None:
        """Return what has arrived of the answer under way, None where none is."""
        turn = self._turns.of(conversation)
        return None if turn is None or turn.answer is None else turn.arrived().text

    def search(self, query: str) -> list[list[str | None]]:
        hits = self._application.services.conversations.search(query, 1_000)
        return [[hit.conversation_id, hit.message_id] for hit in hits]

    # --- a conversation ----------------------------------------------------------------------------------------

    def write(self, text: str) -> str:
        """Type at the end of the composer; return what it holds then."""
        field = self._window.chat_pane.composer.text_field
        QTest.keyClick(field, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)
        return self._window.chat_pane.composer.text()

    def erase(self) -> None:
        field = self._window.chat_pane.composer.text_field
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_Delete)

    def keep_drafts(self) -> None:
        """Let the moment come at which drafts are kept."""
        self._application.draft_keeper.save()
        self.settle()

    def _leave_documents_out(self) -> None:
        """Ask the model alone, as a person may choose: what documents say would stand in its answer's place."""
        if self._chat.settings.collections is not None:
            self._chat.replace_settings(collections=None)

    def send(self) -> None:
        self._leave_documents_out()
        QTest.keyClick(self._window.chat_pane.composer.text_field, Qt.Key.Key_Return)

    def stop(self) -> None:
        self._click("stop_button")

    def new(self) -> None:
        self._click("new_conversation_button")

    def open(self, conversation: str) -> None:
        self._window.conversation_list.conversation_selected.emit(conversation)
        until(lambda: self._chat.conversation_id == conversation, "the conversation is open")
        self.settle()

    def edit(self, message: str, text: str) -> None:
        self._leave_documents_out()
        self._window.chat_pane.transcript.user_actions.edit_requested.emit(message, text)

    def regenerate(self, message: str) -> None:
        self._leave_documents_out()
        self._window.chat_pane.transcript.user_actions.regenerate_requested.emit(message)

    def carry_on(self, message: str) -> None:
        self._leave_documents_out()
        self._window.chat_pane.transcript.user_actions.continue_requested.emit(message)

    def switch(self, message: str, step: int) -> None:
        self._window.chat_pane.transcript.user_actions.sibling_requested.emit(message, step)

    def pin(self, message: str, on: bool) -> None:
        self._window.chat_pane.transcript.user_actions.pin_toggled.emit(message, on)

    def exclude(self, message: str, on: bool) -> None:
        self._window.chat_pane.transcript.user_actions.exclude_toggled.emit(message, on)

    def set_temperature(self, value: float) -> None:
        self._find(QDoubleSpinBox, "temperature_spin").setValue(value)

    # --- the list and the trash --------------------------------------------------------------------------------

    def rename(self, conversation: str, title: str) -> None:
        self._window.conversation_list.rename_requested.emit(conversation, title)

    def delete(self, conversation: str) -> None:
        self._window.conversation_list.wishes.deletion_requested.emit([conversation])

    def undo(self) -> str:
        """Take the offer to undo; return which conversation it brings back, "" where it is over."""
        bar = self._window.chat_pane.notice_bar
        button = bar.findChild(QPushButton, "undo_action")
        if button is None or not button.isVisible():
            return ""
        taken = QSignalSpy(bar.undo_requested)
        button.click()
        (token,) = taken.at(0)
        return str(token)

    def restore(self, conversation: str) -> None:
        dialog = self._choose_in_trash(conversation)
        QTest.keyClick(dialog.findChild(QListView, "trash_list"), Qt.Key.Key_Return)
        until(lambda: self._chat.conversation_id == conversation, "what was restored is open")
        dialog.accept()

    def purge(self, conversation: str) -> None:
        dialog = self._choose_in_trash(conversation)
        QTest.keyClick(dialog.findChild(QListView, "trash_list"), Qt.Key.Key_Delete)
        box = dialog.findChild(QMessageBox, "purge_box")
        assert box is not None
        box.findChild(QPushButton, "purge_confirm_button").click()
        until(lambda: self._row_in_trash(dialog, conversation) is None, "it is gone from the trash")
        dialog.accept()

    def _choose_in_trash(self, conversation: str) -> ConversationTrashDialog:
        self._click("trash_button")
        until(lambda: self._window.findChild(ConversationTrashDialog) is not None, "the trash is open")
        dialog = self._window.findChild(ConversationTrashDialog)
        assert isinstance(dialog, ConversationTrashDialog)
        until(lambda: self._row_in_trash(dialog, conversation) is not None, "it stands in the trash")
        view = dialog.findChild(QListView, "trash_list")
        view.setCurrentIndex(view.model().index(self._row_in_trash(dialog, conversation), 0))
        return dialog

    @staticmethod
    def _row_in_trash(dialog: ConversationTrashDialog, conversation: str) -> int | None:
        rows = dialog.findChild(QListView, "trash_list").model()
        ids = [rows.index(row, 0).data(ENTRY_ROLE).id for row in range(rows.rowCount())]
        return ids.index(conversation) if conversation in ids else None

    # --- documents ---------------------------------------------------------------------------------------------

    def import_file(self, path: str) -> None:
        self._window.knowledge_panel.user_actions.files_offered.emit([Path(path)])

    def remove_document(self, document: str) -> None:
        found = self._application.services.library.documents.document(document)
        self._window.knowledge_panel.user_actions.removal_requested.emit([DocumentRow.of_document(found)])

    def bring_back_document(self, document: str) -> None:
        self._window.knowledge_panel.user_actions.undo_requested.emit([document])

    def purge_document(self, document: str) -> None:
        self._window.knowledge_panel.user_actions.purge_requested.emit([document])

    # --- the disk and the end ----------------------------------------------------------------------------------

    def fill_disk(self, full: bool) -> None:
        """Let every write to a file fail from here on, or none any more."""
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0 if full else hard, hard))

    def quit(self) -> None:
        self._window.close()

    # --- helpers -----------------------------------------------------------------------------------------------

    def _find(self, kind: type[Any], name: str) -> Any:
        found = self._window.findChild(kind, name)
        assert found is not None, name
        return found

    def _click(self, name: str) -> None:
        QTest.mouseClick(self._find(QWidget, name), Qt.MouseButton.LeftButton)


def main() -> int:
    faulthandler.enable()  # where it hangs, the test ends it with SIGABRT and reads where
    application = create_application(Path(sys.argv[1]))
    window = ObedientWindow(application)
    window.settle()
    window.say(event="ready")
    return application.run()


if __name__ == "__main__":
    sys.exit(main())
