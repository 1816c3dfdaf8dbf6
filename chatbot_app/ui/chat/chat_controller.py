"""Which conversation is open, and the way from one to another and along its branches."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.history import HistoryPage, newest_page, older_page, page_around
from chatbot_app.chat.open_conversation import OpenConversation
from chatbot_app.chat.requests import PlanRequest
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.latest import Latest
from chatbot_app.core.messages import Conversation
from chatbot_app.core.sight import shown_pictures
from chatbot_app.core.temporary import is_temporary
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.drafts_controller import DraftsController
from chatbot_app.ui.chat.link_dialog import offer_link
from chatbot_app.ui.chat.running_turns import RunningTurns
from chatbot_app.workers.task_runner import TaskRunner


class ChatController(QObject):
    """Opens conversations; the controllers beside it tell of what changes in the open one on its signals."""

    conversation_opened = Signal(object)  # Conversation, or None for a new one that is not stored yet
    conversation_begun = Signal(object)  # Conversation: the new one is stored with its first question
    conversation_stored = Signal(object)  # Conversation whose title, order or leaf changed
    branch_shown = Signal(object)  # Conversation whose messages were read and shown
    plan_known = Signal(object)  # PromptPlan of the answer under way or the newest one, None where none is
    prompt_changed = Signal()  # what the next prompt would be made of: messages, marks, settings
    settings_needed = Signal()  # a stored setting must be written before the next turn
    settings_replaced = Signal()  # by another part of the window than the panel of settings

    def __init__(
        self,
        pane: ChatPane,
        opened: OpenConversation,
        store: ConversationStore,
        runner: TaskRunner,
        turns: RunningTurns,
        drafts: DraftsController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._open = opened
        self._store = store
        self._runner = runner
        self._turns = turns
        self._drafts = drafts
        self._opening = Latest()
        self._unwritten: dict[
            str, GenerationSettings
        ] = {}  # by conversation; taken out where they are written
        self._complain = pane.notice_bar.show_notice
        pane.transcript.older_requested.connect(self._load_older)
        pane.transcript.user_actions.sibling_requested.connect(self._show_sibling)
        pane.transcript.user_actions.link_activated.connect(self._show_link)

    # --- what is open ------------------------------------------------------------------------------------

    @property
    def conversation_id(self) -> str | None:
        """The open conversation; None while a new one has no message."""
        return self._open.id

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation as it is stored."""
        return self._open.stored

    @property
    def settings(self) -> GenerationSettings:
        """The settings that the next message will use."""
        return self._open.settings

    @property
    def leaf_id(self) -> str | None:
        """The message below which the next question will stand; None at the start."""
        return self._open.leaf_id

    def is_answering(self, conversation_id: str | None) -> bool:
        """Whether an answer of the conversation is under way; None is the one that begins."""
        return self._turns.of(conversation_id or self._open.beginning) is not None

    def plan_request(self, draft: str) -> PlanRequest | None:
        """Return what to plan for a draft; None while an answer is under way."""
        if self._open.id is not None and self.is_answering(self._open.id):
            return None
        return self._open.plan_request(draft, shown_pictures(self._pane.composer.pictures.pictures()))

    # --- another conversation ----------------------------------------------------------------------------

    def start_new(self, settings: GenerationSettings) -> None:
        """Show an empty conversation; it is stored with its first message."""
        self._drafts.keep_written()
        self._opening.forget()
        self._open.begin_new(settings)
        self._pane.transcript.clear()
        self._pane.show_title(self.tr("New conversation"))
        self.plan_known.emit(None)
        self._pane.composer.set_answering(False)
        self._drafts.show()
        self._pane.composer.focus_text()
        self.conversation_opened.emit(None)

    def open(self, conversation_id: str) -> None:
        """Show a stored conversation."""
        self._drafts.keep_written()
        self._read(lambda: newest_page(self._store, conversation_id), self._show)

    def reopen(self, conversation_id: str, draft: str) -> None:
        """Show the conversation that was open when the program was ended; what was written since goes along.

        `draft` is what had been written before for a new conversation: it stays there.
        """

        def show(page: HistoryPage) -> None:
            written = self._pane.composer.text()
            self._drafts.keep_written()
            self._show(page)
            self._drafts.go_along(written, draft)

        self._read(lambda: newest_page(self._store, conversation_id), show)

    def open_at(self, conversation_id: str, message_id: str, marked: re.Pattern[str] | None = None) -> None:
        """Show a stored conversation at one of its messages, switching to its branch; `marked` is marked in it."""

        def show(page: HistoryPage) -> None:
            self._show(page)
            self._pane.transcript.scroll_to(message_id)
            if marked is not None:
                self._pane.transcript.found.show(message_id, marked)

        self._drafts.keep_written()
        self._read(lambda: page_around(self._store, conversation_id, message_id), show)

    def _read(self, read: Callable[[], HistoryPage], show: Callable[[HistoryPage], None]) -> None:
        is_latest = self._opening.begin()

        def show_latest(page: HistoryPage) -> None:
            if is_latest():
                show(page)

        self._runner.run(read, show_latest, self._complain)

    # --- within the open one -----------------------------------------------------------------------------

    def show_message(self, message_id: str) -> None:
        """Bring a message of the open conversation into sight."""
        if message_id in self._pane.transcript.message_ids():
            self._pane.transcript.scroll_to(message_id)
        elif self._open.id is not None:
            self.open_at(self._open.id, message_id)

    def reload(self) -> None:
        """Read the shown branch of the open conversation anew: it is another one now."""
        conversation_id = self._open.id
        if conversation_id is not None:
            self._runner.run(
                lambda: newest_page(self._store, conversation_id), self.show_again, self._complain
            )

    def show_again(self, page: HistoryPage) -> None:
        """Show what was read of the open conversation; nothing where another one is open by now."""
        if page.conversation.id == self._open.id:
            self._show(page)

    @Slot(str, int)
    def _show_sibling(self, message_id: str, step: int) -> None:
        message = self._open.message(message_id)
        if message is None:
            return
        if self.is_answering(self._open.id):
            self._pane.composer.show_hint(self.tr("An answer is under way. Stop it first, or wait."))
            return

        def switch() -> HistoryPage:
            siblings = self._store.siblings(message_id)
            place = siblings.index(message_id) + step
            other = siblings[max(0, min(place, len(siblings) - 1))]
            self._store.set_leaf(message.conversation_id, self._store.leaf_below(other))
            return newest_page(self._store, message.conversation_id)

        self._runner.run(switch, self.show_again, self._complain)

    @Slot(str)
    def _load_older(self, oldest_id: str) -> None:
        conversation_id = self._open.id
        if conversation_id is None:
            return

        def show(page: HistoryPage) -> None:
            if self._open.id == page.conversation.id:
                self._open.put_above(page.messages)
                self._pane.transcript.prepend_messages(list(page.messages), has_older=page.has_older)
                self._show_places(page)

        self._runner.run(lambda: older_page(self._store, conversation_id, oldest_id), show, self._complain)

    def _show(self, page: HistoryPage) -> None:
        is_other = self._open.id != page.conversation.id
        self._open.show(page.conversation, page.messages)
        transcript = self._pane.transcript
        transcript.show_conversation(list(page.messages), has_older=page.has_older)
        self._show_places(page)
        untitled = self.tr("Temporary conversation") if is_temporary(page.conversation.id) else ""
        self._pane.show_title(page.conversation.title or untitled)
        self.plan_known.emit(page.plan)
        turn = self._turns.of(page.conversation.id)
        self._pane.composer.set_answering(turn is not None)
        if turn is not None and turn.answer is not None:
            transcript.begin_answer(turn.arrived())
        if is_other:
            self._drafts.show()
            self.conversation_opened.emit(page.conversation)
        self.branch_shown.emit(page.conversation)

    def _show_places(self, page: HistoryPage) -> None:
        for message_id, (place, count) in page.siblings.items():
            self._pane.transcript.set_siblings(message_id, place, count)

    def show_title(self, conversation: Conversation) -> None:
        """Take over a title that changed elsewhere."""
        if self._open.rename(conversation):
            self._pane.show_title(conversation.title)

    @Slot(str)
    def _show_link(self, address: str) -> None:
        offer_link(address, self._pane.window())

    # --- its settings ------------------------------------------------------------------------------------

    def set_settings(self, settings: GenerationSettings, conversation_id: str | None = None) -> None:
        """Use other settings from the next message on, and store them at once.

        They belong to `conversation_id` ("" is the new one), by default to the one that is open.
        """
        if conversation_id is None:
            conversation_id = self._open.id or ""
        if conversation_id == (self._open.id or ""):
            self._open.set_settings(settings)
        if conversation_id:
            self._write_settings(conversation_id, settings)
        self.prompt_changed.emit()

    def _write_settings(self, conversation_id: str, settings: GenerationSettings) -> None:
        """Store settings, those that change faster than they are stored once."""
        is_queued = conversation_id in self._unwritten
        self._unwritten[conversation_id] = settings

        def write() -> None:
            self._store.set_settings(conversation_id, self._unwritten.pop(conversation_id))

        if not is_queued:
            self._runner.run(write, lambda _: self.prompt_changed.emit(), self._complain)

    def replace_settings(self, **changes: Any) -> None:
        """Change some settings from elsewhere than the panel, which is told."""
        self.settings_needed.emit()  # what was changed there a moment ago stays
        self.set_settings(replace(self.settings, **changes))
        self.settings_replaced.emit()
