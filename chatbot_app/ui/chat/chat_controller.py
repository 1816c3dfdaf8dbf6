"""Carries intent from the chat pane to the worker and the store, and events back to the pane."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDesktopServices

from chatbot_app.chat.drafts import without_sent
from chatbot_app.chat.events import (
    FirstToken,
    NoticeAdded,
    PromptPlanned,
    QuotesFound,
    ReasoningAppended,
    TextAppended,
    TurnEvent,
    TurnFinished,
    UserMessageStored,
    WaitingToRetry,
)
from chatbot_app.chat.history import HistoryPage, newest_page, older_page, page_around
from chatbot_app.chat.requests import Continuation, NewAnswer, NewQuestion, PlanRequest, TurnRequest
from chatbot_app.core.errors import Action
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation, Message, Notice, Role
from chatbot_app.core.trust import AnswerMode
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.draft_file import Sent
from chatbot_app.ui.chat.answer_notes import ASK_MODEL
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.link_dialog import link_dialog
from chatbot_app.ui.chat.refusal_card import CHOOSE_COLLECTIONS, WITHOUT_DOCUMENTS
from chatbot_app.ui.chat.retry_countdown import RetryCountdown
from chatbot_app.ui.chat.running_turns import RunningTurn, RunningTurns
from chatbot_app.workers.task_runner import TaskRunner

SLOW_SAVING_MS = 400  # then it is said that a question is still being saved


class ChatController(QObject):
    """Knows which conversation is open and which are being answered."""

    conversation_opened = Signal(object)  # Conversation, or None for a new one that is not stored yet
    conversation_stored = Signal(object)  # Conversation whose title, order or leaf changed
    answering_changed = Signal(str, bool)  # conversation id, whether an answer is under way
    answer_finished = Signal(str, object)  # conversation id, Message
    action_requested = Signal(str)  # one of core.errors.Action's values that the window must carry out
    collections_wanted = Signal()  # the choice of the documents that are asked
    settings_needed = Signal()  # a stored setting must be written before the next turn
    settings_replaced = Signal()  # by another part of the window than the panel of settings
    plan_known = Signal(object)  # PromptPlan of the answer under way or the newest one, None where none is
    branch_shown = Signal(object)  # Conversation whose messages were read and shown
    drafts_changed = (
        Signal()
    )  # a question left for the store, arrived there or came back: keep the drafts now
    prompt_changed = Signal()  # what the next prompt would be made of: messages, marks, settings

    def __init__(
        self,
        pane: ChatPane,
        store: ConversationStore,
        runner: TaskRunner,
        turns: RunningTurns,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._store = store
        self._runner = runner
        self._turns = turns
        self._conversation: Conversation | None = None
        self._draft_settings = GenerationSettings()
        self._shown: list[Message] = []  # the newest page as it is shown, oldest first
        self._drafts: dict[str, str] = {}  # by conversation id, "" for a new conversation
        self._guard: Callable[[str, Callable[[], None]], None] = lambda _, send: send()
        self._countdown = RetryCountdown(self)
        self._beginning = ""  # id of the open conversation while its first question is being stored
        self._slow_saving = QTimer(self, interval=SLOW_SAVING_MS, singleShot=True)
        self._opening = 0  # number of the latest request to open: results of earlier ones are ignored
        self._connect()

    def _connect(self) -> None:
        transcript, composer = self._pane.transcript, self._pane.composer
        composer.message_submitted.connect(self.send)
        composer.stop_requested.connect(self.stop)
        composer.recall_requested.connect(self._recall)
        transcript.older_requested.connect(self._load_older)
        transcript.edit_requested.connect(self._edit)
        transcript.regenerate_requested.connect(self._regenerate)
        transcript.retry_requested.connect(self._regenerate)
        transcript.continue_requested.connect(self._continue)
        transcript.stop_requested.connect(self.stop)
        transcript.sibling_requested.connect(self._show_sibling)
        transcript.pin_toggled.connect(self.pin)
        transcript.exclude_toggled.connect(self.exclude)
        transcript.action_requested.connect(self._act)
        transcript.suggestion_chosen.connect(self._suggest)
        transcript.link_activated.connect(self._show_link)
        self._countdown.changed.connect(transcript.set_status_line)
        self._slow_saving.timeout.connect(self._tell_of_slow_saving)
        self._turns.stored.connect(self._show_stored)
        self._turns.event_arrived.connect(self._take_event)
        self._turns.given_back.connect(self._give_back)
        self._turns.failed.connect(self._complain)
        self._turns.ended.connect(self._take_end)

    # --- what the window asks for --------------------------------------------------------------------------

    @property
    def conversation_id(self) -> str | None:
        """The open conversation; None while a new one has no message."""
        return self._conversation.id if self._conversation else None

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation as it is stored."""
        return self._conversation

    def plan_request(self, draft: str) -> PlanRequest | None:
        """Return what to plan for a draft; None while an answer is under way."""
        if self._conversation is None:
            return PlanRequest("", None, draft, settings=self._draft_settings)
        if self.is_answering(self._conversation.id):
            return None
        return PlanRequest(self._conversation.id, self.leaf_id, draft)

    @property
    def settings(self) -> GenerationSettings:
        """The settings that the next message will use."""
        return self._conversation.settings if self._conversation else self._draft_settings

    @property
    def leaf_id(self) -> str | None:
        """The message below which the next question will stand; None at the start."""
        if self._shown:
            return self._shown[-1].id
        return self._conversation.leaf_id if self._conversation else None

    def guard_sending(self, guard: Callable[[str, Callable[[], None]], None]) -> None:
        """Ask `guard(question, send)` before each new question: it calls `send`, now or later, or refuses."""
        self._guard = guard

    def start_new(self, settings: GenerationSettings) -> None:
        """Show an empty conversation; it is stored with its first message."""
        self._keep_draft()
        self._opening += 1
        self._conversation, self._beginning = None, ""
        self._draft_settings = settings
        self._shown = []
        self._pane.transcript.clear()
        self._pane.show_title(self.tr("New conversation"))
        self.plan_known.emit(None)
        self._pane.composer.set_answering(False)
        self._pane.composer.set_text(self._drafts.get("", ""))
        self._pane.composer.focus_text()
        self.conversation_opened.emit(None)

    def open(self, conversation_id: str) -> None:
        """Show a stored conversation."""
        self._keep_draft()
        self._opening += 1
        opening = self._opening

        def show(page: HistoryPage) -> None:
            if opening == self._opening:
                self._show(page)

        self._runner.run(lambda: newest_page(self._store, conversation_id), show, self._complain)

    def reopen(self, conversation_id: str, draft: str) -> None:
        """Show the conversation that was open when the program was ended; what was written since goes along.

        `draft` is what had been written before for a new conversation: it stays there.
        """
        self._opening += 1
        opening = self._opening

        def show(page: HistoryPage) -> None:
            if opening != self._opening:
                return
            written = self._pane.composer.text()
            self._drafts[""] = draft
            self._show(page)
            if written != draft:
                self._pane.composer.restore_text(written.removesuffix(f"\n\n{draft}") if draft else written)

        self._runner.run(lambda: newest_page(self._store, conversation_id), show, self._complain)

    def open_at(self, conversation_id: str, message_id: str, marked: re.Pattern[str] | None = None) -> None:
        """Show a stored conversation at one of its messages, switching to its branch; `marked` is marked in it."""
        self._keep_draft()
        self._opening += 1
        opening = self._opening

        def show(page: HistoryPage) -> None:
            if opening == self._opening:
                self._show(page)
                self._pane.transcript.scroll_to(message_id)
                if marked is not None:
                    self._pane.transcript.mark(message_id, marked)

        self._runner.run(lambda: page_around(self._store, conversation_id, message_id), show, self._complain)

    def set_settings(self, settings: GenerationSettings, conversation_id: str | None = None) -> None:
        """Use other settings from the next message on, and store them at once.

        They belong to `conversation_id` ("" is the new one), by default to the one that is open.
        """
        if conversation_id is None:
            conversation_id = self.conversation_id or ""
        if conversation_id == (self.conversation_id or ""):
            if self._conversation is None:
                self._draft_settings = settings
            else:
                self._conversation = replace(self._conversation, settings=settings)
        if conversation_id:
            self._runner.run(
                lambda: self._store.set_settings(conversation_id, settings),
                lambda _: self.prompt_changed.emit(),
                self._complain,
            )
        self.prompt_changed.emit()

    def replace_settings(self, **changes: Any) -> None:
        """Change some settings from elsewhere than the panel, which is told."""
        self.settings_needed.emit()  # what was changed there a moment ago stays
        self.set_settings(replace(self.settings, **changes))
        self.settings_replaced.emit()

    def take_answer(self, answer: Message) -> None:
        """Show what was learnt of an answer since it ended."""
        if answer.conversation_id == self.conversation_id:
            self._shown = [answer if message.id == answer.id else message for message in self._shown]
            self._pane.transcript.set_message(answer)

    def stop_conversation(self, conversation_id: str) -> None:
        """Stop the answer of a conversation that is about to be deleted."""
        self._turns.stop(conversation_id)

    def stop_all(self) -> None:
        """Stop every answer that is under way."""
        self._turns.stop_all()

    def is_answering(self, conversation_id: str | None) -> bool:
        """Whether an answer of the conversation is under way; None is the one that begins."""
        return self._turns.of(conversation_id or self._beginning) is not None

    def drafts(self) -> dict[str, str]:
        """Return what is written and not sent, by conversation ("" for a new one)."""
        self._keep_draft()
        drafts = dict(self._drafts)
        for turn in self._turns.waiting():
            if turn.draft_key is None:  # it was written elsewhere, and would come back here
                drafts[turn.conversation_id] = _joined(turn.draft, drafts.get(turn.conversation_id, ""))
        return {key: text for key, text in drafts.items() if text.strip()}

    def sent_questions(self) -> dict[str, Sent]:
        """Return by their ids the questions that are on their way into the store."""
        return {
            turn.request.question_id: Sent(
                turn.conversation_id if turn.draft_key is None else turn.draft_key, turn.draft
            )
            for turn in self._turns.waiting()
            if isinstance(turn.request, NewQuestion)
        }

    def set_drafts(self, drafts: dict[str, str]) -> None:
        """Bring back what was written before the last end of the program, before anything is opened."""
        self._drafts = dict(drafts)
        self._pane.composer.set_text(drafts.get("", ""))

    def forget_draft(self, conversation_id: str) -> None:
        """Drop what was written in a conversation that is gone for good."""
        self._drafts.pop(conversation_id, None)
        self.drafts_changed.emit()  # what keeps them on disk forgets it now and not at its next round

    def show_title(self, conversation: Conversation) -> None:
        """Take over a title that changed elsewhere."""
        if self._conversation and self._conversation.id == conversation.id:
            self._conversation = replace(self._conversation, title=conversation.title)
            self._pane.show_title(conversation.title)

    # --- what the person does --------------------------------------------------------------------------------

    @Slot(str)
    def send(self, text: str) -> None:
        """Ask a question at the end of the shown branch."""
        if self.is_answering(self.conversation_id):
            self._pane.composer.show_hint(self.tr("An answer is under way. Stop it first, or wait."))
            return
        self._guard(text, lambda: self._send(text))

    def _send(self, text: str) -> None:
        question_id = self._turns.new_id()
        if self._conversation is not None:
            request = NewQuestion(self._conversation.id, self.leaf_id, text, question_id)
        else:
            self._beginning = self._turns.new_id()
            request = NewQuestion(self._beginning, None, text, question_id, self._draft_settings)
        # The text stays where it was written until it is stored.
        is_written = text.strip() in self._pane.composer.text()
        self._start(request, text, (self.conversation_id or "") if is_written else None)

    @Slot()
    def stop(self) -> None:
        """Stop the answer that is being shown, also before its question is stored."""
        self._turns.stop(self.conversation_id or self._beginning)

    @Slot(str, str)
    def _edit(self, message_id: str, text: str) -> None:
        message = self._message(message_id)
        if message is None or self._refuse_while_answering():
            return
        if message.role is Role.USER:
            request = NewQuestion(message.conversation_id, message.parent_id, text, self._turns.new_id())
            self._start(request, text)
            return

        def keep() -> HistoryPage:
            self._store.add_edited_answer(message.id, text)
            return newest_page(self._store, message.conversation_id)

        def show(page: HistoryPage) -> None:
            self._show(page)
            self.conversation_stored.emit(page.conversation)  # it was used: the list has another order

        def give_back(notice: Notice) -> None:
            self._pane.composer.restore_text(text)  # the editor is closed: nothing that was written is lost
            self._complain(replace(notice, next_step=self.tr("What you wrote is in the composer.")))

        self._runner.run(keep, show, give_back)

    @Slot(str)
    def _regenerate(self, message_id: str) -> None:
        message = self._message(message_id)
        if message is None or self._refuse_while_answering():
            return
        question_id = message.id if message.role is Role.USER else message.parent_id
        if question_id is not None:
            self._start(NewAnswer(message.conversation_id, question_id), "")

    def _answer_otherwise(
        self, message_id: str, *, mode: AnswerMode | None = None, without_documents: bool = False
    ) -> None:
        """Answer the question of an answer once more, this once in another way."""
        message = self._message(message_id)
        if message is None or message.parent_id is None or self._refuse_while_answering():
            return
        request = NewAnswer(
            message.conversation_id, message.parent_id, mode=mode, without_documents=without_documents
        )
        self._start(request, "")

    @Slot(str)
    def _continue(self, message_id: str) -> None:
        message = self._message(message_id)
        if message is not None and not self._refuse_while_answering():
            self._start(Continuation(message.conversation_id, message.id), "")

    @Slot(str, int)
    def _show_sibling(self, message_id: str, step: int) -> None:
        message = self._message(message_id)
        if message is None or self._refuse_while_answering():
            return

        def switch() -> HistoryPage:
            siblings = self._store.siblings(message_id)
            place = siblings.index(message_id) + step
            other = siblings[max(0, min(place, len(siblings) - 1))]
            self._store.set_leaf(message.conversation_id, self._store.leaf_below(other))
            return newest_page(self._store, message.conversation_id)

        self._runner.run(switch, self._show, self._complain)

    def marks_of(self, message_id: str) -> tuple[bool, bool] | None:
        """Return whether a message is pinned and excluded; None where it is not shown."""
        message = self._message(message_id)
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
            self._shown = [
                replace(one, pinned=pin, excluded=leave_out) if one.id == message_id else one
                for one in self._shown
            ]
            self._pane.transcript.set_marks(message_id, pinned=pin, excluded=leave_out)
            self.prompt_changed.emit()

        self._runner.run(write, show, self._complain)

    def show_message(self, message_id: str) -> None:
        """Bring a message of the open conversation into sight."""
        if message_id in self._pane.transcript.message_ids():
            self._pane.transcript.scroll_to(message_id)
        elif self._conversation is not None:
            self.open_at(self._conversation.id, message_id)

    @Slot(str, str)
    def _act(self, message_id: str, action: str) -> None:
        if action == Action.RETRY:
            self._regenerate(message_id)
        elif action == Action.CONTINUE:
            self._continue(message_id)
        elif action == ASK_MODEL:
            self._answer_otherwise(message_id, mode=AnswerMode.ANSWER)
        elif action == WITHOUT_DOCUMENTS:
            self._answer_otherwise(message_id, without_documents=True)
        elif action == CHOOSE_COLLECTIONS:
            self.collections_wanted.emit()
        else:
            self.action_requested.emit(action)

    @Slot(str)
    def _suggest(self, text: str) -> None:
        self._pane.composer.set_text(text)
        self._pane.composer.focus_text()

    @Slot(str)
    def _show_link(self, address: str) -> None:
        dialog = link_dialog(address, self._pane.window())
        if dialog is not None:
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(lambda: QDesktopServices.openUrl(dialog.url))
            dialog.open()

    @Slot()
    def _recall(self) -> None:
        questions = [message.text for message in self._shown if message.role is Role.USER]
        if questions:
            self._pane.composer.recall_text(questions[-1])

    @Slot(str)
    def _load_older(self, oldest_id: str) -> None:
        conversation = self._conversation
        if conversation is None:
            return

        def show(page: HistoryPage) -> None:
            if self.conversation_id == page.conversation.id:
                self._shown[:0] = page.messages
                self._pane.transcript.prepend_messages(list(page.messages), has_older=page.has_older)
                self._show_places(page)

        self._runner.run(lambda: older_page(self._store, conversation.id, oldest_id), show, self._complain)

    # --- what the worker says --------------------------------------------------------------------------------

    @Slot(object, object)
    def _take_event(self, turn: RunningTurn, event: TurnEvent) -> None:
        if isinstance(event, TurnFinished):
            self.answer_finished.emit(turn.conversation_id, event.answer)
        if turn.conversation_id != self.conversation_id or turn.answer is None:
            return
        if isinstance(event, QuotesFound):
            self._pane.transcript.set_quotes(turn.answer.id, event.quotes, _mode_of(turn))
        else:
            self._show_event(turn.answer.id, event)

    def _show_event(self, answer_id: str, event: TurnEvent) -> None:
        transcript = self._pane.transcript
        if not isinstance(event, WaitingToRetry):
            self._countdown.stop(answer_id)
        match event:
            case TextAppended(text):
                transcript.append_text(answer_id, text)
            case ReasoningAppended(text):
                transcript.append_reasoning(answer_id, text)
            case PromptPlanned(plan):
                self.plan_known.emit(plan)
                transcript.set_prompt_tokens(answer_id, plan.tokens)
            case FirstToken():
                transcript.set_status_line(answer_id, "")
            case WaitingToRetry(seconds, notice):
                self._countdown.start(answer_id, seconds, notice.summary)
            case NoticeAdded(notice):
                transcript.set_status_line(answer_id, notice.summary)
            case TurnFinished(answer):
                transcript.set_message(answer)
                self._shown = [answer if message.id == answer.id else message for message in self._shown]

    @Slot(object, object)
    def _show_stored(self, turn: RunningTurn, event: UserMessageStored) -> None:
        conversation_id = turn.conversation_id
        self._forget_sent(turn)
        if event.conversation is not None and conversation_id == self._beginning:
            self._beginning = ""
            self._conversation = event.conversation
            self._drafts.pop("", None)
            self.conversation_opened.emit(event.conversation)
            self.answering_changed.emit(conversation_id, True)
        if conversation_id == self.conversation_id:
            last = self._shown[-1].id if self._shown else None
            if isinstance(turn.request, NewQuestion) and event.question.parent_id == last:
                self._shown += [event.question, event.answer]
                self._pane.transcript.add_message(event.question)
                self._pane.transcript.begin_answer(event.answer)
            else:
                # Another branch is shown from here on.
                self._runner.run(
                    lambda: newest_page(self._store, conversation_id), self._show, self._complain
                )
        self._runner.run(lambda: self._store.conversation(conversation_id), self._announce)

    @Slot(object, str)
    def _give_back(self, turn: RunningTurn, draft: str) -> None:
        self.drafts_changed.emit()
        key = turn.conversation_id if turn.draft_key is None else turn.draft_key
        if self._shows(turn):
            if draft.strip() not in self._pane.composer.text():
                self._pane.composer.restore_text(draft)
        elif draft.strip() not in self._drafts.get(key, ""):
            self._drafts[key] = _joined(draft, self._drafts.get(key, ""))

    @Slot(object)
    def _take_end(self, turn: RunningTurn) -> None:
        if self._shows(turn):
            self._pane.composer.set_answering(False)
            self.prompt_changed.emit()
        if turn.conversation_id == self._beginning:
            self._beginning = ""
        self.answering_changed.emit(turn.conversation_id, False)
        if turn.answer is None:
            return
        self._runner.run(
            lambda: self._store.conversation(turn.conversation_id), self._announce, lambda _: None
        )

    # --- helpers -----------------------------------------------------------------------------------------------

    def _start(self, request: TurnRequest, draft: str, draft_key: str | None = None) -> None:
        turn = self._turns.prepare(request, draft, draft_key)
        if draft:
            self.drafts_changed.emit()
            self._slow_saving.start()
        self._pane.composer.set_answering(True)
        self._pane.notice_bar.clear_notice()
        self.answering_changed.emit(request.conversation_id, True)
        self.settings_needed.emit()
        # Behind what is queued: a setting changed a moment ago is stored before the turn reads it.
        self._runner.run(lambda: None, lambda _: self._turns.send(turn))

    def _shows(self, turn: RunningTurn) -> bool:
        """Whether an exchange belongs to what is open."""
        return turn.conversation_id == (self.conversation_id or self._beginning)

    def _forget_sent(self, turn: RunningTurn) -> None:
        """Take a question that is stored out of the draft that held it."""
        self.drafts_changed.emit()
        if not turn.draft or turn.draft_key is None:
            return
        if self._shows(turn):
            self._slow_saving.stop()
            self._pane.composer.clear_hint()
            left = without_sent(self._pane.composer.text(), turn.draft)
            self._pane.composer.set_text(left)
        else:
            left = without_sent(self._drafts.get(turn.draft_key, ""), turn.draft)
            self._drafts[turn.draft_key] = left

    @Slot()
    def _tell_of_slow_saving(self) -> None:
        if any(self._shows(turn) for turn in self._turns.waiting()):
            self._pane.composer.show_hint(self.tr("The question is being saved; until then it stays here."))
            self._slow_saving.start()

    def _show(self, page: HistoryPage) -> None:
        is_other = self.conversation_id != page.conversation.id
        self._beginning = ""
        self._conversation = page.conversation
        self._shown = list(page.messages)
        transcript = self._pane.transcript
        transcript.show_conversation(self._shown, has_older=page.has_older)
        self._show_places(page)
        self._pane.show_title(page.conversation.title)
        self.plan_known.emit(page.plan)
        turn = self._turns.of(page.conversation.id)
        self._pane.composer.set_answering(turn is not None)
        if turn is not None and turn.answer is not None:
            transcript.begin_answer(turn.arrived())
        if is_other:
            self._pane.composer.set_text(self._drafts.get(page.conversation.id, ""))
            self.conversation_opened.emit(page.conversation)
        self.branch_shown.emit(page.conversation)

    def _show_places(self, page: HistoryPage) -> None:
        for message_id, (place, count) in page.siblings.items():
            self._pane.transcript.set_siblings(message_id, place, count)

    def _announce(self, conversation: Conversation) -> None:
        if self._conversation and self._conversation.id == conversation.id:
            self._conversation = replace(conversation, settings=self._conversation.settings)
            self._pane.show_title(conversation.title)
        self.conversation_stored.emit(conversation)

    def _complain(self, notice: Notice) -> None:
        self._pane.notice_bar.show_notice(notice)

    def _keep_draft(self) -> None:
        self._drafts[self.conversation_id or ""] = self._pane.composer.text()

    def _message(self, message_id: str) -> Message | None:
        return next((message for message in self._shown if message.id == message_id), None)

    def _refuse_while_answering(self) -> bool:
        if self.is_answering(self.conversation_id):
            self._pane.composer.show_hint(self.tr("An answer is under way. Stop it first, or wait."))
            return True
        return False


def _mode_of(turn: RunningTurn) -> AnswerMode | None:
    """Return what an answer under way is made of; None: the model decides."""
    this_once = turn.request.mode if isinstance(turn.request, NewAnswer) else None
    settings = turn.answer.settings if turn.answer is not None else None
    return this_once or (settings.answer_mode if settings is not None else None)


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text.strip())
