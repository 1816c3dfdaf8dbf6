"""Every place that the keyboard reaches has a name, for screen readers and for automation."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from tests.e2e.person import Launch, Person
from tests.screenshot_data import fill
from tests.scripted_server import ScriptedServer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")


def nameless(window: QWidget) -> list[str]:
    """Return the visible widgets of a window that take the focus and lack a name."""
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
        if not takes_focus or not widget.isVisible() or widget.objectName().startswith("qt_"):
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        name = spoken.text(QAccessible.Text.Name) if spoken is not None else widget.accessibleName()
        if not widget.objectName() or not name.strip():
            inside = widget.parentWidget().objectName() if widget.parentWidget() else ""
            found.append(f"{type(widget).__name__} {widget.objectName()!r} in {inside!r}")
    return found


def tab_order(person: Person, steps: int) -> list[str]:
    """Return the names of what Tab visits, beginning with the composer."""
    person.composer.setFocus()
    visited = []
    for _ in range(steps):
        focus = QApplication.focusWidget()
        assert focus is not None
        visited.append(focus.objectName())
        person.qtbot.keyClick(focus, Qt.Key.Key_Tab)
    return visited


def test_the_walker_finds_what_has_no_name(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button = QPushButton("Press me", window)
    window.show()
    assert nameless(window) == ["QPushButton '' in ''"]
    button.setObjectName("press_button")
    assert nameless(window) == []


def test_everything_that_takes_the_focus_has_a_name(launch: Launch, data_dir: Path) -> None:
    with ScriptedServer(sse_answer(["Yes."])) as server:
        ids = fill(data_dir, server.base_url)
        person = launch()
        window, chat = person.application.window, person.application.controllers.chat
        assert window.conversation_list.isVisible()
        assert nameless(window) == []  # the suggestions of an empty conversation

        for conversation in ("rich", "endings", "words"):
            chat.open(ids[conversation])
            person.qtbot.waitUntil(lambda wanted=ids[conversation]: chat.conversation_id == wanted)
            person.qtbot.waitUntil(lambda: person.transcript.is_settled, timeout=20_000)
            assert nameless(window) == []

        more = person.find(QPushButton, "more_parameters_button")
        more.setChecked(True)
        assert nameless(window) == []
        window.knowledge_dock.raise_()
        person.qtbot.waitUntil(window.knowledge_panel.isVisible)
        assert nameless(window) == []
        window.settings_dock.raise_()

        window.servers_requested.emit()
        dialog = person.find(QWidget, "servers_dialog")
        person.qtbot.waitUntil(dialog.isVisible)
        assert nameless(dialog) == []
        dialog.close()


def test_tab_goes_from_the_question_to_its_buttons(launch: Launch) -> None:
    person = launch()
    with person.qtbot.waitActive(person.application.window):
        person.application.window.activateWindow()
    person.qtbot.keyClicks(person.composer, "A question")
    visited = tab_order(person, 30)
    assert visited[0] == "composer"
    assert "send_button" in visited[1:4]
    assert "conversation_search" in visited
    assert "temperature_spin" in visited
    assert len(set(visited)) > 15, "Tab goes round in a small circle"
