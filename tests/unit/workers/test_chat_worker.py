"""The worker brings events home in order, joins floods of text, and stops at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from chatbot_app.chat.events import FirstToken, ReasoningAppended, TextAppended, TurnEvent
from chatbot_app.chat.requests import NewQuestion, TurnRequest
from chatbot_app.core.errors import DiskFull
from chatbot_app.core.messages import Notice
from chatbot_app.workers.chat_worker import ChatWorker

REQUEST = NewQuestion("conversation", None, "hello")

RunTurn = Callable[[TurnRequest], AsyncIterator[TurnEvent]]


@pytest.fixture
def make_worker(qtbot: QtBot) -> Iterator[Callable[[RunTurn], ChatWorker]]:
    workers: list[ChatWorker] = []

    async def close() -> None:
        closed.append(threading.current_thread().name)

    closed: list[str] = []

    def make(run_turn: RunTurn) -> ChatWorker:
        workers.append(ChatWorker(run_turn, at_end=close))
        return workers[-1]

    yield make
    for worker in workers:
        assert worker.shutdown()
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
    assert worker.shutdown()
    assert reasons == ["quitting"]
