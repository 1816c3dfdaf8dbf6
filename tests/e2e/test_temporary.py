"""Temporary conversations in the real window: a whole chat, and afterwards no byte of it on the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QWidget

from chatbot_app.application import create_services
from chatbot_app.core.temporary import is_temporary
from chatbot_app.ui.temporary.temporary_rows import TemporaryRows
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer
from tests.traces import SECRET, holding

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.xdist_group("e2e")

PATIENCE = 60_000  # ms


def titles(person: Person) -> list[str]:
    model = person.find(QListView, "conversation_list").model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def wait_for_store(person: Person) -> None:
    """Wait until the store has done what it was given."""
    done: list[bool] = []
    person.application.lanes.store.afterwards(lambda: done.append(True))
    person.qtbot.waitUntil(lambda: bool(done), timeout=PATIENCE)


def begin(person: Person) -> str:
    chat = person.application.controllers.chat
    before = chat.conversation_id
    person.click("new_temporary_button")
    person.qtbot.waitUntil(lambda: chat.conversation_id not in (before, None), timeout=PATIENCE)
    assert is_temporary(chat.conversation_id)
    return chat.conversation_id or ""


def test_a_whole_chat_is_kept_or_leaves_nothing(
    launch: Launch, scripted: ScriptedServer, data_dir: Path
) -> None:
    person = launch()
    wait, application = person.qtbot.waitUntil, person.application
    chat, store = application.controllers.chat, application.services.conversations
    bar, rows = person.find(QWidget, "temporary_bar"), person.find(TemporaryRows, "temporary_rows")
    assert not bar.isVisible()
    assert not rows.isVisible()

    kept_id = begin(person)
    assert bar.isVisible()
    assert chat.settings.collections == ()  # all documents, as in any other
    assert not person.find(QPushButton, "temporary_keep_button").isEnabled()  # there is nothing to keep
    assert "written to disk" in person.find(QLabel, "temporary_meaning").text()
    answer = person.ask(f"What is a {SECRET}?")
    assert application.window.chat_pane.title_label.text() != ""
    application.window.chat_pane.transcript.user_actions.regenerate_requested.emit(answer.id)
    wait(lambda: len(store.siblings(answer.id)) == 2, timeout=PATIENCE)
    person.wait_until_idle()
    person.qtbot.keyClicks(person.composer, f"and {SECRET} again")
    application.draft_keeper.save()
    assert titles(person) == []

    application.window.new_conversation_requested.emit()  # somewhere else, and back
    wait(lambda: chat.conversation_id is None, timeout=PATIENCE)
    assert not bar.isVisible()
    assert person.composer.toPlainText() == ""
    person.qtbot.mouseClick(rows.findChild(QPushButton, "temporary_row_button"), Qt.MouseButton.LeftButton)
    wait(lambda: chat.conversation_id == kept_id, timeout=PATIENCE)
    assert person.composer.toPlainText() == f"and {SECRET} again"
    assert len(person.messages()) == 2
    application.draft_keeper.save()
    wait_for_store(person)
    assert holding(data_dir) == []

    person.click("temporary_keep_button")
    wait(
        lambda: chat.conversation_id is not None and not is_temporary(chat.conversation_id), timeout=PATIENCE
    )
    assert len(list(store.tree(chat.conversation_id or ""))) == 3  # both answers
    assert not bar.isVisible()
    assert person.composer.toPlainText() == f"and {SECRET} again"
    wait(lambda: len(titles(person)) == 2, timeout=PATIENCE)  # "Today" and the conversation
    wait(lambda: application.services.temporary.list() == [], timeout=PATIENCE)
    assert rows.names() == []

    other = "Quastenflosser"
    closed_id = begin(person)
    person.ask(f"What is a {other}?")
    open_id = begin(person)
    person.ask(f"And another {other}?")
    assert rows.names() == [open_id, closed_id]
    person.click("temporary_close_button")
    wait(lambda: chat.conversation_id is None and rows.names() == [closed_id], timeout=PATIENCE)
    wait(lambda: [one.id for one in application.services.temporary.list()] == [closed_id], timeout=PATIENCE)
    person.qtbot.mouseClick(rows.findChild(QPushButton, "temporary_row_button"), Qt.MouseButton.LeftButton)
    wait(lambda: chat.conversation_id == closed_id, timeout=PATIENCE)
    assert len(store.list_conversations()) == 1
    assert store.search(other) == []
    empty_id = begin(person)
    person.click("new_temporary_button")  # it is one already
    application.window.new_conversation_requested.emit()
    wait(lambda: rows.names() == [closed_id], timeout=PATIENCE)
    asked_id = begin(person)
    assert asked_id != empty_id
    person.type_and_send("Hello?")
    wait(person.find(QPushButton, "temporary_keep_button").isEnabled, timeout=PATIENCE)
    person.click("temporary_keep_button")  # while the answer is under way
    wait(
        lambda: chat.conversation_id is not None and not is_temporary(chat.conversation_id), timeout=PATIENCE
    )
    assert [message.text for message in person.messages()] == ["Hello?", "Hello there"]

    application.shutdown()
    assert holding(data_dir, word=other) == []
    services = create_services(data_dir)
    try:
        assert not is_temporary(services.settings.get("ui.open_conversation"))
        assert len(services.conversations.list_conversations()) == 2
    finally:
        services.close()


# Asks, waits for the answer, writes a draft, lets everything be saved that is saved, and says so.
PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from chatbot_app.application import create_application
application = create_application(Path(sys.argv[1]))
window, chat = application.window, application.controllers.chat
def ask():
    if chat.conversation_id is None:
        return window.findChild(QWidget, "new_temporary_button").click()
    timer.timeout.disconnect(ask)
    application.controllers.asking.send(sys.argv[2])
    timer.timeout.connect(look)
def look():
    known = chat.conversation
    if known is None or known.message_count < 2 or chat.is_answering(known.id):
        return
    timer.stop()
    window.chat_pane.composer.set_text(sys.argv[2])
    application.draft_keeper.save()
    application.lanes.store.run(application.draft_keeper.last_write())
    application.lanes.store.afterwards(
        lambda: application.lanes.files.afterwards(lambda: print("ready", flush=True)))
timer = QTimer(interval=200)
timer.timeout.connect(ask)
timer.start()
application.run()
"""


def test_nothing_is_left_when_the_program_is_killed(
    scripted: ScriptedServer, data_dir: Path, tmp_path: Path
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    for folder in (home, temporary):
        folder.mkdir()
    (home / "there is something").touch()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    environment |= {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(home),
        "TMPDIR": str(temporary),
    }
    command = [sys.executable, "-c", PROGRAM, str(data_dir), f"What is a {SECRET}?"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        assert holding(data_dir, home, temporary) == []  # while it runs
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.communicate()
    assert SECRET.encode() in scripted.received
    assert holding(data_dir, home, temporary) == []
