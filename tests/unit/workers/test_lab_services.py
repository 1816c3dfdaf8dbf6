"""Work of a page of the laboratory: off the GUI thread, and only the newest counts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from chatbot_app.chat.services import Services
from chatbot_app.core.errors import ModelNotFound
from chatbot_app.core.messages import Notice
from chatbot_app.workers.lab_services import LabServices, Progress
from chatbot_app.workers.lanes import Lanes


@pytest.fixture
def lab(qtbot: QtBot) -> Iterator[LabServices]:
    owner = QObject()
    services = LabServices(cast(Services, None), cast(Lanes, None), owner)
    yield services
    assert services.shutdown()


def unexpected(notice: Notice) -> None:
    raise AssertionError(notice)


def test_a_job_runs_in_another_thread_and_calls_back_in_this_one(lab: LabServices, qtbot: QtBot) -> None:
    told: list[object] = []

    def job(progress: Progress) -> str:
        progress.tell(0.5)
        return threading.current_thread().name

    here = threading.current_thread()
    lab.run(
        job,
        lambda name: told.append((name, threading.current_thread() is here)),
        unexpected,
        progress=told.append,
    )
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [0.5, ("laboratory", True)]


def test_only_the_newest_of_a_topic_is_shown_and_the_older_one_ends(lab: LabServices, qtbot: QtBot) -> None:
    began, told = threading.Event(), list[str]()

    def endless(progress: Progress) -> str:
        began.set()
        while True:
            progress.check()

    lab.run(endless, told.append, unexpected)
    assert began.wait(60)
    lab.run(lambda _: "waits", told.append, unexpected)
    lab.run(lambda _: "another topic", told.append, unexpected, topic="other")
    lab.run(lambda _: "newest", told.append, unexpected)
    qtbot.waitUntil(lambda: "newest" in told)
    assert told == ["another topic", "newest"]


def test_an_error_comes_in_words(lab: LabServices, qtbot: QtBot) -> None:
    said: list[Notice] = []

    def fail(_: Progress) -> None:
        raise ModelNotFound

    lab.run(fail, lambda _: None, said.append)
    qtbot.waitUntil(lambda: bool(said))
    assert said[0].kind == "ModelNotFound"


def test_giving_up_ends_what_runs_and_calls_nobody_back(lab: LabServices, qtbot: QtBot) -> None:
    began, ended, told = threading.Event(), threading.Event(), list[str]()

    def endless(progress: Progress) -> None:
        began.set()
        try:
            while True:
                progress.tell(0.1)
        finally:
            ended.set()

    lab.run(endless, told.append, unexpected)
    assert began.wait(60)
    with qtbot.waitSignal(lab.given_up):
        lab.give_up()
    assert ended.wait(60)
    lab.run(lambda _: "after", told.append, unexpected)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["after"]
