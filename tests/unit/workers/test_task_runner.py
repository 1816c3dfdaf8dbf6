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
    assert runner.shutdown()


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

    with qtbot.waitSignal(runner.task_failed) as signalled:
        runner.run(fail)
    assert signalled.args[0].kind == "DiskFull"


def test_what_is_queued_is_finished_before_the_end(qtbot: QtBot) -> None:
    written: list[int] = []
    closed: list[str] = []
    runner = TaskRunner(at_end=lambda: closed.append(threading.current_thread().name))
    for number in range(20):
        runner.run(lambda number=number: written.append(number))
    assert runner.shutdown()
    assert written == list(range(20))
    assert len(closed) == 1
    assert closed != ["MainThread"]
