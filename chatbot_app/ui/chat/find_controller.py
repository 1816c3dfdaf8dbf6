"""Finds words in the open conversation, also in messages that are not shown yet, and goes from one to the next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.latest import Latest
from chatbot_app.core.messages import Conversation
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:
    from chatbot_app.ui.chat.find_bar import FindBar


class FindController(QObject):
    """The window owns it; the bar is made when it is first wanted."""

    def __init__(
        self,
        pane: ChatPane,
        chat: ChatController,
        store: ConversationStore,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._chat = chat
        self._store = store
        self._runner = runner
        self._bar: FindBar | None = None
        self._looking = Latest()
        self._found: list[str] = []  # ids of messages with a match, oldest first
        self._place = 0
        self._words: re.Pattern[str] | None = None
        self._conversation_id: str | None = None  # in which was looked
        chat.conversation_opened.connect(self._another)

    @Slot()
    def open(self) -> None:
        """Show the bar and put the keyboard into it."""
        if self._bar is None:
            from chatbot_app.ui.chat.find_bar import FindBar

            self._bar = FindBar(self._pane)
            self._pane.add_find_bar(self._bar)
            self._bar.changed.connect(self._look)
            self._bar.step_requested.connect(self._step)
            self._bar.closed.connect(self.close)
        self._bar.show()
        self._bar.line.setFocus()
        self._bar.line.selectAll()

    @Slot()
    def close(self) -> None:
        """Hide the bar and take the marks away."""
        if self._bar is not None and self._bar.isVisible():
            self._bar.hide()
            self._forget()
            self._bar.line.clear()
            self._pane.composer.focus_text()

    def _forget(self) -> None:
        self._looking.begin()
        self._pane.transcript.found.mark_all(self._found, None)
        self._found, self._place, self._words = [], 0, None

    @Slot(object)
    def _another(self, conversation: Conversation | None) -> None:
        found_in = conversation.id if conversation is not None else None
        if found_in != self._conversation_id and self._bar is not None and self._bar.isVisible():
            self._look(self._bar.line.text().strip())

    @Slot(str)
    def _look(self, text: str) -> None:
        self._forget()
        conversation_id = self._conversation_id = self._chat.conversation_id
        if self._bar is None or conversation_id is None or not text:
            self._say()
            return
        is_latest = self._looking.begin()
        # Spaces stand for any white space: what is one line here may be two in the text.
        words = re.compile(r"\s+".join(map(re.escape, text.split())), re.IGNORECASE)

        def look() -> list[str]:
            return [one.id for one in self._store.path(conversation_id) if words.search(one.text)]

        def show(found: list[str]) -> None:
            if not is_latest():
                return
            self._found, self._words = found, words
            shown = set(self._pane.transcript.message_ids())
            self._place = next((place for place, name in enumerate(found) if name in shown), 0)
            self._go()

        self._runner.run(look, show, lambda _: self._say())

    @Slot(int)
    def _step(self, step: int) -> None:
        if self._found:
            self._place = (self._place + step) % len(self._found)
            self._go()

    def _go(self) -> None:
        self._say()
        words = self._words
        if not self._found or words is None or self._conversation_id is None or self._bar is None:
            return
        message_id, transcript = self._found[self._place], self._pane.transcript
        if message_id in transcript.message_ids():
            transcript.scroll_to(message_id)
            transcript.found.mark_all(self._found, words)
            transcript.found.show(message_id, words)
        else:
            self._chat.open_at(self._conversation_id, message_id, words)
        self._bar.line.setFocus()

    def _say(self) -> None:
        if self._bar is not None:
            self._bar.show_count(self._place + 1, len(self._found))
