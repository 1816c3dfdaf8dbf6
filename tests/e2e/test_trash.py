"""The trash in the real window: deleted, brought back after a restart, deleted for good to the last byte."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListView, QMessageBox, QPushButton

from chatbot_app.ui.conversation_list import ConversationList
from chatbot_app.ui.conversation_model import ID_ROLE
from chatbot_app.ui.conversation_trash_dialog import ConversationTrashDialog
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer

pytestmark = pytest.mark.xdist_group("e2e")

SECRET = "xylophonesecret"


def listed(person: Person) -> list[str]:
    model = person.find(QListView, "conversation_list").model()
    ids = [model.index(row, 0).data(ID_ROLE) for row in range(model.rowCount())]
    return [conversation_id for conversation_id in ids if conversation_id]


def opened_trash(person: Person, rows: int) -> ConversationTrashDialog:
    person.click("trash_button")
    dialogs = person.application.window.findChildren(ConversationTrashDialog)

    def is_filled() -> bool:
        dialogs[:] = person.application.window.findChildren(ConversationTrashDialog)
        views = [dialog.findChild(QListView, "trash_list") for dialog in dialogs if dialog.isVisible()]
        return any(view is not None and view.model().rowCount() == rows for view in views)

    person.qtbot.waitUntil(is_filled)
    return dialogs[0]


def test_deleted_brought_back_and_deleted_for_good(
    launch: Launch, scripted: ScriptedServer, data_dir: Path
) -> None:
    person = launch()
    qtbot = person.qtbot
    person.ask(f"Tell me of the {SECRET}")
    conversation_id = person.application.controllers.chat.conversation_id
    assert conversation_id is not None
    qtbot.keyClicks(person.composer, f"{SECRET} draft")
    person.application.services.backups.create()
    side = person.find(ConversationList, "conversation_pane")
    side.wishes.deletion_requested.emit([conversation_id])
    trash_button = person.find(QPushButton, "trash_button")
    qtbot.waitUntil(lambda: trash_button.text() == "Trash (1)")
    assert listed(person) == []
    person.application.shutdown()

    person = launch()  # the offer to undo is over
    trash_button = person.find(QPushButton, "trash_button")
    qtbot.waitUntil(lambda: trash_button.text() == "Trash (1)")
    dialog = opened_trash(person, 1)
    qtbot.keyClick(dialog.findChild(QListView, "trash_list"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: listed(person) == [conversation_id])
    qtbot.waitUntil(lambda: person.application.controllers.chat.conversation_id == conversation_id)
    qtbot.waitUntil(lambda: trash_button.text() == "Trash")
    dialog.accept()

    person.find(ConversationList, "conversation_pane").wishes.deletion_requested.emit([conversation_id])
    qtbot.waitUntil(lambda: trash_button.text() == "Trash (1)")
    dialog = opened_trash(person, 1)
    qtbot.keyClick(dialog.findChild(QListView, "trash_list"), Qt.Key.Key_Delete)
    box = dialog.findChild(QMessageBox, "purge_box")
    assert box is not None
    assert SECRET in box.text()
    qtbot.mouseClick(box.findChild(QPushButton, "purge_confirm_button"), Qt.MouseButton.LeftButton)
    said = dialog.findChild(QLabel, "trash_said")
    qtbot.waitUntil(lambda: said.text() == "Deleted for good, from the backups too.", timeout=30_000)
    assert trash_button.text() == "Trash"
    dialog.accept()

    def holding() -> list[str]:
        files = [path for path in data_dir.rglob("*") if path.is_file()]
        return [str(path) for path in files if SECRET.encode() in path.read_bytes()]

    qtbot.waitUntil(lambda: holding() == [])  # the file of drafts is written by a thread of its own
    person.application.shutdown()
    qtbot.waitUntil(lambda: holding() == [])  # the file of drafts goes after its store has them


def test_66_a_damaged_message_is_marked_and_a_backup_offered(
    launch: Launch, scripted: ScriptedServer, data_dir: Path
) -> None:
    person = launch()
    person.ask("Tell me of the walrus")
    backup = person.application.services.backups.create()
    person.application.shutdown()
    with closing(sqlite3.connect(person.application.services.paths.database)) as connection, connection:
        connection.execute(
            "UPDATE messages SET text = CAST(x'48ff656c6c6f' AS TEXT) WHERE role = 'assistant'"
        )

    person = launch()
    person.qtbot.waitUntil(lambda: len(person.messages()) == 2)
    question, answer = person.messages()
    assert question.text == "Tell me of the walrus"
    assert answer.text == "H\ufffdello"
    person.qtbot.waitUntil(lambda: "ello" in person.transcript.text_of(answer.id))
    window = person.application.window
    person.qtbot.waitUntil(lambda: window.findChild(QLabel, "notice_sentence") is not None)
    said = person.find(QLabel, "notice_sentence")
    person.qtbot.waitUntil(lambda: "damaged" in said.text(), timeout=20_000)
    assert backup.describe() in person.find(QLabel, "notice_next_step").text()
    person.click("notice_action")
    person.qtbot.waitUntil(lambda: "in place" in said.text(), timeout=20_000)
    stored = person.application.services.conversations
    (conversation,) = stored.list_conversations()
    assert stored.path(conversation.id)[1].text == "Hello there"


def test_damage_where_a_launch_of_a_large_history_does_not_look_is_told_when_the_window_stands(
    launch: Launch, scripted: ScriptedServer, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot_app.storage.examination.LARGE_BYTES", 0)
    monkeypatch.setattr("chatbot_app.ui.damage_controller.LOOK_AFTER_MS", 0)
    person = launch()
    person.ask("Tell me of the walrus")
    backup = person.application.services.backups.create()
    person.application.shutdown()
    path = person.application.services.paths.database
    with closing(sqlite3.connect(path)) as connection:
        tree = "SELECT rootpage FROM sqlite_master WHERE name = 'message_index_docsize'"
        (page,) = connection.execute(tree).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)

    person = launch()
    assert person.application.services.database.notice is None
    window = person.application.window
    person.qtbot.waitUntil(lambda: window.findChild(QLabel, "notice_sentence") is not None)
    said = person.find(QLabel, "notice_sentence")
    person.qtbot.waitUntil(lambda: "damaged" in said.text(), timeout=20_000)
    assert backup.describe() in person.find(QLabel, "notice_next_step").text()
