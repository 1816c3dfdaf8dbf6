"""What a person asks for: a question, another answer, the rest of one, or no more of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Slot

from chatbot_app.chat.history import HistoryPage, newest_page
from chatbot_app.chat.open_conversation import OpenConversation
from chatbot_app.chat.requests import Continuation, NewAnswer, NewQuestion, TurnRequest
from chatbot_app.core.messages import Message, Notice, Role
from chatbot_app.core.pictures import pictures_of
from chatbot_app.core.trust import AnswerMode
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.drafts_controller import DraftsController
from chatbot_app.ui.chat.running_turns import RunningTurns
from chatbot_app.workers.task_runner import TaskRunner

SLOW_SAVING_MS = 400  # then it is said that a question is still being saved

Guard = Callable[[str, Callable[[], None]], None]


class AskingController(QObject):
    """Makes requests of what is asked for, and hands them to the exchanges under way."""

    def __init__(
        self,
        pane: ChatPane,
        opened: OpenConversation,
        chat: ChatController,
        store: ConversationStore,
        runner: TaskRunner,
        turns: RunningTurns,
        drafts: DraftsController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._open = opened
        self._chat = chat
        self._store = store
        self._runner = runner
        self._turns = turns
        self._drafts = drafts
        self._guard: Guard = lambda _, send: send()
        self._slow_saving = QTimer(self, interval=SLOW_SAVING_MS, singleShot=True)
        self._connect()

    def _connect(self) -> None:
        composer, actions = self._pane.composer, self._pane.transcript.user_actions
        composer.message_submitted.connect(self.send)
        composer.stop_requested.connect(self.stop)
        composer.recall_requested.connect(self._recall)
        actions.stop_requested.connect(self.stop)
        actions.edit_requested.connect(self._edit)
        actions.regenerate_requested.connect(self._regenerate)
        actions.continue_requested.connect(self._continue)
        actions.model_answer_requested.connect(self._ask_model)
        actions.answer_without_documents_requested.connect(self._answer_without_documents)
        actions.suggestion_chosen.connect(self._suggest)
        self._slow_saving.timeout.connect(self._tell_of_slow_saving)

    def guard_sending(self, guard: Guard) -> None:
        """Ask `guard(question, send)` before each new question: it calls `send`, now or later, or refuses."""
        self._guard = guard

    @Slot(str)
    def send(self, text: str) -> None:
        """Ask a question at the end of the shown branch."""
        if not self._refuse_while_answering():
            self._chat.settings_needed.emit()  # for the guard, which plans with them
            self._guard(text, lambda: self._send(text))

    def _send(self, text: str) -> None:
        self._chat.settings_needed.emit()  # the guard may have taken its time
        question_id = self._turns.new_id()
        # The text stays where it was written until it is stored, and so do its pictures.
        is_written = text.strip() in self._pane.composer.text()
        pictures = self._pane.composer.pictures.pictures() if is_written else ()
        if self._open.id is not None:
            request = NewQuestion(self._open.id, self._open.leaf_id, text, question_id, pictures=pictures)
        else:
            self._open.beginning = self._turns.new_id()
            settings = self._open.settings
            request = NewQuestion(self._open.beginning, None, text, question_id, settings, pictures=pictures)
        self._start(request, text, (self._open.id or "") if is_written else None)

    @Slot()
    def stop(self) -> None:
        """Stop the answer that is being shown, also before its question is stored."""
        self._turns.stop(self._open.key)

    # --- about a message ---------------------------------------------------------------------------------

    @Slot(str, str)
    def _edit(self, message_id: str, text: str) -> None:
        message = self._asked_about(message_id)
        if message is None:
            return
        if message.role is Role.USER:
            request = NewQuestion(
                *(message.conversation_id, message.parent_id, text, self._turns.new_id()),
                pictures_of=message.id if pictures_of(message.metadata) else "",
            )
            self._start(request, text)
            return

        def keep() -> HistoryPage:
            self._store.add_edited_answer(message.id, text)
            return newest_page(self._store, message.conversation_id)

        def show(page: HistoryPage) -> None:
            self._chat.show_again(page)
            self._chat.conversation_stored.emit(page.conversation)  # it was used: the list has another order

        def give_back(notice: Notice) -> None:
            self._pane.composer.restore_text(text)  # the editor is closed: nothing that was written is lost
            told = replace(notice, next_step=self.tr("What you wrote is in the composer."))
            self._pane.notice_bar.show_notice(told)

        self._runner.run(keep, show, give_back)

    @Slot(str)
    def _regenerate(self, message_id: str) -> None:
        message = self._asked_about(message_id)
        if message is not None:
            question_id = message.id if message.role is Role.USER else message.parent_id
            if question_id is not None:
                self._start(NewAnswer(message.conversation_id, question_id))

    @Slot(str)
    def _ask_model(self, message_id: str) -> None:
        self._answer_otherwise(message_id, mode=AnswerMode.ANSWER)

    @Slot(str)
    def _answer_without_documents(self, message_id: str) -> None:
        self._answer_otherwise(message_id, without_documents=True)

    def _answer_otherwise(
        self, message_id: str, *, mode: AnswerMode | None = None, without_documents: bool = False
    ) -> None:
        """Answer the question of an answer once more, this once in another way."""
        message = self._asked_about(message_id)
        if message is not None and message.parent_id is not None:
            self._start(
                NewAnswer(
                    message.conversation_id, message.parent_id, mode=mode, without_documents=without_documents
                )
            )

    @Slot(str)
    def _continue(self, message_id: str) -> None:
        message = self._asked_about(message_id)
        if message is not None:
            self._start(Continuation(message.conversation_id, message.id))

    # --- what is written ---------------------------------------------------------------------------------

    @Slot(str)
    def _suggest(self, text: str) -> None:
        self._pane.composer.set_text(text)
        self._pane.composer.focus_text()

    @Slot()
    def _recall(self) -> None:
        question = self._open.last_question()
        if question:
            self._pane.composer.recall_text(question)

    @Slot()
    def _tell_of_slow_saving(self) -> None:
        if any(self._drafts.shows(turn) for turn in self._turns.waiting()):
            self._pane.composer.show_hint(self.tr("The question is being saved; until then it stays here."))
            self._slow_saving.start()

    # --- inside ------------------------------------------------------------------------------------------

    def _start(self, request: TurnRequest, draft: str = "", draft_key: str | None = None) -> None:
        turn = self._turns.prepare(request, draft, draft_key)
        if turn.is_waiting:
            self._drafts.changed.emit()
            self._slow_saving.start()
        self._pane.composer.set_answering(True)
        self._pane.notice_bar.clear_notice()
        # What was changed a moment ago (a setting, a pin) is stored before the exchange reads it.
        self._runner.afterwards(lambda: self._turns.send(turn))

    def _asked_about(self, message_id: str) -> Message | None:
        """Return the message that something is asked about, None where that cannot be done now."""
        message = self._open.message(message_id)
        if message is None or self._refuse_while_answering():
            return None
        self._chat.settings_needed.emit()
        return message

    def _refuse_while_answering(self) -> bool:
        if self._turns.of(self._open.key) is None:
            return False
        self._pane.composer.show_hint(self.tr("An answer is under way. Stop it first, or wait."))
        return True
