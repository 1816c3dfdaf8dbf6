"""A thread that waits does part of the work that it waits for, and nothing when it does not wait."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from chatbot_app.knowledge.search.waiting_thread import WaitingThread


def test_what_is_submitted_runs_in_the_thread_that_waits() -> None:
    waiting = WaitingThread()

    def work() -> tuple[str, int]:
        return str(waiting.submit(lambda: threading.current_thread().name).result()), threading.get_ident()

    with ThreadPoolExecutor(1) as pool:
        name, worker = waiting.wait_for(pool.submit(work))
    assert name == threading.current_thread().name
    assert worker != threading.get_ident()


def test_an_error_is_raised_where_the_work_was_submitted_and_where_the_result_is_awaited() -> None:
    waiting = WaitingThread()
    raised: list[str] = []

    def work() -> None:
        try:
            waiting.submit(int, "none").result()
        except ValueError as error:
            raised.append(str(error))
            raise

    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="none"):
        waiting.wait_for(pool.submit(work))
    assert len(raised) == 1


def test_what_was_cancelled_or_comes_too_late_is_not_done() -> None:
    waiting = WaitingThread()
    done: list[str] = []
    early = waiting.submit(done.append, "early")
    assert early.cancel()
    awaited: Future[int] = Future()
    awaited.set_result(7)
    assert waiting.wait_for(awaited) == 7
    late = waiting.submit(done.append, "late")
    assert late.cancel()
    assert done == []
