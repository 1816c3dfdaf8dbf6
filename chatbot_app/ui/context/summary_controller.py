"""Shows the summary of the open conversation and carries what is done with it to the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from chatbot_app.chat.events import BackgroundEvent, SummaryFailed, SummaryStarted, SummaryWritten
from chatbot_app.core.messages import Conversation, Summary
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.workers.task_runner import TaskRunner


class Summariser(Protocol):
    """What writes summaries in the background: `workers.chat_worker.ChatWorker`."""

    summary_event: SignalInstance  # SummaryStarted | SummaryWritten | SummaryFailed


class SummaryController(QObject):
    """The newest summary of the branch that is shown stands in the transcript."""

    summary_changed = Signal()  # what the next prompt would say in its place changed

    def __init__(
        self,
        pane: ChatPane,
        chat: ChatController,
        conversations: ConversationStore,
        summaries: SummaryStore,
        runner: TaskRunner,
        summariser: Summariser,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._chat = chat
        self._conversations = conversations
        self._summaries = summaries
        self._runner = runner
        self._writing: set[str] = set()  # conversations
        summariser.summary_event.connect(self._take_event)
        chat.branch_shown.connect(self._read)
        actions = pane.transcript.user_actions
        actions.summary_edited.connect(self._edit)
        actions.summary_pin_toggled.connect(self._pin)
        actions.summary_removed.connect(self._remove)

    @Slot(object)
    def _read(self, conversation: Conversation) -> None:
        conversation_id, leaf_id = conversation.id, self._chat.leaf_id
        self._pane.transcript.set_summary_pending(conversation_id in self._writing)

        def read() -> Summary | None:
            if leaf_id is None or not self._summaries.all(conversation_id):
                return None
            path = self._conversations.path(conversation_id, leaf_id)
            return self._summaries.newest(conversation_id, [message.id for message in path])

        def show(summary: Summary | None) -> None:
            if self._chat.conversation_id == conversation_id:
                self._pane.transcript.set_summary(summary)

        self._runner.run(read, show, self._pane.notice_bar.show_notice)

    @Slot(object)
    def _take_event(self, event: BackgroundEvent) -> None:
        is_writing = isinstance(event, SummaryStarted)
        (self._writing.add if is_writing else self._writing.discard)(event.conversation_id)
        if event.conversation_id != self._chat.conversation_id:
            return
        self._pane.transcript.set_summary_pending(is_writing)
        if isinstance(event, SummaryWritten):
            self._pane.transcript.set_summary(event.summary)
            self.summary_changed.emit()
        elif isinstance(event, SummaryFailed):
            self._pane.notice_bar.show_notice(event.notice)

    @Slot(str, str)
    def _edit(self, summary_id: str, text: str) -> None:
        self._change(lambda: self._summaries.edit(summary_id, text))

    @Slot(str, bool)
    def _pin(self, summary_id: str, pinned: bool) -> None:
        self._change(lambda: self._summaries.set_pinned(summary_id, pinned))

    @Slot(str)
    def _remove(self, summary_id: str) -> None:
        def done(_: object) -> None:
            conversation = self._chat.conversation
            if conversation is not None:
                self._read(conversation)  # an older one may stand in now
            self.summary_changed.emit()

        self._runner.run(lambda: self._summaries.remove(summary_id), done, self._pane.notice_bar.show_notice)

    def _change(self, write: Callable[[], Summary]) -> None:
        def show(summary: Summary) -> None:
            if summary.conversation_id == self._chat.conversation_id:
                self._pane.transcript.set_summary(summary)
                self.summary_changed.emit()

        self._runner.run(write, show, self._pane.notice_bar.show_notice)
