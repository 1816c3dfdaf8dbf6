"""One question to several models in the real window; one answer becomes a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton

from chatbot_app.application import create_services
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.servers import Server
from chatbot_app.ui.chat.answer_facts import tokens_a_second
from chatbot_app.ui.compare.compare_column import CompareColumn
from chatbot_app.ui.compare.compare_window import CompareWindow
from chatbot_app.ui.settings.fields import NumberSpin
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.scripted_server import Answer, Request, ScriptedServer, json_answer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")


def by_model(request: Request) -> Answer:
    match request.json["model"]:
        case "clear":
            return sse_answer(["The **sky**", " is", " blue."], rate=100)
        case "curt":
            return sse_answer(["Blue."])
        case "slow":
            return sse_answer(["Well,"], ending="stall")
        case _:
            return json_answer({"error": {"message": "the model does not exist"}}, 404)


@pytest.fixture
def server(data_dir: Path) -> Iterator[ScriptedServer]:
    with ScriptedServer(by_model, models=["clear", "curt", "slow", "gone"]) as scripted:
        services = create_services(data_dir)
        services.servers.add(Server("scripted", "Scripted", scripted.base_url, default_model="clear"))
        services.servers.set_default("scripted")
        services.settings.set("chat.automatic_titles", False)
        services.close()
        yield scripted


class Comparer:
    """A person at the window."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.qtbot = person.qtbot
        window = person.application.window
        window.activateWindow()
        person.qtbot.waitUntil(window.isActiveWindow)
        control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        person.qtbot.keyClick(person.composer, Qt.Key.Key_C, control)
        self.window = person.find(CompareWindow, "compare_window")
        person.qtbot.waitUntil(self.window.isVisible)
        person.qtbot.waitUntil(lambda: all(self.column(n).choice.server_id == "scripted" for n in (1, 2)))

    def column(self, number: int) -> CompareColumn:
        return self.person.find(CompareColumn, f"compare_{number}")

    def choose(self, number: int, model: str) -> None:
        edit = self.person.find(QLineEdit, f"compare_{number}_model_name")
        edit.clear()
        self.qtbot.keyClicks(edit, model)

    def ask(self, question: str) -> None:
        edit = self.person.find(QPlainTextEdit, "compare_question")
        edit.selectAll()
        self.qtbot.keyClicks(edit, question)
        self.qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def said(self, number: int, what: str) -> str:
        return self.person.find(QLabel, f"compare_{number}_{what}").text()

    def wait_for_answer(self, number: int) -> Message:
        column = self.column(number)
        self.qtbot.waitUntil(lambda: column.answer is not None and not column.stream.is_running)
        assert column.answer is not None
        return column.answer

    def take(self, number: int) -> QPushButton:
        return self.person.find(QPushButton, f"compare_{number}_take")


def test_two_models_answer_beside_a_failing_one_and_one_becomes_a_conversation(
    launch: Launch, server: ScriptedServer
) -> None:
    person = launch()
    comparer = Comparer(person)
    assert nameless(comparer.window) == []
    person.find(QComboBox, "compare_count").setCurrentIndex(1)
    assert [column.isVisible() for column in comparer.window.columns] == [True, True, True, False]
    comparer.choose(1, "clear")
    comparer.choose(2, "gone")
    comparer.choose(3, "curt")
    person.find(NumberSpin, "compare_1_temperature").setValue(0.3)
    person.find(QPlainTextEdit, "compare_1_system_prompt").setPlainText("Be kind.")
    comparer.ask("Which colour?")
    clear, gone, curt = (comparer.wait_for_answer(number) for number in (1, 2, 3))
    assert (clear.text, curt.text) == ("The **sky** is blue.", "Blue.")
    assert (clear.status, gone.status) == (MessageStatus.COMPLETE, MessageStatus.FAILED)
    person.qtbot.waitUntil(lambda: "The sky is blue." in comparer.column(1).text.plain_text())
    assert "clear" in comparer.said(1, "state")
    assert "3 tokens" in comparer.said(1, "state")
    assert "first token after" in comparer.said(1, "state")
    assert "altogether" in comparer.said(1, "state")
    assert "gone" in comparer.said(2, "notice")
    assert not comparer.take(2).isEnabled()
    sent = {request.json["model"]: request.json for request in server.chat_requests}
    assert sent["clear"]["temperature"] == 0.3
    assert sent["clear"]["messages"][0] == {"role": "system", "content": "Be kind."}
    assert "temperature" not in sent["curt"]
    assert person.application.services.conversations.list_conversations() == []  # nothing is kept unasked

    person.qtbot.mouseClick(comparer.take(1), Qt.MouseButton.LeftButton)
    person.qtbot.waitUntil(lambda: len(person.messages()) == 2)
    question, answer = person.messages()
    assert (question.role, question.text) == (Role.USER, "Which colour?")
    assert (answer.text, answer.status) == (clear.text, MessageStatus.COMPLETE)
    assert (answer.server_id, answer.model) == ("scripted", "clear")
    assert (answer.usage, answer.timings) == (clear.usage, clear.timings)
    assert tokens_a_second(answer) is not None
    assert answer.settings is not None
    assert (answer.settings.temperature, answer.settings.model) == (0.3, "clear")
    stored = person.application.controllers.chat.conversation
    assert stored is not None
    assert stored.settings == answer.settings
    plan = person.application.services.conversations.plan(answer.id)
    assert plan is not None
    assert [part.message_id for part in plan.parts if part.included][-1] == question.id
    assert person.ask("And at night?").text == "The **sky** is blue."  # it goes on with the same model
    assert server.chat_requests[-1].json["messages"][1]["content"] == "Which colour?"


def test_stop_keeps_what_arrived_and_closing_the_window_ends_all(
    launch: Launch, server: ScriptedServer
) -> None:
    comparer = Comparer(launch())
    comparer.choose(1, "slow")
    comparer.choose(2, "curt")
    comparer.ask("Well?")
    assert comparer.wait_for_answer(2).text == "Blue."
    comparer.qtbot.waitUntil(lambda: comparer.column(1).text.text == "Well,")
    assert not comparer.person.find(QPushButton, "compare_ask").isEnabled()
    comparer.person.click("compare_stop")
    stopped = comparer.wait_for_answer(1)
    assert (stopped.text, stopped.status) == ("Well,", MessageStatus.STOPPED)
    assert comparer.said(1, "notice") == "You stopped it."
    assert comparer.take(1).isEnabled()

    server.client_left.clear()
    comparer.ask("And now?")
    comparer.qtbot.waitUntil(lambda: comparer.column(1).text.text == "Well,")
    comparer.qtbot.keyClick(comparer.window, Qt.Key.Key_Escape)
    assert not comparer.window.isVisible()
    comparer.qtbot.waitUntil(server.client_left.is_set)
    comparer.qtbot.waitUntil(lambda: not comparer.column(1).stream.is_running)
