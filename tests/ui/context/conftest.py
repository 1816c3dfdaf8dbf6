"""A chat pane with a real store, and a worker that answers when the test says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from chatbot_app.chat.requests import PlanRequest, TurnRequest
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.paths import DataPaths
from chatbot_app.core.prompt_plan import PartKind, PlanPart, PromptPlan
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.storage.summaries import SummaryStore
from chatbot_app.ui.chat.asking_controller import AskingController
from chatbot_app.ui.chat.chat_area import connect_pane
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.chat_pane import ChatPane
from chatbot_app.ui.chat.marks_controller import MarksController
from chatbot_app.ui.chat.running_turns import RunningTurns
from chatbot_app.ui.context.context_controller import ContextController
from chatbot_app.workers.task_runner import TaskRunner


class FakeWorker(QObject):
    """Takes what ChatWorker takes and keeps it; the test emits what comes back."""

    event_received = Signal(str, object)
    turn_failed = Signal(str, object)
    turn_ended = Signal(str)
    prompt_planned = Signal(object, object)
    planning_failed = Signal(object, object)
    summary_event = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[TurnRequest] = []
        self.asked: list[PlanRequest] = []

    def send(self, turn_id: str, request: TurnRequest) -> None:
        self.sent.append(request)

    def cancel(self, turn_id: str, reason: str | None = None) -> None:
        self.turn_ended.emit(turn_id)

    def plan(self, request: PlanRequest) -> None:
        self.asked.append(request)


class FakeModels:
    """Says which model answers and keeps the windows that are named."""

    def __init__(self) -> None:
        self.named: list[tuple[str, str, int | None]] = []

    def names(self, settings: GenerationSettings) -> tuple[str, str | None]:
        return "s1", settings.model or "tiny"

    def remember_window(self, server_id: str, model: str, tokens: int | None) -> None:
        self.named.append((server_id, model, tokens))


@dataclass
class Desk:
    """Everything that works together on the next prompt."""

    qtbot: QtBot
    pane: ChatPane
    chat: ChatController
    asking: AskingController
    marks: MarksController
    context: ContextController
    store: ConversationStore
    summaries: SummaryStore
    worker: FakeWorker
    models: FakeModels
    messages: list[Message]
    runner: TaskRunner

    @property
    def conversation_id(self) -> str:
        return self.messages[0].conversation_id

    def open(self) -> None:
        self.chat.open(self.conversation_id)
        self.qtbot.waitUntil(lambda: self.chat.conversation_id == self.conversation_id)

    def type(self, text: str) -> None:
        """Write a draft and wait until it is planned."""
        before = len(self.worker.asked)
        self.pane.composer.set_text(text)
        self.qtbot.waitUntil(lambda: len(self.worker.asked) > before)

    def answer(self, plan: PromptPlan) -> None:
        """Let the worker answer what it was asked last."""
        self.worker.prompt_planned.emit(self.worker.asked[-1], plan)

    def plan(
        self, *, out: int = 0, question: int = 40, window: int = 2048, source: str = "server"
    ) -> PromptPlan:
        """Return a plan of the conversation; the first `out` messages have left the window."""
        history = [
            PlanPart(
                PartKind.PINNED if message.pinned else PartKind.HISTORY,
                message.role,
                message.text,
                100,
                place >= out,
                "oldest, over budget" if place < out else "earlier exchange",
                message.id,
                over_budget=place < out,
            )
            for place, message in enumerate(self.messages)
        ]
        draft = self.pane.composer.text()
        last = PlanPart(PartKind.QUESTION, Role.USER, draft, question, True, "the question")
        return PromptPlan((*history, last), window, 512, exact=True, window_source=source)


@pytest.fixture
def desk(qtbot: QtBot, data_dir: Path) -> Iterator[Desk]:
    database = Database(DataPaths(data_dir))
    numbers = count()

    def now() -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def new_id() -> str:
        return f"id{next(numbers)}"

    store = ConversationStore(database, now=now, new_id=new_id)
    summaries = SummaryStore(database, now=now, new_id=new_id)
    conversation = store.create_conversation(GenerationSettings())
    messages: list[Message] = []
    for number in range(3):
        parent = messages[-1].id if messages else None
        question, answer = store.begin_exchange(
            conversation.id, parent, f"Question {number}?", settings=GenerationSettings()
        )
        store.finish_message(
            answer.id, status=MessageStatus.COMPLETE, text=f"Answer {number}.", finish_reason="stop"
        )
        messages += [question, store.message(answer.id)]
    pane = ChatPane()
    qtbot.addWidget(pane)
    pane.add_transcript()
    pane.add_gauge()
    pane.resize(800, 600)
    pane.show()
    runner, worker, models = TaskRunner(), FakeWorker(), FakeModels()
    area = connect_pane(pane, store, runner, RunningTurns(worker, new_id, pane), pane)  # type: ignore[arg-type]
    context = ContextController(pane, area, store, summaries, models, runner, runner, worker, pane)  # type: ignore[arg-type]
    chat, asking, marks = area.chat, area.asking, area.marks
    yield Desk(qtbot, pane, chat, asking, marks, context, store, summaries, worker, models, messages, runner)
    runner.shutdown()
    pane.close()
    database.close()
