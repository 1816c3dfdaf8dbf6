"""The Servers dialog: nothing that was written is lost, and no key is shown or kept unasked."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QWidget,
)

from chatbot_app.core.servers import BUILT_IN_SERVER, SERVER_TEMPLATES, Server, ServerKind
from chatbot_app.llm.keys import KeyPlace, KeyState
from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.settings.servers_dialog import ServersDialog

OLLAMA = Server("s1", "Ollama <b>x</b>", "http://localhost:11434/v1", ServerKind.OLLAMA)
OPENAI = Server("s2", "OpenAI", "https://api.openai.com/v1", ServerKind.OPENAI, has_key=True)
STORED = [BUILT_IN_SERVER, OLLAMA, OPENAI]


@pytest.fixture
def dialog(qtbot) -> ServersDialog:
    numbers = count(1)
    made = ServersDialog(new_id=lambda: f"new-{next(numbers)}")
    qtbot.addWidget(made)
    made.set_servers(STORED, BUILT_IN_SERVER.id, "s1")
    made.show()
    qtbot.waitExposed(made)
    return made


def find(dialog: ServersDialog, kind: type, name: str):  # type: ignore[no-untyped-def]
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def write(dialog: ServersDialog, name: str, text: str) -> None:
    edit = find(dialog, QLineEdit, name)
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClicks(edit, text)


def names(dialog: ServersDialog) -> list[str]:
    listed = find(dialog, QListWidget, "servers_list")
    return [listed.item(row).text() for row in range(listed.count())]


def go_to(dialog: ServersDialog, row: int) -> None:
    find(dialog, QListWidget, "servers_list").setCurrentRow(row)


def button(dialog: ServersDialog, name: str) -> QPushButton:
    found = find(dialog, QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_servers_are_listed_literally_and_the_default_is_named(dialog: ServersDialog) -> None:
    assert names(dialog) == ["Built-in (default)", "Ollama <b>x</b>", "OpenAI"]
    assert dialog.current_id() == "s1"
    assert find(dialog, QLineEdit, "server_address_edit").text() == OLLAMA.base_url


def test_a_template_begins_a_server_that_is_saved_with_its_key(qtbot, dialog: ServersDialog) -> None:
    dialog.add_server(SERVER_TEMPLATES[0])
    assert names(dialog)[-1] == "OpenAI – not saved"
    write(dialog, "server_name_edit", " Work ")
    write(dialog, "server_key_edit", "sk-secret")
    with qtbot.waitSignal(dialog.server_saved) as saved:
        button(dialog, "server_save_button").click()
    server, key = saved.args
    assert server == Server("new-1", "Work", "https://api.openai.com/v1", ServerKind.OPENAI)
    assert key == "sk-secret"
    assert not button(dialog, "server_save_button").isEnabled()
    dialog.set_servers([*STORED, replace(server, has_key=True)], BUILT_IN_SERVER.id, server.id)
    assert names(dialog)[-1] == "Work"
    assert find(dialog, QLineEdit, "server_key_edit").text() == ""
    assert "stored" in find(dialog, QLineEdit, "server_key_edit").accessibleDescription()


def test_what_was_written_survives_other_rows_reloads_and_closing(dialog: ServersDialog) -> None:
    write(dialog, "server_address_edit", "http://host:1/v1")
    write(dialog, "server_key_edit", "k")
    go_to(dialog, 2)
    assert find(dialog, QLineEdit, "server_key_edit").text() == ""
    dialog.set_servers(STORED, "s2")
    dialog.reject()
    dialog.show()
    assert names(dialog)[1] == "Ollama <b>x</b> – not saved"
    go_to(dialog, 1)
    assert find(dialog, QLineEdit, "server_address_edit").text() == "http://host:1/v1"
    assert find(dialog, QLineEdit, "server_key_edit").text() == "k"


def test_writing_the_old_value_again_leaves_nothing_to_save(dialog: ServersDialog) -> None:
    write(dialog, "server_name_edit", "Other")
    assert button(dialog, "server_save_button").isEnabled()
    write(dialog, "server_name_edit", OLLAMA.name)
    assert not button(dialog, "server_save_button").isEnabled()
    assert names(dialog)[1] == OLLAMA.name


def test_a_problem_keeps_the_form_and_saving_can_be_tried_again(qtbot, dialog: ServersDialog) -> None:
    write(dialog, "server_address_edit", "nonsense")
    button(dialog, "server_save_button").click()
    dialog.show_problem("The address “<i>” cannot be used.")
    problem = find(dialog, QLabel, "server_problem")
    assert problem.isVisible()
    assert (problem.text(), problem.textFormat()) == (
        "The address “<i>” cannot be used.",
        Qt.TextFormat.PlainText,
    )
    assert find(dialog, QLineEdit, "server_address_edit").text() == "nonsense"
    dialog.set_servers(STORED, BUILT_IN_SERVER.id)
    assert find(dialog, QLineEdit, "server_address_edit").text() == "nonsense"
    with qtbot.waitSignal(dialog.server_saved):
        button(dialog, "server_save_button").click()


@pytest.mark.parametrize("field", ["server_name_edit", "server_address_edit"])
def test_name_and_address_are_needed(qtbot, dialog: ServersDialog, field: str) -> None:
    write(dialog, field, "  ")
    with qtbot.assertNotEmitted(dialog.server_saved):
        button(dialog, "server_save_button").click()
    assert find(dialog, QLabel, "server_problem").isVisible()


def test_a_stored_key_is_left_replaced_or_forgotten(qtbot, dialog: ServersDialog) -> None:
    go_to(dialog, 2)
    write(dialog, "server_name_edit", "Renamed")
    with qtbot.waitSignal(dialog.server_saved) as saved:
        button(dialog, "server_save_button").click()
    assert saved.args[1] is None
    dialog.show_problem("")
    find(dialog, IconButton, "server_key_forget").click()
    with qtbot.waitSignal(dialog.server_saved) as saved:
        button(dialog, "server_save_button").click()
    assert saved.args[1] == ""
    dialog.show_problem("")
    write(dialog, "server_key_edit", "new")
    with qtbot.waitSignal(dialog.server_saved) as saved:
        button(dialog, "server_save_button").click()
    assert saved.args[1] == "new"


def test_a_key_is_hidden_until_asked_for(dialog: ServersDialog) -> None:
    edit = find(dialog, QLineEdit, "server_key_edit")
    show = find(dialog, IconButton, "server_key_show")
    assert edit.echoMode() == QLineEdit.EchoMode.Password
    show.click()
    assert edit.echoMode() == QLineEdit.EchoMode.Normal
    assert show.accessibleName() == "Hide the key"
    go_to(dialog, 2)
    assert edit.echoMode() == QLineEdit.EchoMode.Password


def test_without_a_keychain_the_place_is_the_persons_choice(dialog: ServersDialog) -> None:
    assert dialog.key_place() is KeyPlace.KEYCHAIN
    dialog.set_key_places((KeyPlace.SESSION, KeyPlace.FILE), "No keychain answers here.")
    assert dialog.key_place() is KeyPlace.SESSION
    assert find(dialog, QLabel, "server_key_sentence").text() == "No keychain answers here."
    place = find(dialog, QComboBox, "server_key_place")
    assert not place.isEnabled()
    write(dialog, "server_key_edit", "k")
    assert place.isEnabled()
    place.setCurrentIndex(1)
    assert dialog.key_place() is KeyPlace.FILE


def test_a_connection_is_tested_as_it_is_written(qtbot, dialog: ServersDialog) -> None:
    write(dialog, "server_address_edit", "http://other/v1")
    write(dialog, "server_key_edit", "k")
    test = button(dialog, "server_test_button")
    result = find(dialog, QLabel, "server_test_result")
    with qtbot.waitSignal(dialog.test_requested) as asked:
        test.click()
    assert asked.args == [replace(OLLAMA, base_url="http://other/v1"), "k"]
    assert (test.isEnabled(), test.text(), result.text()) == (False, "Testing…", "Testing…")
    dialog.show_test_result(True, "It answers and offers 2 models.", ["one", "two"])
    assert (test.isEnabled(), test.text()) == (True, "Test connection")
    assert result.text() == "It answers and offers 2 models."
    combo = find(dialog, QComboBox, "server_model_combo")
    assert [combo.itemText(row) for row in range(combo.count())] == ["one", "two"]


def test_a_result_belongs_to_the_server_that_was_tested(dialog: ServersDialog) -> None:
    result = find(dialog, QLabel, "server_test_result")
    button(dialog, "server_test_button").click()
    go_to(dialog, 2)
    assert result.text() == ""
    dialog.show_test_result(False, "Ollama cannot be reached.", [])
    assert result.text() == ""
    go_to(dialog, 1)
    assert result.text() == "Ollama cannot be reached."
    write(dialog, "server_address_edit", "http://x/v1")
    assert result.text() == ""
    go_to(dialog, 2)
    go_to(dialog, 1)
    assert result.text() == ""


def test_choosing_a_model_of_the_test_is_saved(qtbot, dialog: ServersDialog) -> None:
    button(dialog, "server_test_button").click()
    dialog.show_test_result(True, "ok", ["one", "two"])
    find(dialog, QComboBox, "server_model_combo").setCurrentIndex(1)
    with qtbot.waitSignal(dialog.server_saved) as saved:
        button(dialog, "server_save_button").click()
    assert saved.args == [replace(OLLAMA, default_model="two"), None]


def test_the_built_in_server_has_a_name_and_nothing_to_reach_it_by(qtbot, dialog: ServersDialog) -> None:
    go_to(dialog, 0)
    assert not find(dialog, QLineEdit, "server_key_edit").isVisible()
    assert not find(dialog, QLineEdit, "server_address_edit").isVisible()
    assert not button(dialog, "server_remove_button").isEnabled()
    name = find(dialog, QLineEdit, "server_name_edit")
    name.setText("Mine")
    name.textEdited.emit("Mine")
    with qtbot.waitSignal(dialog.server_saved) as saved:
        button(dialog, "server_save_button").click()
    assert saved.args == [replace(BUILT_IN_SERVER, name="Mine"), None]


def test_removing_is_asked_first(qtbot, dialog: ServersDialog) -> None:
    with qtbot.assertNotEmitted(dialog.server_removed):
        button(dialog, "server_remove_button").click()
        question = find(dialog, QMessageBox, "server_remove_question")
        assert OLLAMA.name in question.text()
        assert question.textFormat() == Qt.TextFormat.PlainText
        question.reject()
    qtbot.waitUntil(lambda: dialog.findChild(QMessageBox) is None)
    button(dialog, "server_remove_button").click()
    with qtbot.waitSignal(dialog.server_removed) as removed:
        find(dialog, QPushButton, "server_remove_confirmed").click()
    assert removed.args == ["s1"]
    dialog.set_servers([BUILT_IN_SERVER, OPENAI], BUILT_IN_SERVER.id)
    assert names(dialog) == ["Built-in (default)", "OpenAI"]


def test_a_server_that_was_never_saved_goes_without_a_question(qtbot, dialog: ServersDialog) -> None:
    dialog.add_server(SERVER_TEMPLATES[1])
    with qtbot.assertNotEmitted(dialog.server_removed):
        button(dialog, "server_remove_button").click()
    assert len(names(dialog)) == 3


def test_the_default_changes_when_the_owner_says_so(qtbot, dialog: ServersDialog) -> None:
    with qtbot.waitSignal(dialog.default_changed) as changed:
        button(dialog, "server_default_button").click()
    assert changed.args == ["s1"]
    dialog.set_servers(STORED, "s1", "s1")
    assert names(dialog)[1] == "Ollama <b>x</b> (default)"
    assert not button(dialog, "server_default_button").isEnabled()


def test_the_menu_offers_every_template(qtbot, dialog: ServersDialog) -> None:
    actions = button(dialog, "server_add_button").menu().actions()
    assert [action.text() for action in actions] == [template.name for template in SERVER_TEMPLATES]
    actions[2].trigger()
    assert find(dialog, QLineEdit, "server_address_edit").text() == SERVER_TEMPLATES[2].base_url


def test_what_can_be_focused_has_a_name(dialog: ServersDialog) -> None:
    nameless = [
        (type(widget).__name__, widget.objectName())
        for widget in dialog.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.objectName().startswith("qt_")
        and not (widget.objectName() and widget.accessibleName())
    ]
    assert nameless == []


def test_a_new_server_is_for_new_conversations_unless_unticked(qtbot, dialog: ServersDialog) -> None:
    for_new = find(dialog, QCheckBox, "server_use_for_new")
    for_open = find(dialog, QCheckBox, "server_use_for_open")
    assert not for_new.isVisible()  # a stored server is not asked about again
    dialog.offer_open_conversation(True)
    dialog.add_server(SERVER_TEMPLATES[1])
    assert for_new.isVisible()
    assert for_new.isChecked()
    assert not for_open.isChecked()
    assert dialog.is_for_new_conversations("new-1")
    dialog.add_server(SERVER_TEMPLATES[2])
    for_new.click()
    for_open.click()
    assert not dialog.is_for_new_conversations("new-2")
    assert dialog.is_for_open_conversation("new-2")
    go_to(dialog, 3)
    assert for_new.isChecked()
    assert not for_open.isChecked()
    dialog.offer_open_conversation(False)
    assert not dialog.is_for_open_conversation("new-2")
    assert not for_open.isVisible()


@pytest.mark.parametrize(
    ("state", "words", "can_forget"),
    [
        (KeyState.KEYCHAIN, "in the keychain", True),
        (KeyState.SESSION, "until the program ends", True),
        (KeyState.FILE, "in the file of keys", True),
        (KeyState.NONE, "that has ended", False),
        (KeyState.UNKNOWN, "does not answer", True),
    ],
)
def test_the_dialog_says_where_a_key_is(
    dialog: ServersDialog, state: KeyState, words: str, can_forget: bool
) -> None:
    go_to(dialog, 2)
    dialog.set_key_states({"s2": state})
    edit = find(dialog, QLineEdit, "server_key_edit")
    assert words in find(dialog, QLabel, "server_key_state").text()
    assert words in edit.accessibleDescription()
    assert find(dialog, IconButton, "server_key_forget").isEnabled() is can_forget
    go_to(dialog, 1)
    assert edit.placeholderText() == "No key"
    assert find(dialog, QLabel, "server_key_state").isHidden()


def test_a_completed_address_is_written_into_the_form(qtbot, dialog: ServersDialog) -> None:
    write(dialog, "server_address_edit", "localhost:9/x")
    button(dialog, "server_test_button").click()
    dialog.show_test_result(True, "It was found.", ["m"], "http://localhost:9/x/v1")
    assert find(dialog, QLineEdit, "server_address_edit").text() == "http://localhost:9/x/v1"
    assert find(dialog, QLabel, "server_test_result").text() == "It was found."
    with qtbot.waitSignal(dialog.server_saved) as saved:
        button(dialog, "server_save_button").click()
    assert saved.args[0].base_url == "http://localhost:9/x/v1"
