"""A conversation from first launch: the real window, the real worker, the real built-in model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QListView, QWidget

from chatbot_app.application import create_services
from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.servers import Server
from chatbot_app.ui.conversation_model import ID_ROLE
from tests.e2e.person import ANSWER_MS, Launch
from tests.scripted_server import ScriptedServer, no_answer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.mark.model
@pytest.mark.timeout(600)
def test_a_conversation_with_the_built_in_model(launch: Launch, built_in_model: Path, data_dir: Path) -> None:
    person = launch()
    qtbot = person.qtbot

    # A question is answered, and the text is seen to grow.
    lengths: list[int] = []
    person.type_and_send("What is the capital of France?")
    qtbot.waitUntil(lambda: len(person.answers()) == 1, timeout=30_000)
    first_id = person.answers()[0].id

    def grown() -> bool:
        lengths.append(len(person.transcript.text_of(first_id)))
        return not person.application.controllers.chat.is_answering(
            person.application.controllers.chat.conversation_id
        )

    qtbot.waitUntil(grown, timeout=ANSWER_MS)
    first = person.answers()[0]
    assert first.status is MessageStatus.COMPLETE
    assert "Paris" in first.text
    assert person.transcript.text_of(first.id) == first.text
    assert first.usage is not None
    assert first.usage.prompt_tokens is not None

    # A long second answer is stopped midway; what arrived is kept.
    person.type_and_send("Write a very long story about a dragon and a knight, with many chapters.")
    qtbot.waitUntil(lambda: len(person.answers()) == 2, timeout=30_000)
    second_id = person.answers()[1].id
    qtbot.waitUntil(lambda: len(person.transcript.text_of(second_id)) > 40, timeout=ANSWER_MS)
    person.click("stop_button")
    person.wait_until_idle()
    second = person.answers()[1]
    assert second.status is MessageStatus.STOPPED
    assert len(second.text) > 40

    # Regenerating adds a variant; editing asks again beside the old question.
    person.find(QDoubleSpinBox, "max_tokens_spin").setValue(12)
    person.transcript.user_actions.regenerate_requested.emit(second.id)
    qtbot.waitUntil(lambda: person.answers()[-1].id != second.id, timeout=30_000)
    person.wait_until_idle()
    third = person.answers()[-1]
    assert third.usage is not None
    assert third.usage.completion_tokens == 12
    assert third.finish_reason == "length"
    question = person.messages()[0]
    person.transcript.user_actions.edit_requested.emit(question.id, "What is the capital of Italy?")
    qtbot.waitUntil(lambda: person.messages()[0].id != question.id, timeout=30_000)
    person.wait_until_idle()
    edited = person.messages()
    assert [message.text for message in edited[:1]] == ["What is the capital of Italy?"]
    assert len(edited) == 2
    conversation_id = edited[0].conversation_id
    person.application.shutdown()

    # After a restart everything is there, the other branch included.
    again = launch()
    qtbot.waitUntil(lambda: again.application.controllers.chat.conversation_id == conversation_id)
    qtbot.waitUntil(lambda: len(again.transcript.message_ids()) == 2)
    assert again.transcript.text_of(edited[1].id) == edited[1].text
    store = again.application.services.conversations
    assert store.message(first.id) == first
    assert store.message(second.id) == second
    assert store.siblings(third.id) == [second.id, third.id]
    assert store.siblings(question.id) == [question.id, edited[0].id]


def test_changed_settings_arrive_in_the_next_request(launch: Launch, scripted: ScriptedServer) -> None:
    person = launch()
    person.ask("First")
    person.find(QDoubleSpinBox, "temperature_spin").setValue(0.3)
    person.find(QDoubleSpinBox, "max_tokens_spin").setValue(77)
    answer = person.ask("Second")
    first, second = (request.json for request in scripted.chat_requests)
    assert "temperature" not in first
    assert "max_tokens" not in first
    assert second["temperature"] == pytest.approx(0.3)
    assert second["max_tokens"] == 77
    assert answer.settings is not None
    assert answer.settings.max_tokens == 77


def test_an_edited_answer_stands_beside_the_one_it_came_from(
    launch: Launch, scripted: ScriptedServer
) -> None:
    person = launch()
    answer = person.ask("First")
    person.transcript.user_actions.edit_requested.emit(answer.id, "What it should have said")
    person.qtbot.waitUntil(lambda: person.answers()[-1].id != answer.id)
    edited = person.answers()[-1]
    assert edited.text == "What it should have said"
    assert edited.status is MessageStatus.COMPLETE
    assert person.application.services.conversations.siblings(edited.id) == [answer.id, edited.id]
    person.qtbot.waitUntil(lambda: person.transcript.text_of(edited.id) == edited.text)
    assert len(scripted.chat_requests) == 1
    person.ask("Second")
    assert scripted.chat_requests[1].json["messages"][2]["content"] == "What it should have said"


def test_an_answer_goes_on_while_another_conversation_is_open(
    launch: Launch, scripted: ScriptedServer
) -> None:
    scripted.set_answers(sse_answer([f"word{number} " for number in range(60)], rate=100))
    person = launch()
    chat = person.application.controllers.chat
    person.type_and_send("Long one")
    person.qtbot.waitUntil(lambda: len(person.answers()) == 1)
    answer, conversation_id = person.answers()[0], chat.conversation_id
    assert conversation_id is not None
    person.qtbot.waitUntil(lambda: "word5 " in person.transcript.text_of(answer.id))
    person.click("new_conversation_button")
    assert person.transcript.message_ids() == []
    chat.open(conversation_id)
    person.qtbot.waitUntil(lambda: chat.conversation_id == conversation_id)
    person.wait_until_idle()
    whole = "".join(f"word{number} " for number in range(60))
    person.qtbot.waitUntil(lambda: person.transcript.text_of(answer.id).strip() == whole.strip())
    assert person.answers()[0].text == whole


def test_a_conversation_deleted_while_it_answers_is_stopped_and_can_be_undone(
    launch: Launch, scripted: ScriptedServer
) -> None:
    scripted.set_answers(sse_answer(["some", " text"], ending="stall"))
    person = launch()
    chat = person.application.controllers.chat
    person.type_and_send("Delete me")
    person.qtbot.waitUntil(lambda: len(person.answers()) == 1)
    answer = person.answers()[0]
    person.qtbot.waitUntil(lambda: person.transcript.text_of(answer.id) == "some text")
    conversation_id, stored = chat.conversation_id, chat.conversation
    window = person.application.window
    window.conversation_list.wishes.deletion_requested.emit([conversation_id])
    person.qtbot.waitUntil(lambda: chat.conversation_id is None)
    person.qtbot.waitUntil(lambda: not chat.is_answering(conversation_id))
    assert stored is not None
    chat.conversation_stored.emit(stored)  # what a thread says of it late
    listed = window.conversation_list.findChild(QListView, "conversation_list").model()
    assert not [row for row in range(listed.rowCount()) if listed.index(row, 0).data(ID_ROLE)]
    window.chat_pane.notice_bar.undo_requested.emit(conversation_id)
    person.qtbot.waitUntil(lambda: chat.conversation_id == conversation_id)
    assert [listed.index(row, 0).data(ID_ROLE) for row in range(listed.rowCount())][-1] == conversation_id
    assert person.answers()[0].text == "some text"
    assert person.answers()[0].status is MessageStatus.STOPPED


def test_a_disk_that_refuses_gives_the_text_back(launch: Launch, scripted: ScriptedServer) -> None:
    person = launch()
    person.ask("First")
    person.qtbot.keyClicks(person.composer, "Not lost")
    with person.application.services.database.write() as connection:
        connection.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )
    person.qtbot.keyClick(person.composer, Qt.Key.Key_Return)
    person.qtbot.waitUntil(lambda: person.composer.toPlainText() == "Not lost")
    person.wait_until_idle()
    assert len(scripted.chat_requests) == 1
    with person.application.services.database.write() as connection:
        connection.execute("DROP TRIGGER refuse")
    person.qtbot.keyClick(person.composer, Qt.Key.Key_Return)
    person.qtbot.waitUntil(lambda: len(person.answers()) == 2)
    person.wait_until_idle()
    assert person.messages()[2].text == "Not lost"


def test_quitting_during_an_answer_keeps_it(launch: Launch, scripted: ScriptedServer) -> None:
    scripted.set_answers(sse_answer(["half an", " answer"], ending="stall"))
    person = launch()
    person.type_and_send("Go")
    person.qtbot.waitUntil(lambda: len(person.answers()) == 1)
    answer = person.answers()[0]
    person.qtbot.waitUntil(lambda: person.transcript.text_of(answer.id) == "half an answer")
    person.application.shutdown()
    again = launch()
    kept = again.application.services.conversations.message(answer.id)
    assert kept.status is MessageStatus.INTERRUPTED
    assert kept.text == "half an answer"


def test_a_server_that_never_answers_is_stopped_at_once(launch: Launch, scripted: ScriptedServer) -> None:
    scripted.set_answers(no_answer())
    person = launch()
    person.type_and_send("Anyone?")
    person.qtbot.waitUntil(lambda: len(scripted.chat_requests) == 1)
    person.click("stop_button")
    person.wait_until_idle(timeout=1_000)
    assert person.answers()[0].status is MessageStatus.STOPPED


def test_a_message_of_a_megabyte_is_kept_and_the_window_lives(
    launch: Launch, scripted: ScriptedServer
) -> None:
    person = launch()
    text = "lorem ipsum " * 87_000
    person.application.window.chat_pane.composer.set_text(text)
    person.qtbot.keyClick(person.composer, Qt.Key.Key_Return)
    person.qtbot.waitUntil(lambda: len(person.answers()) == 1, timeout=30_000)
    person.wait_until_idle()
    assert person.messages()[0].text == text.strip()
    assert person.answers()[0].notices[-1].kind == "PromptDoesNotFit"


def test_an_empty_message_is_not_sent(launch: Launch, scripted: ScriptedServer) -> None:
    person = launch()
    person.type_and_send("   ")
    assert person.messages() == []
    assert scripted.requests == [] or all(request.path.endswith("/models") for request in scripted.requests)


def test_layout_draft_and_open_conversation_survive_a_restart(
    launch: Launch, scripted: ScriptedServer
) -> None:
    person = launch()
    person.ask("Remember me")
    conversation_id = person.application.controllers.chat.conversation_id
    window = person.application.window
    window.knowledge_dock.hide()
    window.settings_dock.hide()

    def is_narrow() -> bool:
        window.resize(733, 611)  # the offscreen screen is 800 wide
        return window.width() == 733

    person.qtbot.waitUntil(is_narrow)  # the docks give up their room with the next layout
    person.qtbot.keyClicks(person.composer, "half a thought")
    person.application.shutdown()
    again = launch()
    again.qtbot.waitUntil(lambda: again.application.controllers.chat.conversation_id == conversation_id)
    assert again.composer.toPlainText() == "half a thought"
    assert again.application.window.size().width() == 733
    assert not again.application.window.knowledge_dock.isVisible()


def test_html_in_a_title_is_shown_as_it_is(launch: Launch, scripted: ScriptedServer) -> None:
    person = launch()
    person.ask("<b>bold</b> <img src=x>")
    title = person.find(QLabel, "conversation_title")
    person.qtbot.waitUntil(lambda: "<b>" in title.text())
    assert title.textFormat() == Qt.TextFormat.PlainText


def test_the_named_handles_are_there(launch: Launch) -> None:
    person = launch()
    window = person.application.window
    assert window.objectName() == "main_window"
    for name in (
        "conversation_list",
        "new_conversation_button",
        "transcript",
        "composer",
        "send_button",
        "stop_button",
        "settings_panel",
        "server_combo",
        "model_combo",
        "temperature_spin",
        "max_tokens_spin",
        "top_p_spin",
        "top_k_spin",
        "system_prompt_edit",
        "knowledge_panel",
        "context_gauge",
    ):
        widget = window.findChild(QWidget, name)
        assert widget is not None, name
        assert widget.accessibleName(), name


def test_every_server_is_offered_and_a_broken_one_says_so(
    launch: Launch, scripted: ScriptedServer, data_dir: Path
) -> None:
    services = create_services(data_dir)
    services.servers.add(replace(Server("gone", "Gone", "http://127.0.0.1:9/v1"), default_model="m"))
    services.close()
    person = launch()
    combo = person.find(QComboBox, "server_combo")
    person.qtbot.waitUntil(lambda: combo.count() >= 3)
    chat = person.application.controllers.chat
    chat.set_settings(replace(chat.settings, server_id="gone"))
    answer = person.ask("Anyone?")
    assert answer.status is MessageStatus.FAILED
    assert answer.notices[-1].kind == "Offline"
    assert isinstance(person.find(QListView, "conversation_list"), QListView)
