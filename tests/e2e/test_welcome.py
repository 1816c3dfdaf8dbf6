"""The first launch welcomes, once, and each of its ways works."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget

from chatbot_app.core.documents import DocumentState
from chatbot_app.ui.chat.card_page import CardPage
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless

pytestmark = pytest.mark.xdist_group("e2e")


def page(person: Person) -> str:
    """The name of the page that stands in the place of the transcript."""
    return next(one.objectName() for one in person.transcript.findChildren(CardPage) if not one.isHidden())


def choose(person: Person, name: str) -> None:
    buttons = person.transcript.findChildren(QAbstractButton, name)
    next(button for button in buttons if not button.parentWidget().isHidden()).click()


def test_a_new_person_is_welcomed_once(launch: Launch) -> None:
    person = launch()
    assert page(person) == "welcome"
    assert nameless(person.find(QWidget, "welcome")) == []
    settings = person.application.services.settings
    person.qtbot.waitUntil(lambda: settings.get("ui.welcomed"))
    person.application.shutdown()
    assert page(launch()) == "empty_state"


def test_who_has_used_the_program_before_is_not_welcomed(launch: Launch, data_dir: Path) -> None:
    first = launch()
    first.application.shutdown()  # leaves the layout
    again = launch()
    again.application.services.settings.set("ui.welcomed", False)
    again.application.shutdown()
    assert page(launch()) == "empty_state"


def test_the_first_question_is_written_and_enter_sends_it(launch: Launch) -> None:
    person = launch()
    choose(person, "welcome_try_model")
    assert page(person) == "empty_state"
    question = person.composer.toPlainText()
    assert question.endswith(".")
    assert person.composer.hasFocus() or not person.application.window.isActiveWindow()


def test_a_question_that_was_begun_is_kept(launch: Launch) -> None:
    person = launch()
    person.qtbot.keyClicks(person.composer, "my own question")
    choose(person, "welcome_try_model")
    assert person.composer.toPlainText() == "my own question"


def test_the_guide_is_imported_and_answers_with_its_place(launch: Launch) -> None:
    person = launch()
    choose(person, "welcome_ask_document")
    question = person.composer.toPlainText()
    documents = person.application.services.library.documents
    person.qtbot.waitUntil(
        lambda: [one.state for one in documents.documents()] == [DocumentState.READY], timeout=60_000
    )
    assert person.find(QWidget, "knowledge_panel").isVisible()
    found = person.application.services.library.retriever.search(question, limit=3)
    assert found.evidence[0].title == "Guide to Chatbot"
    assert "in brackets" in found.evidence[0].passage.text


def test_a_server_can_be_added_at_once_and_the_welcome_skipped(launch: Launch) -> None:
    person = launch()
    choose(person, "welcome_add_server")
    dialog = person.find(QDialog, "servers_dialog")
    person.qtbot.waitUntil(dialog.isVisible)
    dialog.close()
    assert page(person) == "empty_state"
    person.application.window.welcome_requested.emit()  # Help, Welcome
    assert page(person) == "welcome"
    choose(person, "welcome_skip")
    assert page(person) == "empty_state"


def test_opening_a_conversation_ends_it(launch: Launch, scripted: object) -> None:
    person = launch()
    person.ask("Hello?")
    person.click("new_conversation_button")
    assert page(person) == "empty_state"
