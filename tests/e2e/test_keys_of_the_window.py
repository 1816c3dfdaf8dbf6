"""Keys that work wherever one is in the window: text size, Escape, and writing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from chatbot_app.application import create_services
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.servers import Server
from chatbot_app.ui.theme import apply_text_size
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")

CONTROL, KEYPAD, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.KeypadModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture(autouse=True)
def _usual_size_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_text_size(qapp, 1.0)


@pytest.fixture
def endless(data_dir: Path) -> Iterator[ScriptedServer]:
    """A server whose answer never ends."""
    with ScriptedServer(sse_answer(["One", " two"], ending="stall")) as server:
        services = create_services(data_dir)
        services.servers.add(Server("scripted", "Scripted", server.base_url, default_model="scripted"))
        services.servers.set_default("scripted")
        services.settings.set("chat.automatic_titles", False)
        services.close()
        yield server


def press(person: Person, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    """Press a key in the window, which is in front."""
    window = person.application.window
    window.activateWindow()
    person.qtbot.waitUntil(window.isActiveWindow)
    person.qtbot.keyClick(QApplication.focusWidget() or window, key, modifiers)


def begin(person: Person) -> str:
    """Ask, wait until the answer arrives, and return its id."""
    person.type_and_send("Count")
    shown = person.transcript
    person.qtbot.waitUntil(
        lambda: bool(shown.message_ids()) and "two" in shown.text_of(shown.message_ids()[-1]), timeout=20_000
    )
    return shown.message_ids()[-1]


def heights(person: Person) -> dict[str, int]:
    """Return the height of a line of text in parts of the window."""
    window = person.application.window
    parts: dict[str, QWidget] = {
        "menu": window.menuBar(),
        "title": window.chat_pane.title_label,
        "composer": person.composer,
        "list": window.conversation_list,
        "settings": window.settings_panel,
        "help": person.find(QLabel, "settings_help"),
        "knowledge": window.knowledge_panel,
        "transcript": person.transcript,
    }
    for part in parts.values():
        part.ensurePolished()
    return {name: part.fontMetrics().height() for name, part in parts.items()}


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Qt.Key.Key_Equal, CONTROL),
        (Qt.Key.Key_Plus, CONTROL),
        (Qt.Key.Key_Plus, CONTROL | SHIFT),
        (Qt.Key.Key_Plus, CONTROL | KEYPAD),
    ],
)
def test_larger_text_is_larger_in_the_whole_window(
    launch: Launch, scripted: ScriptedServer, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    person = launch()
    usual = heights(person)
    for _ in range(3):
        press(person, key, modifiers)
    larger = heights(person)
    assert all(larger[name] > usual[name] for name in usual), (usual, larger)
    minus_pad = CONTROL | (KEYPAD if modifiers & KEYPAD else Qt.KeyboardModifier.NoModifier)
    press(person, Qt.Key.Key_Minus, minus_pad)
    smaller = heights(person)
    assert all(smaller[name] <= larger[name] for name in usual)
    assert smaller != larger
    press(person, Qt.Key.Key_0, minus_pad)
    again = heights(person)
    # Qt rounds the size of a font that was scaled twice to the pixel below or above.
    assert all(abs(again[name] - usual[name]) <= 1 for name in usual), (usual, again)


def test_the_text_size_is_there_at_the_next_launch(launch: Launch, scripted: ScriptedServer) -> None:
    person = launch()
    for _ in range(4):
        press(person, Qt.Key.Key_Equal, CONTROL)
    larger = heights(person)
    person.application.shutdown()
    again = heights(launch())
    assert all(abs(again[name] - larger[name]) <= 2 for name in larger), (larger, again)


def test_escape_stops_an_answer_from_anywhere(launch: Launch, endless: ScriptedServer) -> None:
    person = launch()
    begin(person)
    search = person.find(QLineEdit, "conversation_search")
    search.setFocus()
    person.qtbot.keyClicks(search, "abc")
    person.qtbot.keyClick(search, Qt.Key.Key_Escape)  # empties the search first
    chat = person.application.controllers.chat
    assert search.text() == ""
    assert chat.is_answering(chat.conversation_id)
    person.qtbot.keyClick(search, Qt.Key.Key_Escape)
    person.wait_until_idle(20_000)
    assert person.answers()[-1].status is MessageStatus.STOPPED


@pytest.mark.parametrize("where", ["settings_panel", "knowledge_panel", "transcript", "message"])
def test_escape_in_a_panel_stops_the_answer(launch: Launch, endless: ScriptedServer, where: str) -> None:
    person = launch()
    view = person.transcript.view_of(begin(person))
    window = person.application.window
    places = {
        "settings_panel": window.settings_panel,
        "knowledge_panel": window.knowledge_panel,
        "transcript": person.transcript,
        "message": view,
    }
    person.qtbot.keyClick(places[where], Qt.Key.Key_Escape)
    person.wait_until_idle(20_000)
    assert person.answers()[-1].status is MessageStatus.STOPPED


def test_what_is_typed_on_a_message_is_written_in_the_composer(
    launch: Launch, scripted: ScriptedServer
) -> None:
    person = launch()
    person.ask("Hi")
    view = person.transcript.view_of(person.transcript.message_ids()[-1])
    assert view is not None
    person.qtbot.mouseClick(view.body, Qt.MouseButton.LeftButton)
    person.qtbot.keyClick(view, Qt.Key.Key_C, CONTROL)  # a command stays one
    assert person.composer.toPlainText() == ""
    person.qtbot.keyClicks(view, "W")
    assert person.composer.toPlainText() == "W"
    assert person.composer.hasFocus() or QApplication.focusWidget() in (person.composer, None)
    person.qtbot.keyClicks(person.composer, "hy?")
    QApplication.sendEvent(view, QInputMethodEvent("か", []))
    done = QInputMethodEvent()
    done.setCommitString("火")
    QApplication.sendEvent(view, done)
    QApplication.sendEvent(person.transcript, done)
    assert person.composer.toPlainText() == "Why?火火"
