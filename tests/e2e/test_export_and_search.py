"""A conversation is exported and a search leads to the word, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QListView, QPushButton

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import MessageStatus
from chatbot_app.ui.chat.text_view import TextView
from chatbot_app.ui.conversation_export import ConversationExporter
from chatbot_app.ui.severity import Severity
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer

pytestmark = pytest.mark.xdist_group("e2e")


def notice_with(person: Person, words: str) -> QLabel:
    """Wait for a notice that holds these words."""

    def shown() -> list[QLabel]:
        labels = person.application.window.findChildren(QLabel, "notice_sentence")
        return [label for label in labels if words in label.text()]

    person.qtbot.waitUntil(lambda: bool(shown()))
    return shown()[0]


def test_an_export_proposes_the_title_and_says_where_it_went(
    launch: Launch, scripted: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = launch()
    qtbot = person.qtbot
    person.ask("Why: is the sky/sea blue?")
    folder = tmp_path / "exports"
    folder.mkdir()
    person.application.services.settings.set("ui.export_folder", str(folder))
    (folder / "Why is the sky sea blue.md").write_text("the person's own")
    window = person.application.window
    window.export_requested.emit()
    qtbot.waitUntil(lambda: window.findChild(QFileDialog, "export_dialog") is not None)
    dialog = window.findChild(QFileDialog, "export_dialog")
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) == folder
    proposed = Path(dialog.selectedFiles()[0])
    assert proposed == folder / "Why is the sky sea blue 2.md"
    dialog.fileSelected.emit(str(proposed))
    dialog.reject()
    said = notice_with(person, "exported")
    assert proposed.name in said.text()
    assert said.parentWidget().property("look") == f"notice-{Severity.SUCCESS}"
    assert "Hello there" in proposed.read_text(encoding="utf-8")
    assert (folder / "Why is the sky sea blue.md").read_text() == "the person's own"
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    person.click("notice_choice_open_folder")
    assert [Path(url.toLocalFile()) for url in opened] == [folder]


def test_a_failed_export_says_why(launch: Launch, scripted: ScriptedServer, tmp_path: Path) -> None:
    person = launch()
    person.ask("Hi")
    conversation_id = person.application.controllers.chat.conversation_id
    assert conversation_id is not None
    blocked = tmp_path / "no folder"
    blocked.write_text("a file")
    exporter = person.application.controllers.conversations.findChild(ConversationExporter)
    assert isinstance(exporter, ConversationExporter)
    exporter.write(conversation_id, blocked / "out.md")
    assert "ot a directory" in notice_with(person, "could not be written").text()


def test_a_hit_of_the_search_is_marked_and_in_sight(launch: Launch, scripted: ScriptedServer) -> None:
    person = launch()
    qtbot = person.qtbot
    store = person.application.services.conversations
    conversation = store.create_conversation(GenerationSettings())
    leaf = None
    for number in range(6):
        _question, answer = store.begin_exchange(conversation.id, leaf, f"Question {number}")
        word = "It is the scattering that Lord **Rayleigh** described." if number == 2 else "No."
        text = "\n\n".join([*["A paragraph of some length about the sky."] * 40, word, *["More."] * 40])
        leaf = store.finish_message(
            answer.id, status=MessageStatus.COMPLETE, text=text, finish_reason="stop"
        ).id
    qtbot.keyClicks(person.find(QLineEdit, "conversation_search"), "rayl")
    hits = person.find(QListView, "search_hits")
    qtbot.waitUntil(lambda: hits.isVisible() and hits.model().rowCount() == 1)
    qtbot.keyClick(person.find(QLineEdit, "conversation_search"), Qt.Key.Key_Return)
    chat = person.application.controllers.chat
    qtbot.waitUntil(lambda: chat.conversation_id == conversation.id)

    def marked_in_sight() -> bool:
        viewport = person.transcript.viewport()
        for text in person.transcript.findChildren(TextView):
            for place in text.marked_places():
                top = text.mapTo(viewport, place).y()
                if 0 <= top < viewport.height():
                    return True
        return False

    qtbot.waitUntil(marked_in_sight)
    assert person.find(QPushButton, "trash_button").isVisible()
