"""Whether a message is always or never sent: from its button to the store and back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from chatbot_app.chat.open_conversation import OpenConversation
from chatbot_app.core.messages import Message
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.workers.task_runner import TaskRunner


class MarksController(QObject):
    """Pins and excludes messages of the open conversation."""

    def __init__(
        self,
        pane: ChatPane,
        opened: OpenConversation,
        chat: ChatController,
        store: ConversationStore,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._open = opened
        self._chat = chat
        self._store = store
        self._runner = runner
        pane.transcript.user_actions.pin_toggled.connect(self.pin)
        pane.transcript.user_actions.exclude_toggled.connect(self.exclude)

    def marks_of(self, message_id: str) -> tuple[bool, bool] | None:
        """Return whether a message is pinned and excluded; None where it is not shown."""
        message = self._open.message(message_id)
        return (message.pinned, message.excluded) if message is not None else None

    @Slot(str, bool)
    def pin(self, message_id: str, pinned: bool) -> None:
        """Always send a message, or no longer; one that was excluded is included again."""
        self._mark(message_id, pinned=pinned, excluded=False if pinned else None)

    @Slot(str, bool)
    def exclude(self, message_id: str, excluded: bool) -> None:
        """Never send a message, or do so again; one that was pinned is unpinned."""
        self._mark(message_id, pinned=False if excluded else None, excluded=excluded)

    def _mark(self, message_id: str, *, pinned: bool | None, excluded: bool | None) -> None:
        def write() -> Message:
            if pinned is not None:
                self._store.set_pinned(message_id, pinned)
            if excluded is not None:
                self._store.set_excluded(message_id, excluded)
            return self._store.message(message_id)

        def show(stored: Message) -> None:
            pin, leave_out = stored.pinned, stored.excluded
            known = self._open.message(message_id)
            if known is not None:
                self._open.set_message(replace(known, pinned=pin, excluded=leave_out))
            self._pane.transcript.set_marks(message_id, pinned=pin, excluded=leave_out)
            self._chat.prompt_changed.emit()

        self._runner.run(write, show, self._pane.notice_bar.show_notice)
