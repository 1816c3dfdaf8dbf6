"""What a person thinks of an answer: from the thumbs below it to the store and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Slot

from chatbot_app.core.feedback import FEEDBACK, Feedback, Rating, feedback_of
from chatbot_app.core.messages import Message
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.chat.answering_controller import AnsweringController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.feedback_note import FeedbackNote
from chatbot_app.workers.task_runner import TaskRunner

Keep = Callable[[str, str, str, object], Message]  # storage.answer_metadata.keep_with_answer, of a store


class FeedbackController(QObject):
    """Keeps ratings and their notes with answers; a thumb that is pressed again takes both back."""

    def __init__(
        self,
        pane: ChatPane,
        answering: AnsweringController,
        store: ConversationStore,
        keep: Keep,
        runner: TaskRunner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._answering = answering
        self._store = store
        self._keep = keep
        self._runner = runner
        actions = pane.transcript.user_actions
        actions.rating_requested.connect(self.rate)
        actions.rating_note_requested.connect(self.ask_for_note)

    @Slot(str, str)
    def rate(self, message_id: str, rating: str) -> None:
        """Keep a rating and offer a note on it; "" forgets the rating and its note."""

        def change(known: Feedback | None) -> Feedback | None:
            if not rating:
                return None
            return Feedback(Rating(rating), known.note if known is not None else "")

        def show(stored: Message) -> None:
            self._answering.take_answer(stored)
            self._offer_note(stored)

        self._change(message_id, change, show)

    @Slot(str)
    def ask_for_note(self, message_id: str) -> None:
        """Open the line for a note on an answer that is rated."""
        self._runner.run(
            lambda: self._store.message(message_id), self._offer_note, self._pane.notice_bar.show_notice
        )

    @Slot(str, str)
    def _write_note(self, message_id: str, note: str) -> None:
        def change(known: Feedback | None) -> Feedback | None:
            return replace(known, note=note) if known is not None else None

        self._change(message_id, change, self._answering.take_answer)

    def _change(
        self,
        message_id: str,
        change: Callable[[Feedback | None], Feedback | None],
        show: Callable[[Message], None],
    ) -> None:
        def write() -> Message:
            answer = self._store.message(message_id)
            feedback = change(feedback_of(answer.metadata))
            value = feedback.to_dict() if feedback is not None else None
            return self._keep(message_id, answer.text, FEEDBACK, value)

        self._runner.run(write, show, self._pane.notice_bar.show_notice)

    def _offer_note(self, answer: Message) -> None:
        feedback, view = feedback_of(answer.metadata), self._pane.transcript.view_of(answer.id)
        if feedback is None or view is None or view.footer.toolbar is None or not self._pane.isVisible():
            return
        note = FeedbackNote(answer.id, feedback, self._pane)
        note.note_written.connect(self._write_note)
        toolbar = view.footer.toolbar
        note.open_below(toolbar.mapToGlobal(QPoint(0, toolbar.height())))
