"""The worker brings events home in order, joins floods of text, and stops at once."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from chatbot_app.chat.events import (
    BackgroundEvent,
    FirstToken,
    ReasoningAppended,
    SummaryStarted,
    TextAppended,
    TurnEvent,
    TurnFinished,
)
from chatbot_app.chat.requests import NewQuestion, PlanRequest, TurnRequest
from chatbot_app.core.errors import DiskFull, RequestRefused
from chatbot_app.core.messages import Message, Notice, Role
from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.workers.chat_worker import ChatWorker

REQUEST = NewQuestion("conversation", None, "hello")

RunTurn = Callable[[TurnRequest], AsyncIterator[TurnEvent]]


@pytest.fixture
def make_worker(qtbot: QtBot) -> Iterator[Callable[[RunTurn], ChatWorker]]:
    workers: list[ChatWorker] = []

    async def close() -> None:
        closed.append(threading.current_thread().name)

    closed: list[str] = []

    def make(run_turn: RunTurn, **how: Any) -> ChatWorker:
        workers.append(ChatWorker(run_turn, at_end=close, **how))
        return workers[-1]

    yield make
    for worker in workers:
        assert worker.shutdown(60)
    assert len(closed) == len(workers)
    assert "MainThread" not in closed


class Heard:
    """Everything a worker signals, with the thread in which it arrived."""

    def __init__(self, worker: ChatWorker) -> None:
        self.events: list[TurnEvent] = []
        self.failures: list[Notice] = []
        self.ended: list[str] = []
        self.threads: set[str] = set()
        worker.event_received.connect(self.hear)
        worker.turn_failed.connect(lambda _, notice: self.failures.append(notice))
        worker.turn_ended.connect(self.ended.append)

    def hear(self, turn_id: str, event: TurnEvent) -> None:
        self.threads.add(threading.current_thread().name)
        self.events.append(event)


def test_a_flood_of_tokens_arrives_whole_in_few_events(
    make_worker: Callable[[RunTurn], ChatWorker], qtbot: QtBot
) -> None:
    async def flood(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        yield FirstToken(0.1)
        for number in range(3000):
            yield TextAppended(f"{number} ")
            if number % 100 == 0:
                await asyncio.sleep(0)
        yield ReasoningAppended("hm")
        yield TextAppended("end")

    worker = make_worker(flood)
    heard = Heard(worker)
    worker.send("turn", REQUEST)
    qtbot.waitUntil(lambda: heard.ended == ["turn"])
    assert heard.events[0] == FirstToken(0.1)
    assert heard.events[-2:] == [ReasoningAppended("hm"), TextAppended("end")]
    texts = [event.text for event in heard.events[1:-2] if isinstance(event, TextAppended)]
    assert "".join(texts) == "".join(f"{number} " for number in range(3000))
    assert len(texts) < 300
    assert worker.running_turns() == frozenset()


def test_cancel_stops_a_request_that_never_answers(
    make_worker: Callable[[RunTurn], ChatWorker], qtbot: QtBot
) -> None:
    async def hang(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        yield FirstToken(0.0)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            yield TextAppended("stopped")

    worker = make_worker(hang)
    heard = Heard(worker)
    worker.send("turn", REQUEST)
    qtbot.waitUntil(lambda: len(heard.events) == 1)
    worker.cancel("turn")
    qtbot.waitUntil(lambda: heard.ended == ["turn"])
    assert heard.events[-1] == TextAppended("stopped")


def test_cancel_before_the_first_step_still_ends_the_turn(
    make_worker: Callable[[RunTurn], ChatWorker], qtbot: QtBot
) -> None:
    async def never(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        await asyncio.Event().wait()
        yield FirstToken(0.0)

    worker = make_worker(never)
    heard = Heard(worker)
    worker.send("turn", REQUEST)
    worker.cancel("turn")
    qtbot.waitUntil(lambda: heard.ended == ["turn"])


def test_a_turn_that_could_not_be_stored_says_why(
    make_worker: Callable[[RunTurn], ChatWorker], qtbot: QtBot
) -> None:
    async def full(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        raise DiskFull
        yield FirstToken(0.0)

    worker = make_worker(full)
    heard = Heard(worker)
    worker.send("turn", REQUEST)
    qtbot.waitUntil(lambda: heard.ended == ["turn"])
    assert [notice.kind for notice in heard.failures] == ["DiskFull"]


def test_events_arrive_in_the_thread_of_a_receiving_qobject(
    make_worker: Callable[[RunTurn], ChatWorker], qtbot: QtBot
) -> None:
    arrived: list[str] = []

    async def answer() -> str:
        return threading.current_thread().name

    async def nothing(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        yield FirstToken(0.0)

    worker = make_worker(nothing)
    worker.call(answer, lambda result: arrived.extend([result, threading.current_thread().name]))
    qtbot.waitUntil(lambda: len(arrived) == 2)
    assert arrived[0] != "MainThread"
    assert arrived[1] == "MainThread"


def test_quitting_during_an_answer_ends_in_time(
    make_worker: Callable[[RunTurn], ChatWorker], qtbot: QtBot
) -> None:
    reasons: list[object] = []

    async def hang(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        yield FirstToken(0.0)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as stop:
            reasons.extend(stop.args)
            raise

    worker = make_worker(hang)
    heard = Heard(worker)
    worker.send("turn", REQUEST)
    qtbot.waitUntil(lambda: len(heard.events) == 1)
    assert worker.shutdown(60)
    assert reasons == ["quitting"]


def test_the_newest_plan_wins_and_errors_come_home(
    make_worker: Callable[..., ChatWorker], qtbot: QtBot
) -> None:
    plan = PromptPlan((), 100, 10)
    started: list[str] = []

    async def plan_turn(request: PlanRequest) -> PromptPlan:
        started.append(request.draft)
        if request.draft == "slow":
            await asyncio.Event().wait()
        if request.draft == "bad":
            raise DiskFull()
        return plan

    worker = make_worker(_no_turn, plan_turn=plan_turn)
    planned: list[tuple[PlanRequest, PromptPlan]] = []
    failed: list[Notice] = []
    worker.prompt_planned.connect(lambda request, made: planned.append((request, made)))
    worker.planning_failed.connect(lambda _, notice: failed.append(notice))
    worker.plan(PlanRequest("c", None, "slow"))
    qtbot.waitUntil(lambda: started == ["slow"])
    worker.plan(PlanRequest("c", None, "quick"))
    qtbot.waitUntil(lambda: bool(planned))
    assert planned == [(PlanRequest("c", None, "quick"), plan)]
    worker.plan(PlanRequest("c", None, "bad"))
    qtbot.waitUntil(lambda: bool(failed))
    assert failed[0].kind == "DiskFull"


def test_work_after_an_answer_gives_way_to_the_next_question(
    make_worker: Callable[..., ChatWorker], qtbot: QtBot
) -> None:
    answer = Message("a", "conversation", "q", 2, Role.ASSISTANT, "done")
    ended: list[str] = []

    async def run_turn(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        yield TurnFinished(answer)

    async def after_turn(answer: Message) -> AsyncIterator[BackgroundEvent]:
        yield SummaryStarted(answer.conversation_id)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(answer.id)

    worker = make_worker(run_turn, after_turn=after_turn)
    heard: list[BackgroundEvent] = []
    worker.summary_event.connect(heard.append)
    worker.send("one", REQUEST)
    qtbot.waitUntil(lambda: heard == [SummaryStarted("conversation")])
    assert not worker.running_turns()
    worker.send("two", REQUEST)
    qtbot.waitUntil(lambda: ended == ["a"] and len(heard) == 2)


def test_what_a_server_said_of_the_work_after_an_answer_is_not_logged(
    make_worker: Callable[..., ChatWorker], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    """Its words may repeat those of the conversation, which may be temporary."""

    async def run_turn(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        yield TurnFinished(Message("a", "conversation", "q", 2, Role.ASSISTANT, "done"))

    async def after_turn(answer: Message) -> AsyncIterator[BackgroundEvent]:
        yield SummaryStarted(answer.conversation_id)
        raise RequestRefused(server="Server", detail="cannot read “Zwiebelfisch”")

    make_worker(run_turn, after_turn=after_turn).send("one", REQUEST)
    qtbot.waitUntil(lambda: "RequestRefused" in caplog.text)
    assert "Zwiebelfisch" not in caplog.text


def test_nothing_begins_anew_for_a_conversation_in_the_trash(
    make_worker: Callable[..., ChatWorker], qtbot: QtBot
) -> None:
    """Its answer is stopped, what was done in the background ends, and Undo starts nothing by itself."""
    answer = Message("a", "conversation", "q", 2, Role.ASSISTANT, "done")
    began, ended, planned = [], [], []

    async def run_turn(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        with suppress(asyncio.CancelledError):
            if request.text == "long":  # type: ignore[union-attr]
                await asyncio.Event().wait()
        yield TurnFinished(answer)

    async def after_turn(answer: Message) -> AsyncIterator[BackgroundEvent]:
        began.append(answer.id)
        try:
            await asyncio.Event().wait()
            yield SummaryStarted(answer.conversation_id)
        finally:
            ended.append(answer.id)

    async def plan_turn(request: PlanRequest) -> PromptPlan:
        planned.append(request.conversation_id)
        return PromptPlan((), 1, 1)

    worker = make_worker(run_turn, after_turn=after_turn, plan_turn=plan_turn)
    heard = Heard(worker)
    worker.send("one", REQUEST)
    qtbot.waitUntil(lambda: began == ["a"])
    worker.leave("conversation")
    qtbot.waitUntil(lambda: ended == ["a"])
    worker.plan(PlanRequest("conversation", None, "draft"))
    worker.send("two", NewQuestion("conversation", None, "long"))
    worker.cancel("two")
    qtbot.waitUntil(lambda: heard.ended == ["one", "two"])
    worker.come_back("conversation")
    assert (began, planned) == (["a"], [])
    worker.plan(PlanRequest("conversation", None, "draft"))
    qtbot.waitUntil(lambda: planned == ["conversation"])
    worker.send("three", REQUEST)
    qtbot.waitUntil(lambda: began == ["a", "a"])


def test_nothing_is_left_pending_or_begun_at_the_end(
    make_worker: Callable[..., ChatWorker], qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    """A turn that ends well although it was cancelled starts no work; what is asked meanwhile is not begun."""
    answer = Message("a", "conversation", "q", 2, Role.ASSISTANT, "done")
    began: list[str] = []
    release = threading.Event()

    async def run_turn(request: TurnRequest) -> AsyncIterator[TurnEvent]:
        yield FirstToken(0.1)
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        with suppress(asyncio.CancelledError):
            await asyncio.to_thread(release.wait, 10)
        yield TurnFinished(answer)

    async def after_turn(answer: Message) -> AsyncIterator[BackgroundEvent]:
        began.append("after")
        await asyncio.Event().wait()
        yield SummaryStarted(answer.conversation_id)

    async def plan_turn(request: PlanRequest) -> PromptPlan:
        began.append("plan")
        return PromptPlan((), 1, 1)

    async def call() -> None:
        began.append("call")

    worker = make_worker(run_turn, after_turn=after_turn, plan_turn=plan_turn)
    heard = Heard(worker)
    worker.send("one", REQUEST)
    qtbot.waitUntil(lambda: bool(heard.events))
    assert not worker.shutdown(0)  # it ends, but one of its threads is waited for
    worker.send("two", REQUEST)
    worker.plan(PlanRequest("conversation", None, "draft"))
    worker.call(call)
    release.set()
    assert worker.shutdown(60)
    gc.collect()
    qtbot.waitUntil(lambda: "one" in heard.ended)
    assert began == []
    assert "was destroyed but it is pending" not in caplog.text
    assert "never awaited" not in caplog.text


async def _no_turn(request: TurnRequest) -> AsyncIterator[TurnEvent]:
    return
    yield
