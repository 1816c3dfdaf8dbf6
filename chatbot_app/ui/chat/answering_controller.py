"""What arrives of the exchanges under way: into the transcript where its conversation is open, and to the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

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
from chatbot_app.chat.open_conversation import OpenConversation
from chatbot_app.chat.requests import NewAnswer, NewQuestion
from chatbot_app.core.messages import Message
from chatbot_app.core.trust import AnswerMode
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.drafts_controller import DraftsController
from chatbot_app.ui.chat.retry_countdown import RetryCountdown
from chatbot_app.ui.chat.running_turns import RunningTurn, RunningTurns


class AnsweringController(QObject):
    """Shows the events of the open conversation's exchange, and tells of the end of any answer."""

    answer_finished = Signal(str, object)  # conversation id, Message

    def __init__(
        self,
        pane: ChatPane,
        opened: OpenConversation,
        chat: ChatController,
        turns: RunningTurns,
        drafts: DraftsController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._open = opened
        self._chat = chat
        self._drafts = drafts
        self._countdown = RetryCountdown(self)
        self._countdown.changed.connect(pane.transcript.remarks.set_status_line)
        turns.stored.connect(self._show_stored)
        turns.event_arrived.connect(self._take_event)
        turns.failed.connect(pane.notice_bar.show_notice)
        turns.ended.connect(self._take_end)

    def take_answer(self, answer: Message) -> None:
        """Show what was learnt of an answer since it ended."""
        if answer.conversation_id == self._open.id:
            self._open.set_message(answer)
            self._pane.transcript.set_message(answer)

    @Slot(object, object)
    def _show_stored(self, turn: RunningTurn, event: UserMessageStored) -> None:
        conversation = event.conversation
        self._drafts.take_out(turn)
        if conversation.id == self._open.beginning:
            self._open.has_begun(conversation)
            self._drafts.has_begun()
            self._chat.conversation_begun.emit(conversation)
            self._chat.conversation_opened.emit(conversation)
        if conversation.id == self._open.id:
            if isinstance(turn.request, NewQuestion) and self._open.put_below(event.question, event.answer):
                self._pane.transcript.add_message(event.question)
                self._pane.transcript.begin_answer(event.answer)
            else:
                self._chat.reload()  # another branch is shown from here on
        if self._open.take(conversation):
            self._pane.show_title(conversation.title)
        self._chat.conversation_stored.emit(conversation)

    @Slot(object, object)
    def _take_event(self, turn: RunningTurn, event: TurnEvent) -> None:
        if isinstance(event, TurnFinished):
            self.answer_finished.emit(turn.conversation_id, event.answer)
        if turn.conversation_id != self._open.id or turn.answer is None:
            return
        if isinstance(event, QuotesFound):
            self._pane.transcript.remarks.set_quotes(turn.answer.id, event.quotes, _mode_of(turn))
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
                self._chat.plan_known.emit(plan)
                transcript.remarks.set_prompt_tokens(answer_id, plan.tokens)
            case FirstToken():
                transcript.remarks.set_status_line(answer_id, "")
            case WaitingToRetry(seconds, notice):
                self._countdown.start(answer_id, seconds, notice.summary)
            case NoticeAdded(notice):
                transcript.remarks.set_status_line(answer_id, notice.summary)
            case TurnFinished(answer):
                transcript.set_message(answer)
                self._open.set_message(answer)

    @Slot(object)
    def _take_end(self, turn: RunningTurn) -> None:
        if self._drafts.shows(turn):
            self._pane.composer.set_answering(False)
            self._chat.prompt_changed.emit()
        if turn.conversation_id == self._open.beginning:
            self._open.beginning = ""


def _mode_of(turn: RunningTurn) -> AnswerMode | None:
    """Return what an answer under way is made of; None: the model decides."""
    this_once = turn.request.mode if isinstance(turn.request, NewAnswer) else None
    settings = turn.answer.settings if turn.answer is not None else None
    return this_once or (settings.answer_mode if settings is not None else None)
