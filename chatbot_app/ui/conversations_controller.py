"""Keeps the list of conversations true to the store: search, titles, trash, export."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.titles import ask_for_title
from chatbot_app.core.latest import Latest
from chatbot_app.core.messages import Conversation, Message, MessageStatus, Notice, SearchHit
from chatbot_app.core.temporary import is_temporary
from chatbot_app.llm.gateway import Gateway
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.running_turns import RunningTurns
from chatbot_app.ui.conversation_export import ConversationExporter
from chatbot_app.ui.conversation_list import ConversationList
from chatbot_app.ui.notice_bar import NoticeBar
from chatbot_app.ui.polling import Polling
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.task_runner import TaskRunner
from chatbot_app.workers.transfer_lane import TransferLane

LISTED = 10_000  # conversations in the list; older ones are found by search


class ConversationsController(QObject):
    """Carries out what a person does in the list of conversations."""

    new_requested = Signal()  # an empty conversation is wanted
    brought_in = Signal()  # conversations came from files, perhaps in new folders
    trash_changed = Signal()  # a conversation went into the trash or came out of it
    temporary_changed = Signal(object)  # Conversation that is in no list of what is kept

    def __init__(
        self,
        conversation_list: ConversationList,
        notice_bar: NoticeBar,
        chat: ChatController,
        turns: RunningTurns,
        store: ConversationStore,
        gateway: Gateway,
        runner: TaskRunner,
        worker: ChatWorker,
        settings: SettingsStore,
        transfer: TransferLane,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._list = conversation_list
        self._notice_bar = notice_bar
        self._chat = chat
        self._turns = turns
        self._deleted: set[str] = set()  # what is still said of these comes too late
        self._store = store
        self._gateway = gateway
        self._runner = runner
        self._worker = worker
        self._searching = Latest()
        self._titled: set[str] = set()  # conversations that were asked for a title once
        self.automatic_titles = True
        self._exporter = ConversationExporter(self._list, notice_bar, store, settings, runner, transfer, self)
        self._newest: int | None = None  # use of a conversation that is listed
        self._polling = Polling(runner, self._used_since, self._follow, self)
        self._connect()

    def _connect(self) -> None:
        self._list.new_requested.connect(self.new_requested)
        self._list.conversation_selected.connect(self._chat.open)
        self._list.search_changed.connect(self._find)
        self._list.search_hit_selected.connect(self._open_hit)
        self._list.rename_requested.connect(self._rename)
        self._list.wishes.deletion_requested.connect(self._delete)
        self._list.wishes.export_requested.connect(self._exporter.export)
        self._list.wishes.folder_export_requested.connect(self._exporter.export_folder)
        self._notice_bar.undo_requested.connect(self._restore)
        self._chat.conversation_stored.connect(self._list_again)
        self._chat.conversation_opened.connect(self._mark_open)
        self._turns.answering_changed.connect(self._list.set_answering)

    def refresh(self, then: Callable[[list[Conversation]], None] | None = None) -> None:
        """Read the list anew."""

        def show(conversations: list[Conversation]) -> None:
            self._deleted.difference_update(conversation.id for conversation in conversations)
            self._list.set_conversations(conversations)
            self._polling.look()
            if then is not None:
                then(conversations)

        self._runner.run(lambda: self._store.list_conversations(limit=LISTED), show, self._complain)

    def _used_since(self) -> tuple[int, list[Conversation]]:
        newest = self._store.newest_activity()
        if self._newest is None or newest <= self._newest:
            return newest, []
        return newest, self._store.used_after(self._newest)

    def _follow(self, found: tuple[int, list[Conversation]]) -> None:
        """List what was used since the last look, also by another process (`chatbot-app ask`)."""
        self._newest, used = found
        for conversation in used:
            self._list_again(conversation)

    @Slot(object)
    def _list_again(self, conversation: Conversation) -> None:
        if is_temporary(conversation.id):
            self.temporary_changed.emit(conversation)
        elif conversation.id not in self._deleted:
            self._list.upsert(conversation)

    @Slot(object)
    def _mark_open(self, conversation: Conversation | None) -> None:
        if conversation is None:
            self._list.select("")
        else:
            self._list_again(conversation)
            self._list.select(conversation.id)

    @Slot(str)
    def _find(self, query: str) -> None:
        is_latest = self._searching.begin()

        def show(hits: list[SearchHit]) -> None:
            if is_latest():
                self._list.show_search_hits(hits)

        if query.strip():
            self._runner.run(lambda: self._store.search(query), show, self._complain)

    @Slot(str, object, object)
    def _open_hit(self, conversation_id: str, message_id: str | None, words: re.Pattern[str] | None) -> None:
        if message_id:
            self._chat.open_at(conversation_id, message_id, words)
        else:
            self._chat.open(conversation_id)

    @Slot(str, str)
    def _rename(self, conversation_id: str, title: str) -> None:
        self._runner.run(lambda: self._store.rename(conversation_id, title), self._renamed, self._complain)

    def _renamed(self, conversation: Conversation) -> None:
        self._list_again(conversation)
        self._chat.show_title(conversation)

    @Slot(list)
    def _delete(self, names: list[str]) -> None:
        was_answering = [name for name in names if self._chat.is_answering(name)]
        for name in names:
            self._turns.stop(name)
            self._worker.leave(name)

        def deleted(_: object) -> None:
            for name in names:
                self._deleted.add(name)
                self._list.remove(name)
            if self._chat.conversation_id in names:
                self.new_requested.emit()
            if len(names) > 1:
                said = self.tr("%n conversations were moved to the trash.", "", len(names))
            elif was_answering:
                said = self.tr("The conversation was moved to the trash; its answer was stopped and kept.")
            else:
                said = self.tr("The conversation was moved to the trash.")
            self._notice_bar.show_undo(said, token=" ".join(names))
            self.trash_changed.emit()

        def refused(notice: Notice) -> None:
            for name in names:
                self._worker.come_back(name)
            self._complain(notice)
            self.refresh()  # some may be gone

        self._runner.run(lambda: self._store.delete_all(names), deleted, refused)

    @Slot(str)
    def _restore(self, token: str) -> None:
        names = token.split()

        def restored(conversations: list[Conversation]) -> None:
            for conversation in conversations:
                self._worker.come_back(conversation.id)
            self.show_restored(conversations[0].id)
            self.trash_changed.emit()

        self._runner.run(lambda: self._store.restore_all(names), restored, self._complain)

    @Slot()
    def export_all(self) -> None:
        """Ask for a file and write all conversations into it."""
        self._exporter.export_all()

    @Slot(str)
    def show_restored(self, conversation_id: str) -> None:
        """Show a conversation that came back from the trash, at its old place in the list, and open it."""
        self._worker.come_back(conversation_id)
        self.refresh(lambda _: self._chat.open(conversation_id))

    @Slot(str)
    def export(self, conversation_id: str) -> None:
        """Ask for a file and write the conversation into it."""
        self._exporter.export([conversation_id])

    @Slot(str, object)
    def consider_title(self, conversation_id: str, answer: Message) -> None:
        """Ask the model for a title after the first complete answer, once."""
        if (
            not self.automatic_titles
            or answer.status is not MessageStatus.COMPLETE
            or answer.model is None  # quotes, a refusal: no model was asked, and none is for a title
            or conversation_id in self._titled
        ):
            return
        self._titled.add(conversation_id)

        def ask(found: tuple[Conversation, Message] | None) -> None:
            if found is None or self._worker.running_turns():
                return
            conversation, question = found
            self._worker.call(
                self._title_request(conversation, question, answer), self._take_title(conversation_id)
            )

        def look() -> tuple[Conversation, Message] | None:
            conversation = self._store.conversation(conversation_id)
            if (
                not conversation.title_is_automatic
                or conversation.message_count > 2
                or answer.parent_id is None
            ):
                return None
            return conversation, self._store.message(answer.parent_id)

        self._runner.run(look, ask, lambda _: None)

    def _title_request(
        self, conversation: Conversation, question: Message, answer: Message
    ) -> Callable[[], Coroutine[Any, Any, str | None]]:
        return lambda: ask_for_title(self._gateway, conversation.settings, question.text, answer.text)

    def _take_title(self, conversation_id: str) -> Callable[[str | None], None]:
        def take(title: str | None) -> None:
            if title:
                self._runner.run(
                    lambda: self._store.rename(conversation_id, title, automatic=True),
                    self._renamed,
                    lambda _: None,
                )

        return take

    def _complain(self, notice: Notice) -> None:
        self._notice_bar.show_notice(notice)
