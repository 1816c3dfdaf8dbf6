"""Opens the inspector for an answer: from its button, or from the gauge for the newest."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.messages import Message, Notice
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.context.inspector import ContextInspector
from chatbot_app.ui.notice_bar import Severity
from chatbot_app.workers.task_runner import TaskRunner


class ContextController(QObject):
    """Reads what was sent from the store, where it is kept with every answer."""

    def __init__(
        self, pane: ChatPane, store: ConversationStore, runner: TaskRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._store = store
        self._runner = runner
        self._inspector: ContextInspector | None = None
        pane.transcript.what_was_sent_requested.connect(self.inspect)
        pane.gauge.clicked.connect(self._inspect_newest)

    @Slot(str)
    def inspect(self, message_id: str) -> None:
        """Show what was sent for an answer."""

        def read() -> tuple[Message, PromptPlan | None]:
            return self._store.message(message_id), self._store.plan(message_id)

        self._runner.run(read, self._show, self._pane.notice_bar.show_notice)

    @Slot()
    def _inspect_newest(self) -> None:
        ids = self._pane.transcript.message_ids()
        if ids:
            self.inspect(ids[-1])

    def _show(self, found: tuple[Message, PromptPlan | None]) -> None:
        answer, plan = found
        if plan is None:
            words = self.tr("Nothing was sent for this message.")
            self._pane.notice_bar.show_notice(Notice("NothingSent", words), Severity.INFO)
            return
        if self._inspector is None:
            self._inspector = ContextInspector(self._pane.window())
        self._inspector.show_plan(plan, answer.settings, answer.model)
        self._inspector.show()
        self._inspector.raise_()
        self._inspector.activateWindow()
