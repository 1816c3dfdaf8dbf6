"""Checks of answers by the connected model: asked for below an answer, told there, stopped there."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from chatbot_app.chat.model_check import ModelCheckEnded, ModelCheckProgressed
from chatbot_app.core.errors import Action
from chatbot_app.core.messages import Conversation, MessageStatus, Notice
from chatbot_app.ui.chat.answering_controller import AnsweringController
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.model_check_line import Checking
from chatbot_app.workers.model_check_worker import ModelCheckWorker
from chatbot_app.workers.task_runner import TaskRunner

_USEFUL = (Action.OPEN_SERVERS, Action.OPEN_SETTINGS)  # of what an error offers; trying again is a click away


class ModelCheckController(QObject):
    """Knows which answers are being checked, in whichever conversation."""

    def __init__(
        self,
        pane: ChatPane,
        chat: ChatController,
        answering: AnsweringController,
        worker: ModelCheckWorker,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._begun: set[str] = set()
        self._pane = pane
        self._chat = chat
        self._answering = answering
        self._worker = worker
        self._running: dict[str, Checking] = {}  # by message
        pane.composer.escaped.connect(self.stop)
        pane.transcript.user_actions.check_requested.connect(self._check)
        pane.transcript.user_actions.check_stop_requested.connect(self._stop)
        chat.branch_shown.connect(self._show_again)
        worker.progressed.connect(self._progress)
        worker.finished.connect(self._finish)
        worker.failed.connect(self._fail)
        worker.ended.connect(self._end)

    @Slot(str)
    def _check(self, message_id: str) -> None:
        conversation_id = self._chat.conversation_id
        if message_id not in self._running and conversation_id is not None:
            self._pane.notice_bar.clear_notice()
            self._take(message_id, Checking(self._chat.settings.model or ""))
            self._chat.settings_needed.emit()
            # The model that was chosen a moment ago is the one that checks.
            self._runner.afterwards(lambda: self._begin(message_id, conversation_id))

    @Slot()
    def stop(self) -> None:
        """Stop the checks of the conversation that is shown, unless an answer is arriving there, which is stopped first."""
        if self._chat.is_answering(self._chat.conversation_id):
            return
        for message_id in set(self._running).intersection(self._pane.transcript.message_ids()):
            self._stop(message_id)

    @Slot(str)
    def _stop(self, message_id: str) -> None:
        if message_id in self._begun:
            self._worker.stop(message_id)
        else:
            self._end(message_id)

    def _begin(self, message_id: str, conversation_id: str) -> None:
        if message_id in self._running and message_id not in self._begun:
            self._begun.add(message_id)
            self._worker.begin(message_id, conversation_id)

    def _take(self, message_id: str, checking: Checking) -> None:
        self._running[message_id] = checking
        self._pane.transcript.remarks.set_checking(message_id, checking)

    @Slot(object)
    def _progress(self, event: ModelCheckProgressed) -> None:
        if event.message_id in self._running:
            self._take(event.message_id, Checking(event.model, event.done, event.statements))

    @Slot(object)
    def _finish(self, event: ModelCheckEnded) -> None:
        answer = event.answer
        if answer.status is not MessageStatus.STREAMING:  # else it goes on, and says something else soon
            self._answering.take_answer(answer)
        for notice in event.notices:
            self._tell(answer.id, notice)

    @Slot(str, object)
    def _fail(self, message_id: str, notice: Notice) -> None:
        self._tell(message_id, notice)

    def _tell(self, message_id: str, notice: Notice) -> None:
        if message_id not in self._pane.transcript.message_ids():
            return  # it is of another conversation than the one that is read
        action = notice.action if notice.action in _USEFUL else Action.NONE.value
        self._pane.notice_bar.show_notice(replace(notice, action=action))

    @Slot(str)
    def _end(self, message_id: str) -> None:
        self._running.pop(message_id, None)
        self._begun.discard(message_id)
        self._pane.transcript.remarks.set_checking(message_id, None)

    @Slot(object)
    def _show_again(self, _: Conversation) -> None:
        for message_id, checking in self._running.items():
            self._pane.transcript.remarks.set_checking(message_id, checking)
