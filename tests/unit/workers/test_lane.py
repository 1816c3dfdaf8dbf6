"""A lane does what it is given in order, what it likes in between, and ends when it is told to."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from chatbot_app.core.errors import DiskFull
from chatbot_app.core.messages import Notice
from chatbot_app.workers.lane import Lane, in_words
from chatbot_app.workers.model_fetcher import ModelFetcher


def test_what_is_done_in_between_waits_for_its_time_and_for_what_is_given(qtbot: QtBot) -> None:
    done: list[str] = []
    pauses: list[float | None] = [0.0, None, None]
    threads: set[str] = set()

    def between() -> float | None:
        done.append("between")
        threads.add(threading.current_thread().name)
        return pauses.pop(0)

    lane = Lane("test", between=between)
    lane.do(lambda: done.append("given before the start"))
    lane.start()
    qtbot.waitUntil(lambda: len(pauses) == 1)
    assert done == ["given before the start", "between", "between"]
    lane.do(lambda: done.append("given"))
    qtbot.waitUntil(lambda: not pauses)
    assert done[3:] == ["given", "between"]
    pauses.append(None)
    lane.wake()
    qtbot.waitUntil(lambda: not pauses)
    assert threads == {"test"}
    assert lane.stop(5)


def test_an_error_in_between_is_told_and_the_lane_goes_on(qtbot: QtBot) -> None:
    def between() -> None:
        raise DiskFull

    said: list[str] = []
    lane = Lane("test", between=between)
    lane.failed.connect(lambda notice: said.append(notice.kind))
    lane.start()
    qtbot.waitUntil(lambda: said == ["DiskFull"])
    done: list[int] = []
    lane.do(lambda: 1, done.append)
    qtbot.waitUntil(lambda: done == [1])
    assert lane.stop(5)


@pytest.mark.parametrize("end", [Lane.finish, Lane.stop])
def test_to_finish_is_to_do_what_waits_and_to_stop_is_not(
    qtbot: QtBot, end: Callable[[Lane, float], bool]
) -> None:
    held, go_on = threading.Event(), threading.Event()
    done: list[str] = []
    stopping: list[bool] = []
    lane = Lane("test", at_end=lambda: done.append("end"))

    def hold() -> None:
        held.set()
        go_on.wait(60)
        stopping.append(lane.is_stopping())

    lane.do(hold, lambda _: done.append("called back"))
    lane.do(lambda: done.append("waited"))
    lane.start()
    assert held.wait(60)
    assert not end(lane, 0.01)  # it is busy
    go_on.set()
    assert end(lane, 10)
    assert not lane.is_running
    assert done == (["waited", "end"] if end is Lane.finish else ["end"])
    assert stopping == [end is Lane.stop]


def test_a_lane_that_hangs_keeps_nothing_from_ending(qtbot: QtBot) -> None:
    go_on = threading.Event()
    lane = Lane("test")
    lane.do(go_on.wait)
    lane.start()
    assert not lane.stop(0.01)
    assert next(thread for thread in threading.enumerate() if thread.name == "test").daemon
    go_on.set()
    assert lane.stop(10)


def test_an_error_of_ours_is_logged_and_told_and_an_end_passes(caplog: pytest.LogCaptureFixture) -> None:
    said: list[Notice] = []
    with caplog.at_level(logging.ERROR), in_words(said.append, "it could not be done"):
        raise KeyError("x")
    assert [notice.kind for notice in said] == ["AppError"]
    assert "it could not be done" in caplog.text
    with pytest.raises(KeyboardInterrupt), in_words(said.append, "never said"):
        raise KeyboardInterrupt


def test_a_download_can_be_begun_again_after_it_failed(qtbot: QtBot) -> None:
    begun: list[int] = []

    def fetch():  # type: ignore[no-untyped-def]
        begun.append(1)
        if len(begun) == 1:
            raise DiskFull
        yield from ()

    fetcher = ModelFetcher(fetch)
    assert fetcher.shutdown(60)  # nothing was fetched: there is nothing to end
    with qtbot.waitSignal(fetcher.failed):
        fetcher.start()
        fetcher.start()  # one at a time
    with qtbot.waitSignal(fetcher.fetched):
        fetcher.start()
    assert begun == [1, 1]
    assert fetcher.shutdown(60)
