"""Temporary conversations in the window: begun, gone back to, kept after all, closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Notice
from chatbot_app.core.temporary import is_temporary
from chatbot_app.storage.temporary_conversations import TemporaryConversations
from chatbot_app.ui.controllers import Controllers
from chatbot_app.ui.temporary.temporary_actions import TemporaryActions
from chatbot_app.ui.temporary.temporary_bar import TemporaryBar
from chatbot_app.ui.temporary.temporary_rows import TemporaryRows
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.task_runner import TaskRunner


class TemporaryController(QObject):
    """The store of the window knows them by their ids: here is only what is theirs alone."""

    def __init__(
        self,
        actions: TemporaryActions,
        bar: TemporaryBar,
        rows: TemporaryRows,
        controllers: Controllers,
        temporary: Callable[[], TemporaryConversations],
        keep: Callable[[str], Conversation],
        begin_another: Callable[[], None],
        complain: Callable[[Notice], None],
        runner: TaskRunner,
        worker: ChatWorker,
        parent: QObject | None = None,
    ) -> None:
        """`keep` writes one into the library; `begin_another` shows an empty conversation like all others."""
        super().__init__(parent)
        self._bar = bar
        self._rows = rows
        self._chat = controllers.chat
        self._drafts = controllers.drafts
        self._turns = controllers.turns
        self._conversations = controllers.conversations
        self._new_settings = controllers.settings.new_conversation_settings
        self._temporary = temporary
        self._keep_in_library = keep
        self._begin_another = begin_another
        self._complain = complain
        self._runner = runner
        self._worker = worker
        self._empty: set[str] = set()  # nothing was asked in them
        self._to_keep: set[str] = set()  # when their answers end
        self._is_beginning = False
        self._shown = ""  # the temporary one that is open
        actions.begin_requested.connect(self.begin)
        actions.open_requested.connect(self._chat.open)
        actions.keep_requested.connect(self.keep)
        actions.export_requested.connect(self._conversations.export)
        actions.close_requested.connect(self.close)
        self._chat.conversation_opened.connect(self._follow)
        self._conversations.temporary_changed.connect(self._show_changed)
        self._turns.answering_changed.connect(self._answering_changed)

    @Slot()
    def begin(self) -> None:
        """Open an empty temporary conversation: the one in which nothing was asked yet, or a new one."""
        if self._is_beginning or self._shown in self._empty:
            return
        if self._empty:
            self._chat.open(next(iter(self._empty)))
            return
        self._is_beginning = True  # whoever presses twice wants one
        settings: GenerationSettings = self._new_settings()
        self._runner.run(lambda: self._temporary().begin(settings), self._begun, self._not_begun)

    def _not_begun(self, notice: Notice) -> None:
        self._is_beginning = False
        self._complain(notice)

    def _begun(self, conversation: Conversation) -> None:
        self._is_beginning = False
        self._empty.add(conversation.id)
        self._rows.show_conversation(conversation)
        self._chat.open(conversation.id)

    @Slot(str)
    def close(self, conversation_id: str) -> None:
        """Forget a temporary conversation; where it is open, an empty one takes its place."""
        if self._chat.conversation_id == conversation_id:
            self._begin_another()
        self._forget(conversation_id)

    def _forget(self, conversation_id: str) -> None:
        if conversation_id not in self._rows.names():
            return
        self._turns.stop(conversation_id)
        self._worker.leave(conversation_id)
        self._drafts.forget(conversation_id)
        self._empty.discard(conversation_id)
        self._to_keep.discard(conversation_id)
        self._rows.remove(conversation_id)
        self._runner.run(lambda: self._temporary().close(conversation_id), None, self._complain)

    @Slot(str)
    def keep(self, conversation_id: str) -> None:
        """Write a temporary conversation into the library, now or when its answer has ended."""
        if self._turns.of(conversation_id) is not None:
            self._to_keep.add(conversation_id)
            self._show_bar()
            return
        if conversation_id in self._empty:
            self._complain(Notice("NothingToKeep", self.tr("There is nothing to keep yet.")))
            return
        self._to_keep.discard(conversation_id)
        self._runner.run(
            lambda: self._keep_in_library(conversation_id),
            lambda kept: self._kept(conversation_id, kept),
            self._complain,
        )

    def _kept(self, conversation_id: str, kept: Conversation) -> None:
        self._chat.conversation_stored.emit(kept)
        if self._chat.conversation_id == conversation_id:
            # What is written in it goes along; what was written for a new one stays there.
            self._chat.reopen(kept.id, self._drafts.all().get("", ""))
        else:
            self._drafts.hand_over(conversation_id, kept.id)
        self._forget(conversation_id)

    @Slot(object)
    def _follow(self, conversation: Conversation | None) -> None:
        before = self._shown
        self._shown = conversation.id if conversation is not None and is_temporary(conversation.id) else ""
        self._show_bar()
        self._rows.mark(self._shown)
        if before in self._empty and before != self._shown and not self._drafts.all().get(before):
            self._forget(before)  # nobody needs a row for nothing

    @Slot(object)
    def _show_changed(self, conversation: Conversation) -> None:
        if conversation.id in self._rows.names():  # it may be closed by now
            self._rows.show_conversation(conversation)
            if conversation.message_count:
                self._empty.discard(conversation.id)
                self._show_bar()

    def _show_bar(self) -> None:
        shown = self._shown
        self._bar.show_for(shown, empty=shown in self._empty, waiting=shown in self._to_keep)

    @Slot(str, bool)
    def _answering_changed(self, conversation_id: str, is_answering: bool) -> None:
        if not is_answering and conversation_id in self._to_keep:
            self.keep(conversation_id)
