"""The exchanges under way, in whichever conversation, and what has arrived of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.chat.events import (
    ReasoningAppended,
    TextAppended,
    TurnEvent,
    TurnFinished,
    UserMessageStored,
)
from chatbot_app.chat.requests import NewQuestion, TurnRequest
from chatbot_app.core.messages import Message, Notice
from chatbot_app.core.pictures import Picture
from chatbot_app.workers.chat_worker import ChatWorker


@dataclass(slots=True)
class RunningTurn:
    """An exchange under way. `draft` is the question until it is safe in the store, then ""; so it `is_waiting`.

    `draft_key` names the draft that holds it all the while ("" that of a new conversation); None says that
    no draft does.
    """

    id: str
    request: TurnRequest
    draft: str
    draft_key: str | None = None
    is_waiting: bool = False
    is_sent: bool = False  # to the worker
    answer: Message | None = None
    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)

    @property
    def conversation_id(self) -> str:
        """The conversation that is being answered."""
        return self.request.conversation_id

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures of a new question."""
        return self.request.pictures if isinstance(self.request, NewQuestion) else ()

    def arrived(self) -> Message:
        """Return the answer with everything that has arrived of it."""
        assert self.answer is not None
        return replace(
            self.answer,
            text="".join([self.answer.text, *self.text]),
            reasoning="".join([self.answer.reasoning, *self.reasoning]),
        )


class RunningTurns(QObject):
    """Starts and stops exchanges; keeps their text, so that a conversation can be left and come back to."""

    stored = Signal(object, object)  # RunningTurn, UserMessageStored
    event_arrived = Signal(object, object)  # RunningTurn with its answer, TurnEvent
    given_back = Signal(object, str)  # RunningTurn, the question that was not stored
    failed = Signal(object)  # Notice
    ended = Signal(object)  # RunningTurn
    answering_changed = Signal(str, bool)  # conversation id, whether an answer is under way

    def __init__(self, worker: ChatWorker, new_id: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._new_id = new_id
        self._turns: dict[str, RunningTurn] = {}
        worker.event_received.connect(self._take_event)
        worker.turn_failed.connect(self._take_failure)
        worker.turn_ended.connect(self._take_end)

    def new_id(self) -> str:
        """Return an id that is unique everywhere, for what is to be stored."""
        return self._new_id()

    def prepare(self, request: TurnRequest, draft: str, draft_key: str | None = None) -> RunningTurn:
        """Count an exchange as under way before it is sent."""
        turn = RunningTurn(self._new_id(), request, draft, draft_key)
        turn.is_waiting = bool(draft or turn.pictures)
        self._turns[turn.id] = turn
        self.answering_changed.emit(turn.conversation_id, True)
        return turn

    def send(self, turn: RunningTurn) -> None:
        """Hand a prepared exchange to the worker; one that was stopped meanwhile is over already."""
        if turn.id in self._turns:
            turn.is_sent = True
            self._worker.send(turn.id, turn.request)

    def stop(self, conversation_id: str | None) -> None:
        """Stop what is being answered in a conversation."""
        for turn in list(self._turns.values()):
            if turn.conversation_id == conversation_id:
                self._stop(turn)

    def stop_all(self, reason: str | None = None) -> None:
        """Stop everything that is being answered; `reason` is that of `ChatWorker.cancel`."""
        for turn in list(self._turns.values()):
            self._stop(turn, reason)

    def _stop(self, turn: RunningTurn, reason: str | None = None) -> None:
        if turn.is_sent:
            self._worker.cancel(turn.id, reason)
        else:
            self._take_end(turn.id)

    def waiting(self) -> list[RunningTurn]:
        """Return the exchanges whose question is not stored yet."""
        return [turn for turn in self._turns.values() if turn.is_waiting]

    @property
    def are_any(self) -> bool:
        """Whether anything is being answered."""
        return bool(self._turns)

    def of(self, conversation_id: str | None) -> RunningTurn | None:
        """Return the exchange under way in a conversation."""
        turns = self._turns.values()
        return next((turn for turn in turns if turn.conversation_id == conversation_id), None)

    @Slot(str, object)
    def _take_event(self, turn_id: str, event: TurnEvent) -> None:
        turn = self._turns.get(turn_id)
        if turn is None:
            return
        match event:
            case UserMessageStored(_, answer):
                turn.answer = answer
                self.stored.emit(turn, event)
                turn.draft, turn.is_waiting = "", False
                return
            case TextAppended(text):
                turn.text.append(text)
            case ReasoningAppended(text):
                turn.reasoning.append(text)
            case TurnFinished(answer):
                turn.answer = answer
        self.event_arrived.emit(turn, event)

    @Slot(str, object)
    def _take_failure(self, turn_id: str, notice: Notice) -> None:
        turn = self._turns.get(turn_id)
        if turn is not None:
            self._give_back(turn)
        self.failed.emit(notice)

    @Slot(str)
    def _take_end(self, turn_id: str) -> None:
        turn = self._turns.pop(turn_id, None)
        if turn is not None:
            self._give_back(turn)  # where it was cancelled before anything was stored
            self.ended.emit(turn)
            self.answering_changed.emit(turn.conversation_id, False)

    def _give_back(self, turn: RunningTurn) -> None:
        if turn.is_waiting:
            draft, turn.draft, turn.is_waiting = turn.draft, "", False
            self.given_back.emit(turn, draft)
