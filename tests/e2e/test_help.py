"""The About dialog and the diagnostics, in the real window."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from chatbot_app import __version__
from chatbot_app.core.errors import Action
from chatbot_app.core.messages import Notice
from chatbot_app.storage.migrations import MIGRATIONS
from chatbot_app.ui.about_dialog import AboutDialog
from chatbot_app.workers.log_file import keep_log
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless

pytestmark = pytest.mark.xdist_group("e2e")

QUESTION = "my secret wish is a blue canoe"


def open_about(person: Person) -> AboutDialog:
    window = person.application.window
    window.activateWindow()
    person.qtbot.waitUntil(window.isActiveWindow)
    person.qtbot.keyClick(person.composer, Qt.Key.Key_F1)
    person.qtbot.waitUntil(lambda: person.application.window.findChild(AboutDialog) is not None)
    dialog = person.find(AboutDialog, "about_dialog")
    copy = person.find(QPushButton, "copy_diagnostics_button")
    person.qtbot.waitUntil(copy.isEnabled, timeout=20_000)
    return dialog


def text_of(person: Person, name: str) -> str:
    return person.find(QPlainTextEdit, name).toPlainText()


def test_f1_shows_version_licences_and_diagnostics(launch: Launch) -> None:
    person = launch()
    dialog = open_about(person)
    assert __version__ in person.find(QLabel, "about_name").text()
    assert "MIT License" in text_of(person, "about_licence_text")
    assert "PySide6" in text_of(person, "about_third_party_text")
    diagnostics = text_of(person, "about_diagnostics_text")
    assert "offscreen" in diagnostics
    assert "SQLite" in diagnostics
    assert MIGRATIONS[-1].__name__ in diagnostics  # the newest step of the store
    assert nameless(dialog) == []
    person.click("copy_diagnostics_button")
    person.qtbot.waitUntil(lambda: person.find(QLabel, "about_copied").text() == "Copied.", timeout=20_000)
    copied = QGuiApplication.clipboard().text()
    assert [line for line in copied.splitlines() if line.startswith("chatbot-app")]
    person.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_diagnostics_hold_no_words_and_no_key(launch: Launch, data_dir: Path) -> None:
    person = launch()
    services = person.application.services
    conversation = services.conversations.create_conversation()
    services.conversations.rename(conversation.id, QUESTION)
    handler = keep_log(services.paths)
    assert handler is not None
    try:
        logging.getLogger("chatbot_app.tests").warning("sent with sk-abcdefghijklmnopqrstuvwxyz0123456789")
        person.application.window.diagnostics_requested.emit()
        clipboard = QGuiApplication.clipboard()
        clipboard.clear()
        person.qtbot.waitUntil(lambda: "[Log]" in clipboard.text(), timeout=20_000)
    finally:
        logging.getLogger("chatbot_app").removeHandler(handler)
        handler.close()
    text = clipboard.text()
    assert "1 with 0 messages" in text
    assert QUESTION not in text
    assert "sent with" in text
    assert "abcdefghijklmnop" not in text
    assert str(Path.home()) + "/" not in text


def test_a_notice_can_offer_the_diagnostics(launch: Launch) -> None:
    person = launch()
    bar = person.application.window.chat_pane.notice_bar
    bar.show_notice(Notice("Fault", "Something happened.", "", Action.COPY_DIAGNOSTICS.value))
    QGuiApplication.clipboard().clear()
    person.click("notice_action")
    person.qtbot.waitUntil(lambda: "[Store]" in QGuiApplication.clipboard().text(), timeout=20_000)
