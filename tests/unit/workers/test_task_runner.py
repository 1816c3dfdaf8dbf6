"""Tasks run in order on another thread; what they bring arrives in the owner's thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from chatbot_app.core.errors import DiskFull
from chatbot_app.core.messages import Notice
from chatbot_app.workers.task_runner import TaskRunner


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    assert runner.shutdown(60)


def test_results_arrive_in_order_and_in_the_owners_thread(runner: TaskRunner, qtbot: QtBot) -> None:
    arrived: list[tuple[int, str]] = []
    worked: list[str] = []

    def work(number: int) -> int:
        worked.append(threading.current_thread().name)
        return number

    for number in range(5):
        runner.run(
            lambda number=number: work(number),
            lambda result: arrived.append((result, threading.current_thread().name)),
        )
    qtbot.waitUntil(lambda: len(arrived) == 5)
    assert [result for result, _ in arrived] == [0, 1, 2, 3, 4]
    assert {name for _, name in arrived} == {"MainThread"}
    assert "MainThread" not in worked


def test_a_failure_reaches_its_caller_and_the_next_task_runs(runner: TaskRunner, qtbot: QtBot) -> None:
    said: list[Notice] = []
    done: list[Any] = []

    def fail() -> None:
        raise DiskFull

    runner.run(fail, None, said.append)
    runner.run(lambda: "next", done.append)
    qtbot.waitUntil(lambda: done == ["next"])
    assert said[0].kind == "DiskFull"


def test_a_failure_nobody_waits_for_is_signalled(runner: TaskRunner, qtbot: QtBot) -> None:
    def fail() -> None:
        raise DiskFull

    with qtbot.waitSignal(runner.failed) as signalled:
        runner.run(fail)
    assert signalled.args[0].kind == "DiskFull"


def test_what_is_queued_is_finished_before_the_end(qtbot: QtBot) -> None:
    written: list[int] = []
    closed: list[str] = []
    runner = TaskRunner(at_end=lambda: closed.append(threading.current_thread().name))
    for number in range(20):
        runner.run(lambda number=number: written.append(number))
    assert runner.shutdown(60)
    assert written == list(range(20))
    assert len(closed) == 1
    assert closed != ["MainThread"]


def test_what_comes_afterwards_waits_for_everything_before_it_and_for_nothing_else(
    runner: TaskRunner, qtbot: QtBot
) -> None:
    said: list[str] = []
    runner.afterwards(lambda: said.append("at once"))
    assert said == ["at once"]
    held, go_on = threading.Event(), threading.Event()

    def fail() -> None:
        raise DiskFull

    runner.run(lambda: "first", said.append)
    runner.run(fail, None, lambda _: said.append("failed"))
    runner.afterwards(lambda: said.append("afterwards"))
    runner.run(lambda: (held.set(), go_on.wait(60)), lambda _: said.append("later"))
    qtbot.waitUntil(lambda: held.is_set() and "afterwards" in said)
    assert said == ["at once", "first", "failed", "afterwards"]
    go_on.set()
    qtbot.waitUntil(lambda: said[-1] == "later")


def test_what_is_begun_by_a_result_can_be_waited_for_in_its_turn(runner: TaskRunner, qtbot: QtBot) -> None:
    said: list[str] = []

    def opened(_: object) -> None:
        runner.run(lambda: "second", said.append)

    runner.run(lambda: "first", opened)
    runner.afterwards(lambda: runner.afterwards(lambda: said.append("both are there")))
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said == ["second", "both are there"]
