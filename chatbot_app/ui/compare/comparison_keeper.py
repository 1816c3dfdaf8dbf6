"""Keeps a comparison when the person votes or goes on with an answer, and not before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from chatbot_app.core.compared import ComparedAnswer, ComparedQuestion, Outcome, Vote
from chatbot_app.core.ids import new_id
from chatbot_app.core.messages import Conversation, Message
from chatbot_app.storage.compared_answers import ComparedAnswerStore
from chatbot_app.workers.task_runner import TaskRunner

Answers = Mapping[int, ComparedAnswer]  # by column


@dataclass(slots=True)
class _Comparison:
    """What was asked together. The store's lane fills `ids` when it is first kept, and alone looks at them."""

    question: ComparedQuestion
    id: str
    ids: dict[int, str] = field(default_factory=dict)  # of the stored answers, by column
    is_gone_on_with: bool = False


class ComparisonKeeper(QObject):
    """For one comparison at a time; the store's lane does what is asked in its order."""

    kept = Signal(object)  # Conversation that was stored or changed
    went_on = Signal(object)  # Conversation, which shows the chosen answer now
    voted = Signal()
    failed = Signal(object)  # Notice

    def __init__(self, store: ComparedAnswerStore, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._runner = runner
        self._comparison: _Comparison | None = None

    def begin(self, question: ComparedQuestion) -> None:
        """Take what follows as about another comparison."""
        self._comparison = _Comparison(question, new_id())

    def vote(self, answers: Answers, outcomes: Mapping[int, Outcome], *, is_blind: bool) -> None:
        """Keep the answers with what was voted; no outcomes take the vote back."""
        comparison = self._comparison
        assert comparison is not None
        votes = {column: Vote(comparison.id, outcome, is_blind) for column, outcome in outcomes.items()}

        def keep() -> Conversation | None:
            conversation = self._stored(comparison, answers)
            self._store.vote({kept: votes.get(column) for column, kept in comparison.ids.items()})
            best = next((column for column, outcome in outcomes.items() if outcome is Outcome.WON), None)
            is_new = not comparison.question.conversation_id
            if is_new and best is not None and not comparison.is_gone_on_with:
                chosen = answers[best].answer
                conversation = self._store.go_on_with(comparison.ids[best], chosen.settings)
            return conversation

        def tell(conversation: Conversation | None) -> None:
            if conversation is not None:
                self.kept.emit(conversation)
            self.voted.emit()

        self._runner.run(keep, tell, self.failed.emit)

    def go_on(self, answers: Answers, column: int) -> None:
        """Keep the answers, and make one of them what its conversation goes on with, with its model and settings."""
        comparison = self._comparison
        assert comparison is not None
        chosen: Message = answers[column].answer

        def keep() -> Conversation:
            self._stored(comparison, answers)
            comparison.is_gone_on_with = True
            return self._store.go_on_with(comparison.ids[column], chosen.settings)

        def tell(conversation: Conversation) -> None:
            self.kept.emit(conversation)
            self.went_on.emit(conversation)

        self._runner.run(keep, tell, self.failed.emit)

    def _stored(self, comparison: _Comparison, answers: Answers) -> Conversation | None:
        """Store the answers unless they are; return the conversation where they were not."""
        if comparison.ids:
            return None
        conversation, ids = self._store.keep(comparison.question, tuple(answers.values()))
        comparison.ids = dict(zip(answers, ids, strict=True))
        return conversation
