"""Writing and sending in the first moments of a launch, while the window still fills."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from chatbot_app.application import Application, create_application
from chatbot_app.chat.evidence import EvidenceFinder
from chatbot_app.llm.gateway import Gateway
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.fixture
def launch_in_stages(qtbot: QtBot, data_dir: Path) -> Iterator[Callable[[], Person]]:
    """Show the window as `python -m chatbot_app` does, with all stages still to come."""
    running: list[Application] = []

    def start() -> Person:
        running.append(create_application(data_dir, staged=True))
        return Person(running[-1], qtbot)

    yield start
    for application in running:
        application.shutdown()


def test_what_is_sent_before_the_window_is_whole_is_answered_where_the_conversation_had_stopped(
    launch: Launch, launch_in_stages: Callable[[], Person], scripted: ScriptedServer
) -> None:
    person = launch()
    person.ask("What is the capital of France?")
    conversation_id = person.application.controllers.chat.conversation_id
    person.application.shutdown()

    person = launch_in_stages()
    assert person.application.window.focusWidget() is person.composer
    person.qtbot.keyClicks(person.composer, "And of Italy?")
    person.qtbot.keyClick(person.composer, Qt.Key.Key_Return)
    assert person.composer.toPlainText() == "And of Italy?"  # stays in sight until it is sent
    person.application.finish_start()
    person.qtbot.waitUntil(lambda: len(person.answers()) == 2, timeout=30_000)
    person.wait_until_idle()
    assert person.application.controllers.chat.conversation_id == conversation_id
    assert person.messages()[2].text == "And of Italy?"
    assert person.composer.toPlainText() == ""


def test_what_is_sent_at_the_first_launch_is_answered(
    launch_in_stages: Callable[[], Person], scripted: ScriptedServer
) -> None:
    person = launch_in_stages()
    person.type_and_send("Hello")
    person.application.finish_start()
    person.qtbot.waitUntil(lambda: len(person.answers()) == 1, timeout=30_000)
    person.wait_until_idle()
    assert person.messages()[0].text == "Hello"


def test_the_window_and_its_dialogs_have_the_icon_of_the_program(
    launch_in_stages: Callable[[], Person], scripted: ScriptedServer
) -> None:
    QGuiApplication.setWindowIcon(QIcon())
    person = launch_in_stages()
    person.application.finish_start()
    icon = person.application.window.windowIcon()
    assert {size.width() for size in icon.availableSizes()} >= {32, 64, 128, 256}
    assert QMessageBox(person.application.window).windowIcon().cacheKey() == icon.cacheKey()


def test_what_is_written_early_joins_the_conversation_and_leaves_the_draft_of_a_new_one(
    launch: Launch, launch_in_stages: Callable[[], Person], scripted: ScriptedServer
) -> None:
    person = launch()
    person.ask("Remember me")
    conversation_id = person.application.controllers.chat.conversation_id
    assert conversation_id is not None
    person.click("new_conversation_button")
    person.qtbot.keyClicks(person.composer, "for another day")
    person.application.controllers.chat.open(conversation_id)
    person.qtbot.waitUntil(lambda: person.application.controllers.chat.conversation_id == conversation_id)
    person.application.shutdown()

    person = launch_in_stages()
    person.qtbot.keyClicks(person.composer, "early words")
    person.application.finish_start()
    person.qtbot.waitUntil(lambda: person.application.controllers.chat.conversation_id == conversation_id)
    assert person.composer.toPlainText() == "early words"
    person.click("new_conversation_button")
    assert person.composer.toPlainText() == "for another day"


def test_what_is_written_before_the_window_is_whole_loads_the_client_library_too(
    launch_in_stages: Callable[[], Person], scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[bool] = []
    monkeypatch.setattr(Gateway, "preload_client", lambda self: loaded.append(True))
    person = launch_in_stages()
    person.qtbot.keyClicks(person.composer, "Hello")
    assert loaded == []  # nobody listens yet
    person.application.finish_start()
    assert person.composer.toPlainText() == "Hello"
    assert loaded == [True]


def test_the_first_letter_of_a_question_to_documents_makes_the_search_ready(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    monkeypatch.setattr(
        EvidenceFinder, "warm_up", lambda _self: threads.append(threading.current_thread().name)
    )
    person = launch()
    person.application.controllers.chat.replace_settings(collections=None)
    person.qtbot.keyClicks(person.composer, "How")  # to a model alone
    person.application.controllers.chat.replace_settings(collections=())
    person.composer.clear()
    person.qtbot.keyClicks(person.composer, "How")
    person.qtbot.waitUntil(lambda: bool(threads))
    assert len(threads) == 1
    assert threads[0] != threading.current_thread().name


ONLY_OPEN = """
import sys, time
from pathlib import Path
from chatbot_app.application import create_application
application = create_application(Path(sys.argv[1]))
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
QTest.qWait(1500)
print("openai" in sys.modules)
QTest.keyClicks(application.window.findChild(QPlainTextEdit, "composer"), "x")
end = time.monotonic() + 60
while "openai.types" not in sys.modules and time.monotonic() < end:
    QTest.qWait(50)
print("openai" in sys.modules)
application.shutdown()
"""


def test_the_client_library_is_loaded_with_the_first_letter_and_not_by_a_window_that_is_only_open(
    tmp_path: Path,
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", ONLY_OPEN, str(tmp_path / "data")], capture_output=True, text=True, timeout=120
    )
    assert run.stdout.split() == ["False", "True"], run.stderr
    assert run.returncode == 0
