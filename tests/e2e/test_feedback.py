"""Answers are rated in the real window, with a note, and what was rated becomes a file for training."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
)

from chatbot_app.core.feedback import Feedback, Rating, feedback_of
from tests.e2e.person import Launch, Person
from tests.unit.storage.support import exchange, open_database, open_store

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.fixture
def person(launch: Launch, data_dir: Path) -> Person:
    """Reads a conversation of two answers."""
    with open_database(data_dir) as database:
        store = open_store(database)
        conversation = store.create_conversation()
        first = exchange(store, conversation.id, None, "Who wrote it?", "Ada wrote it.")
        exchange(store, conversation.id, first.id, "When?", "In 1843.")
    person = launch()
    person.application.controllers.chat.open(conversation.id)
    person.qtbot.waitUntil(lambda: len(person.answers()) == 2)
    return person


def thumb(person: Person, message_id: str, rating: Rating) -> QAbstractButton:
    def found() -> QAbstractButton | None:
        view = person.transcript.view_of(message_id)
        return view.findChild(QAbstractButton, f"rate_{rating}_button") if view is not None else None

    person.qtbot.waitUntil(lambda: found() is not None)
    button = found()
    assert button is not None
    return button


def kept(person: Person, message_id: str) -> Feedback | None:
    return feedback_of(person.application.services.conversations.message(message_id).metadata)


def open_note(person: Person) -> QLineEdit:
    note = person.transcript.window().findChild(QLineEdit, "feedback_note_line")
    assert note is not None
    return note


def has_note(person: Person) -> bool:
    note = person.transcript.window().findChild(QLineEdit, "feedback_note_line")
    return note is not None and note.isVisible()


def test_an_answer_is_rated_with_a_note_otherwise_and_no_longer(person: Person) -> None:
    answer = person.answers()[0].id
    down, up = thumb(person, answer, Rating.DOWN), thumb(person, answer, Rating.UP)
    down.click()
    person.qtbot.waitUntil(lambda: has_note(person) and down.isChecked())
    assert kept(person, answer) == Feedback(Rating.DOWN)
    person.qtbot.keyClicks(open_note(person), "Grace did.")
    person.qtbot.keyClick(open_note(person), Qt.Key.Key_Return)
    person.qtbot.waitUntil(lambda: kept(person, answer) == Feedback(Rating.DOWN, "Grace did."))
    person.qtbot.waitUntil(lambda: "Grace did." in down.toolTip() and not has_note(person))
    up.click()
    person.qtbot.waitUntil(lambda: has_note(person) and up.isChecked() and not down.isChecked())
    person.qtbot.keyClicks(open_note(person), " Or not.")
    person.qtbot.keyClick(open_note(person), Qt.Key.Key_Escape)
    person.qtbot.waitUntil(lambda: not has_note(person))
    assert kept(person, answer) == Feedback(Rating.UP, "Grace did.")
    person.transcript.user_actions.rating_note_requested.emit(answer)  # as its menu does
    person.qtbot.waitUntil(lambda: has_note(person))
    open_note(person).setText("<img src='x'> " + "long " * 100)
    person.qtbot.keyClick(open_note(person), Qt.Key.Key_Return)
    person.qtbot.waitUntil(lambda: "long" in up.toolTip() and not has_note(person))
    assert "<" not in up.toolTip()
    assert len(up.toolTip()) < 200
    up.click()
    person.qtbot.waitUntil(lambda: kept(person, answer) is None and not up.isChecked())
    assert not has_note(person)
    assert kept(person, person.answers()[1].id) is None


def test_what_was_rated_becomes_a_data_set(person: Person, tmp_path: Path) -> None:
    def found() -> str:
        return person.find(QLabel, "training_found").text()

    person.find(QAction, "training_data_action").trigger()
    person.qtbot.waitUntil(
        lambda: person.application.window.findChild(QDialog, "training_dialog") is not None
    )
    person.qtbot.waitUntil(lambda: "Nothing of what is chosen" in found())
    assert not person.find(QAbstractButton, "training_export_button").isEnabled()
    assert "2 × " in person.find(QPlainTextEdit, "training_left_out").toPlainText()
    person.find(QComboBox, "training_answers").setCurrentIndex(3)
    person.find(QLineEdit, "training_names").setText("Ada")
    person.qtbot.waitUntil(lambda: "Rows: 1 to train, 0 to test" in found())
    path = tmp_path / "chats.jsonl"
    sources = tmp_path / "chats.sources.jsonl"
    sources.write_text("mine")
    for _ in range(2):
        person.find(QAbstractButton, "training_export_button").click()
        dialog = person.find(QFileDialog, "training_file_dialog")
        dialog.fileSelected.emit(str(path))
        dialog.reject()
        person.qtbot.waitUntil(lambda: "There already: chats.sources.jsonl" in found() or path.exists())
        if sources.read_text() == "mine":
            assert not path.exists()
            sources.unlink()
    person.qtbot.waitUntil(lambda: "Written: chats.jsonl, chats.sources.jsonl" in found())
    assert '"content": "[NAME] wrote it."' in path.read_text()
    person.find(QAbstractButton, "training_close_button").click()
