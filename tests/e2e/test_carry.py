"""Conversations are imported from an archive and exported, several at once, in the real window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QTableView,
)

from chatbot_app.ui.transfer.import_dialog import ImportDialog
from tests.benchmarks.chatgpt_export import write_export
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer

pytestmark = pytest.mark.xdist_group("e2e")


def text_of(person: Person, name: str) -> str:
    return person.find(QLabel, name).text()


def choose_files(person: Person, *paths: Path) -> None:
    """Choose Import conversations… in the menu, and files in its dialog."""
    person.find(QAction, "import_conversations_action").trigger()
    dialog = person.find(QFileDialog, "import_files_dialog")
    dialog.filesSelected.emit([str(path) for path in paths])
    dialog.reject()


def test_an_archive_is_looked_at_imported_and_exported_again(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    person = launch()
    archive = tmp_path / "export.zip"
    write_export(archive, 5, longest=20)
    choose_files(person, archive)
    person.qtbot.waitUntil(lambda: "5 conversations were found" in text_of(person, "import_found"))
    assert "5 are new" in text_of(person, "import_comes")
    assert "hidden" in person.find(QPlainTextEdit, "import_left_out").toPlainText()
    rows = person.find(QTableView, "import_rows").model()
    assert rows.rowCount() == 5
    store = person.application.services.conversations
    assert store.list_conversations() == []
    person.click("import_button")
    person.qtbot.waitUntil(lambda: "5 were added" in text_of(person, "import_comes"))
    listed = person.find(QListView, "conversation_list").model()
    person.qtbot.waitUntil(lambda: listed.rowCount() >= 5)
    person.click("import_close_button")

    person.find(QAction, "export_all_action").trigger()
    person.qtbot.waitUntil(
        lambda: person.application.window.findChild(QFileDialog, "export_dialog") is not None
    )
    dialog = person.find(QFileDialog, "export_dialog")
    path = tmp_path / "all.json"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    person.qtbot.waitUntil(path.exists)
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 5

    choose_files(person, path)
    person.qtbot.waitUntil(lambda: "here already" in text_of(person, "import_comes"))
    assert not person.find(QPushButton, "import_button").isEnabled()


def test_only_what_is_ticked_is_imported(launch: Launch, scripted: ScriptedServer, tmp_path: Path) -> None:
    person = launch()
    path = tmp_path / "chats.json"
    path.write_text(json.dumps([{"messages": [{"role": "user", "content": word}]} for word in "abcd"]))
    known = tmp_path / "known.json"
    known.write_text(json.dumps([{"messages": [{"role": "user", "content": "e"}]}]))
    choose_files(person, known)
    person.qtbot.waitUntil(lambda: "1 is new" in text_of(person, "import_comes"))
    person.click("import_button")
    person.qtbot.waitUntil(lambda: "1 was added" in text_of(person, "import_comes"))
    person.click("import_close_button")
    choose_files(person, path, known)
    person.qtbot.waitUntil(lambda: "4 are new" in text_of(person, "import_comes"))
    rows, button = person.find(QTableView, "import_rows"), person.find(QPushButton, "import_button")
    assert text_of(person, "import_ticked") == "4 of 4 ticked."
    person.click("import_tick_none")
    assert not button.isEnabled()
    person.find(QLineEdit, "import_search").setText("b")
    person.click("import_tick_all")
    person.find(QLineEdit, "import_search").clear()
    assert text_of(person, "import_ticked") == "1 of 4 ticked."
    rows.selectAll()
    rows.setCurrentIndex(rows.model().index(0, 0))
    rows.selectAll()
    person.qtbot.keyClick(rows, Qt.Key.Key_Space)  # as the current one, which is not ticked
    assert text_of(person, "import_ticked") == "4 of 4 ticked."
    rows.clearSelection()
    rows.setCurrentIndex(rows.model().index(2, 0))
    assert not rows.model().flags(rows.model().index(4, 0)) & Qt.ItemFlag.ItemIsUserCheckable
    person.qtbot.keyClick(rows, Qt.Key.Key_Space)
    assert text_of(person, "import_ticked") == "3 of 4 ticked."
    person.click("import_button")
    person.qtbot.waitUntil(lambda: "3 were added" in text_of(person, "import_comes"))
    assert "5 conversations were found" in text_of(person, "import_found")
    assert "1 was not ticked" in text_of(person, "import_comes")
    assert "1 is here already" in text_of(person, "import_comes")
    store = person.application.services.conversations
    assert {one.title for one in store.list_conversations()} == {"a", "b", "d", "e"}
    person.click("import_close_button")


def test_files_that_are_dropped_onto_the_list_are_imported(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path
) -> None:
    person = launch()
    path = tmp_path / "notes.json"
    path.write_text('{"nothing": "of ours"}')
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    area = person.find(QListView, "conversation_list").viewport()
    place, button, none = QPointF(5, 5), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, button, none),
        QDropEvent(place, Qt.DropAction.CopyAction, data, button, none),
    ):
        QApplication.sendEvent(area, event)
        assert event.isAccepted()
    person.qtbot.waitUntil(lambda: "No conversations were found" in text_of(person, "import_found"))
    assert (
        "no conversations of a known program" in person.find(QPlainTextEdit, "import_left_out").toPlainText()
    )
    person.find(ImportDialog, "import_dialog").begin()  # as another look that is under way
    person.click("import_close_button")


def test_a_file_that_is_gone_says_so(launch: Launch, scripted: ScriptedServer, tmp_path: Path) -> None:
    person = launch()
    choose_files(person, tmp_path / "gone.zip")
    person.qtbot.waitUntil(lambda: "could not be read" in text_of(person, "import_found"))
