"""A person orders conversations in the window: folders with settings, tags, pins, the archive, filters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QInputDialog,
    QLabel,
    QListView,
    QPlainTextEdit,
)

from chatbot_app.core.messages import SearchHit
from chatbot_app.ui.conversation_list import ConversationList
from chatbot_app.ui.conversation_order_controller import ConversationOrderController
from chatbot_app.ui.search_hits import HIT_ROLE
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer

pytestmark = pytest.mark.xdist_group("e2e")

PATIENCE = 20_000  # ms


def rows(person: Person) -> list[str]:
    model = person.find(QListView, "conversation_list").model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def begin(person: Person, title: str) -> str:
    store = person.application.services.conversations
    conversation = store.create_conversation()
    store.begin_exchange(conversation.id, None, f"Tell me about {title}.")
    store.rename(conversation.id, title)
    return conversation.id


def answer_dialog(person: Person, text: str) -> None:
    dialog = person.find(QInputDialog, "conversation_order_dialog")
    dialog.setTextValue(text)
    dialog.accept()
    dialog.setObjectName("")  # it goes when the events are next


def test_conversations_are_ordered_and_found(launch: Launch) -> None:
    person = launch()
    wait, application = person.qtbot.waitUntil, person.application
    side = person.find(ConversationList, "conversation_pane")
    lighthouse, tides, letter = (begin(person, title) for title in ("Lighthouses", "Tides", "A letter"))
    application.controllers.conversations.refresh()
    wait(lambda: "Tides" in rows(person), timeout=PATIENCE)

    side.wishes.new_folder_requested.emit([lighthouse, tides])
    answer_dialog(person, "The sea")
    wait(lambda: rows(person)[:3] == ["The sea", "Tides", "Lighthouses"], timeout=PATIENCE)
    side.wishes.pin_requested.emit([letter], True)
    wait(lambda: rows(person)[:2] == ["Pinned", "A letter"], timeout=PATIENCE)
    side.wishes.new_tag_requested.emit([tides])
    answer_dialog(person, "#moon")
    wait(lambda: application.services.conversation_order.tags() == [("moon", 1)], timeout=PATIENCE)
    side.wishes.new_folder_requested.emit([])
    answer_dialog(person, "the SEA")
    wait(lambda: "already" in shown_notice(person), timeout=PATIENCE)

    side.finder.line.setText("tag:moon folder:sea")
    hits = person.find(QListView, "search_hits").model()
    wait(lambda: bool(person.find(QLabel, "conversation_nothing").text()), timeout=PATIENCE)
    side.finder.line.setText('tell folder:"the sea" tag:moon')
    wait(lambda: hits.rowCount() == 1, timeout=PATIENCE)
    hit = hits.index(0, 0).data(HIT_ROLE)
    assert isinstance(hit, SearchHit)
    assert hit.conversation_id == tides
    side.finder.line.clear()

    side.wishes.archive_requested.emit([lighthouse, tides], True)
    wait(lambda: "Tides" not in rows(person), timeout=PATIENCE)
    side.wishes.archive_view_requested.emit(True)
    assert rows(person) == ["Archive", "Tides", "Lighthouses"]
    side.wishes.archive_requested.emit([tides], False)
    side.wishes.archive_view_requested.emit(False)
    wait(lambda: "Tides" in rows(person), timeout=PATIENCE)

    side.wishes.deletion_requested.emit([tides, letter])
    wait(lambda: rows(person) == ["The sea"], timeout=PATIENCE)
    application.window.chat_pane.notice_bar.undo_requested.emit(f"{tides} {letter}")
    wait(lambda: {"Tides", "A letter"} <= set(rows(person)), timeout=PATIENCE)

    chat = application.controllers.chat
    side.wishes.duplication_requested.emit([tides])
    wait(
        lambda: chat.conversation is not None and chat.conversation.title == "Tides (copy)", timeout=PATIENCE
    )
    assert chat.conversation is not None
    assert chat.conversation.tags == ("moon",)
    side.wishes.duplication_requested.emit([letter, chat.conversation.id])
    wait(lambda: {"A letter (copy)", "Tides (copy) (copy)"} <= set(rows(person)), timeout=PATIENCE)
    assert "2 conversations were copied." in shown_notice(person)
    [folder] = application.services.conversation_order.folders()
    side.wishes.folder_removal_requested.emit(folder.id)
    wait(lambda: "The sea" not in rows(person) and "Tides" in rows(person), timeout=PATIENCE)


def shown_notice(person: Person) -> str:
    bar = person.application.window.chat_pane.notice_bar
    return " ".join(label.text() for label in bar.findChildren(QLabel) if label.isVisible())


def test_a_conversation_that_begins_in_a_folder_takes_its_settings_over(
    launch: Launch, scripted: ScriptedServer
) -> None:
    person = launch()
    wait, application = person.qtbot.waitUntil, person.application
    controller = application.window.findChild(ConversationOrderController)
    side = person.find(ConversationList, "conversation_pane")
    order = application.services.conversation_order
    folder = order.add_folder("Pirates")
    controller.refresh()
    wait(lambda: "Pirates" in rows(person), timeout=PATIENCE)

    side.wishes.folder_settings_requested.emit(folder.id)
    dialog = person.find(QDialog, "folder_settings_dialog")
    person.find(QCheckBox, "folder_has_settings").setChecked(True)
    taken = person.find(QLabel, "folder_other_settings")
    assert taken.text().endswith("Documents: all.")
    application.controllers.chat.replace_settings(collections=None)
    dialog.reject()
    wait(lambda: application.window.findChild(QDialog, "folder_settings_dialog") is None, timeout=PATIENCE)
    side.wishes.folder_settings_requested.emit(folder.id)
    dialog = person.find(QDialog, "folder_settings_dialog")
    person.find(QCheckBox, "folder_has_settings").setChecked(True)
    person.click("folder_take_settings")
    person.find(QPlainTextEdit, "folder_system_prompt").setPlainText("Talk like a pirate.")
    taken = person.find(QLabel, "folder_other_settings")
    assert "Model: " in taken.text()
    assert "Documents: none." in taken.text()
    buttons = dialog.findChild(QDialogButtonBox)
    assert buttons is not None
    buttons.button(QDialogButtonBox.StandardButton.Save).click()
    wait(lambda: order.folders()[0].settings is not None, timeout=PATIENCE)
    settings = order.folders()[0].settings
    assert settings == replace(application.controllers.chat.settings, system_prompt="Talk like a pirate.")
    controller.refresh()
    wait(lambda: bool(controller.folders[0].settings), timeout=PATIENCE)

    side.wishes.conversation_in_folder_requested.emit(folder.id)
    answer = person.ask("Who are you?")
    wait(lambda: order.folders()[0].conversations == 1, timeout=PATIENCE)
    conversation = application.services.conversations.conversation(answer.conversation_id)
    assert (conversation.folder_id, conversation.settings) == (folder.id, settings)
    assert scripted.chat_requests[-1].json["messages"][0]["content"].startswith("Talk like a pirate.")
