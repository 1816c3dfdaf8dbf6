"""The map of branches in the real window: it follows, leads to other branches, and names them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit

from chatbot_app.core.message_forest import BRANCH_NAME
from chatbot_app.core.messages import Message
from chatbot_app.ui.branches.branches_panel import BranchesPanel
from chatbot_app.ui.branches.comparison_window import ComparisonWindow
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.message_toolbar import MessageToolbar
from chatbot_app.ui.panel_actions import is_in_front
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.scripted_server import ScriptedServer
from tests.unit.storage.support import exchange

pytestmark = pytest.mark.xdist_group("e2e")


def begin(person: Person) -> tuple[str, Message, Message]:
    """Store a conversation with two branches and open it; return its id and the ends of the branches."""
    store = person.application.services.conversations
    conversation = store.create_conversation()
    first = exchange(store, conversation.id, None, "What is a quagga?", "A zebra that is gone.")
    old = exchange(store, conversation.id, first.id, "Where did it live?", "In the south of Africa.")
    new = exchange(store, conversation.id, first.id, "When did it live?", "Until 1883.")
    chat = person.application.controllers.chat
    chat.open(conversation.id)
    person.qtbot.waitUntil(lambda: chat.leaf_id == new.id)
    return conversation.id, old, new


def open_map(person: Person) -> BranchesPanel:
    person.find(QAction, "branches_dock_action").trigger()
    dock = person.application.window.branches_dock
    person.qtbot.waitUntil(lambda: is_in_front(dock) and dock.widget() is not None)
    panel = person.find(BranchesPanel, "branches_panel")
    person.qtbot.waitUntil(panel.isVisible)
    return panel


def titles(window: BranchesPanel) -> list[str]:
    return [str(window.model.index(row).data()) for row in range(window.model.rowCount())]


def comparison(person: Person) -> ComparisonWindow:
    main = person.application.window
    person.qtbot.waitUntil(lambda: main.findChild(ComparisonWindow) is not None)
    both = main.findChild(ComparisonWindow)
    assert isinstance(both, ComparisonWindow)
    person.qtbot.waitUntil(both.isVisible)
    return both


def click(person: Person, window: BranchesPanel, index: QModelIndex) -> None:
    place = window.list.visualRect(index).center()
    person.qtbot.mouseClick(window.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_a_click_leads_to_a_branch_and_a_name_stays(launch: Launch) -> None:
    person = launch()
    wait, chat = person.qtbot.waitUntil, person.application.controllers.chat
    conversation_id, old, new = begin(person)
    window = open_map(person)
    wait(lambda: window.model.rowCount() == 3)
    assert titles(window) == ["What is a quagga?", "Where did it live?", "When did it live?"]
    assert nameless(window) == []
    spoken = window.model.index(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "When did it live?, You are here · Asked again, 2 of 2 · 2 messages, level 1, shown"

    click(person, window, window.model.index(1))
    wait(lambda: chat.leaf_id == old.id)
    wait(lambda: window.model.run(window.model.index(1)).is_shown)
    window.list.setCurrentIndex(window.model.index(2))
    person.qtbot.keyClick(window.list, Qt.Key.Key_Return)
    wait(lambda: chat.leaf_id == new.id)

    person.qtbot.keyClick(window.list, Qt.Key.Key_F2)
    edit = window.list.findChild(QLineEdit, "branch_name_edit")
    assert edit is not None
    person.qtbot.keyClicks(edit, "The time of it")
    chat.reload()  # the map is read again while the name is being written
    wait(lambda: chat.leaf_id == new.id)
    person.qtbot.keyClick(edit, Qt.Key.Key_Return)
    wait(lambda: titles(window)[2] == "The time of it")
    store = person.application.services.conversations
    assert new.parent_id is not None
    assert store.message(new.parent_id).metadata == {BRANCH_NAME: "The time of it"}

    chat.start_new(chat.settings)
    wait(lambda: window.model.rowCount() == 0)
    chat.open(conversation_id)
    wait(lambda: window.model.rowCount() == 3)
    store.delete(conversation_id)  # and it goes while the map looks at it
    dock = person.application.window.branches_dock
    dock.hide()
    dock.show()
    wait(lambda: window.model.rowCount() == 0)


def test_the_map_follows_what_is_asked(launch: Launch, scripted: ScriptedServer) -> None:
    person = launch()
    window = open_map(person)
    words = person.find(QLabel, "branches_words")
    assert words.text() == "Nothing was asked in this conversation yet."
    person.ask("Is anybody there?")
    person.qtbot.waitUntil(lambda: titles(window) == ["Is anybody there?"])
    person.qtbot.waitUntil(lambda: window.model.run(window.model.index(0)).count == 2)


def test_two_branches_stand_side_by_side_with_their_differences_marked(launch: Launch) -> None:
    person = launch()
    begin(person)
    window = open_map(person)
    person.qtbot.waitUntil(lambda: window.model.rowCount() == 3)
    assert [index.row() for index in window.chosen()] == [2]  # where the person stands
    assert not window.compare_button.isEnabled()
    window.list.setCurrentIndex(window.model.index(1))
    person.qtbot.keyClick(window.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert window.compare_button.isEnabled()
    window.compare_button.click()
    both = comparison(person)
    assert nameless(both) == []
    assert "2 messages above are the same" in person.find(QLabel, "comparison_words").text()
    document = both.text.document()
    asked = document.find("Where", document.find("Question"))  # below the title
    assert asked.charFormat().fontUnderline()
    assert not document.find("did it live", asked).charFormat().fontUnderline()
    both.close()
    person.qtbot.waitUntil(lambda: person.application.window.findChild(ComparisonWindow) is None)

    window.list.setCurrentIndex(window.model.index(1))  # one alone is compared with what is shown
    window.compare_button.click()
    assert "2 messages above are the same" in comparison(person).findChild(QLabel, "comparison_words").text()


def test_versions_of_a_message_are_compared_from_the_number_between_its_arrows(launch: Launch) -> None:
    person = launch()
    _, old, new = begin(person)
    assert new.parent_id is not None
    view = person.transcript.view_of(new.parent_id)
    assert view is not None
    toolbar = view.findChild(MessageToolbar)
    assert toolbar is not None
    person.qtbot.waitUntil(lambda: toolbar.findChild(ChatButton, "previous_sibling_button").isVisible())
    between = toolbar.findChild(ChatButton, "previous_sibling_button").geometry().topRight() + QPoint(4, 4)
    person.qtbot.mouseClick(toolbar, Qt.MouseButton.LeftButton, pos=between)
    both = comparison(person)
    head = both.text.toPlainText()
    assert head.index("Version 1") < head.index("Version 2") < head.index("Where did it live?")
    assert old.text in head
