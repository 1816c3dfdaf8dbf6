"""One question to several models in the real window; one answer becomes a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
)

from chatbot_app.application import create_services
from chatbot_app.core.compared import Outcome, vote_of
from chatbot_app.core.messages import Message, MessageStatus, Role
from chatbot_app.core.model_prices import Price, amount_words
from chatbot_app.core.servers import Server
from chatbot_app.ui.chat.answer_facts import facts_of, tokens_a_second
from chatbot_app.ui.chat.message_menu import entries_about
from chatbot_app.ui.compare.compare_column import CompareColumn
from chatbot_app.ui.compare.compare_window import CompareWindow
from chatbot_app.ui.models.price_dialog import PriceDialog
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

    def __init__(self, person: Person, *, opens: bool = True) -> None:
        self.person = person
        self.qtbot = person.qtbot
        window = person.application.window
        if opens:
            window.activateWindow()
            person.qtbot.waitUntil(window.isActiveWindow)
            control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            person.qtbot.keyClick(person.composer, Qt.Key.Key_C, control)
        self.window = person.find(CompareWindow, "compare_window")
        person.qtbot.waitUntil(self.window.isVisible)
        person.qtbot.waitUntil(
            lambda: all(self.column(n).settings.choice.server_id == "scripted" for n in (1, 2))
        )

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

    def vote(self, number: int) -> QPushButton:
        return self.person.find(QPushButton, f"compare_{number}_vote")

    def votes(self) -> dict[str, Outcome]:
        """What was voted in the last exchange of the newest conversation, by model."""
        store = self.person.application.services.conversations
        newest = store.list_conversations()[:1]
        messages = store.tree(newest[0].id) if newest else []
        found = {message.model or "": vote_of(message.metadata) for message in messages}
        return {model: vote.outcome for model, vote in found.items() if vote is not None}


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
    assert not comparer.vote(2).isEnabled()
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


def test_the_open_conversation_goes_to_all_and_goes_on_with_one_beside_the_others(
    launch: Launch, server: ScriptedServer
) -> None:
    person = launch()
    person.ask("Hello?")
    conversation_id = person.application.controllers.chat.conversation_id
    comparer = Comparer(person)
    assert person.find(QCheckBox, "compare_continues").text() == "Go on from “Hello?”"
    comparer.choose(1, "clear")
    comparer.choose(2, "curt")
    person.find(NumberSpin, "compare_2_top_p").setValue(0.5)
    comparer.ask("Which colour?")
    for number in (1, 2):
        comparer.wait_for_answer(number)
    for request in server.chat_requests[-2:]:
        said = [message["content"] for message in request.json["messages"][1:]]
        assert said == ["Hello?", "The **sky** is blue.", "Which colour?"]
    assert len(person.messages()) == 2  # nothing is kept unasked
    person.qtbot.mouseClick(comparer.take(2), Qt.MouseButton.LeftButton)
    person.qtbot.waitUntil(lambda: [one.text for one in person.messages()][2:] == ["Which colour?", "Blue."])
    chat = person.application.controllers.chat
    person.qtbot.waitUntil(lambda: chat.leaf_id == person.messages()[-1].id)
    assert chat.conversation_id == conversation_id
    assert (chat.settings.model, chat.settings.top_p) == ("curt", 0.5)
    store = person.application.services.conversations
    variants = [store.message(one) for one in store.siblings(person.messages()[-1].id)]
    assert [(one.text, one.model) for one in variants] == [
        ("The **sky** is blue.", "clear"),
        ("Blue.", "curt"),
    ]
    assert person.ask("And at night?").text == "Blue."  # it goes on with the same model

    person.qtbot.mouseClick(comparer.take(1), Qt.MouseButton.LeftButton)  # another mind, and nothing twice
    person.qtbot.waitUntil(lambda: person.messages()[-1].model == "clear")
    assert [one.id for one in person.messages()[2:]] == [variants[0].parent_id, variants[0].id]
    assert len(store.siblings(variants[0].id)) == 2


def test_a_question_that_was_answered_is_asked_again_of_other_models_from_its_menu(
    launch: Launch, server: ScriptedServer
) -> None:
    person = launch()
    person.ask("Hello?")
    answer = person.ask("Which colour?")
    words, ask_others = entries_about(person.transcript.user_actions, answer, 1, 1)[0]
    assert words == "Ask other models…"
    ask_others()
    window = person.application.window
    person.qtbot.waitUntil(lambda: window.findChild(CompareWindow) is not None)
    comparer = Comparer(person, opens=False)
    person.qtbot.waitUntil(
        lambda: person.find(QPlainTextEdit, "compare_question").toPlainText() == "Which colour?"
    )
    assert person.find(QCheckBox, "compare_continues").text() == "Ask again in “Hello?”"
    comparer.choose(1, "curt")
    comparer.choose(2, "gone")
    person.click("compare_ask")
    comparer.wait_for_answer(1)
    comparer.wait_for_answer(2)
    said = [message["content"] for message in server.chat_requests[-1].json["messages"][1:]]
    assert said == ["Hello?", "The **sky** is blue.", "Which colour?"]
    person.qtbot.waitUntil(comparer.take(1).isEnabled)
    person.qtbot.mouseClick(comparer.take(1), Qt.MouseButton.LeftButton)
    person.qtbot.waitUntil(lambda: person.messages()[-1].text == "Blue.")
    store = person.application.services.conversations
    assert person.messages()[-1].parent_id == answer.parent_id
    assert store.siblings(answer.id) == [answer.id, person.messages()[-1].id]


def test_a_blind_vote_tells_the_names_and_is_kept_counted_changed_and_taken_back(
    launch: Launch, server: ScriptedServer
) -> None:
    person = launch()
    comparer = Comparer(person)
    comparer.choose(1, "clear")
    comparer.choose(2, "curt")
    blind = person.find(QCheckBox, "compare_blind")
    blind.setChecked(True)
    comparer.ask("Which colour?")
    for number in (1, 2):
        comparer.wait_for_answer(number)
    columns = [comparer.column(number) for number in (1, 2)]
    assert not any(column.settings.isVisible() for column in columns)
    assert sorted(comparer.said(number, "title") for number in (1, 2)) == ["Answer A", "Answer B"]
    assert [comparer.said(number, "state") for number in (1, 2)] == ["", ""]
    assert not comparer.take(1).isEnabled()
    assert nameless(comparer.window) == []
    person.qtbot.mouseClick(comparer.vote(2), Qt.MouseButton.LeftButton)
    assert all(column.settings.isVisible() for column in columns)
    assert "curt" in comparer.said(2, "state")
    person.qtbot.waitUntil(lambda: comparer.votes() == {"clear": Outcome.LOST, "curt": Outcome.WON})
    tally = person.find(QLabel, "compare_tally")
    person.qtbot.waitUntil(lambda: tally.text() == "curt won 1 of 1  ·  clear won 0 of 1")
    [conversation] = person.application.services.conversations.list_conversations()
    assert person.application.services.conversations.path(conversation.id)[-1].text == "Blue."
    assert person.application.controllers.chat.conversation_id is None  # a vote opens nothing

    person.click("compare_tie")
    person.qtbot.waitUntil(lambda: comparer.votes() == {"clear": Outcome.TIE, "curt": Outcome.TIE})
    assert not comparer.vote(2).isChecked()
    person.click("compare_tie")
    person.qtbot.waitUntil(lambda: comparer.votes() == {})
    person.qtbot.waitUntil(lambda: tally.text() == "No votes between models yet.")

    comparer.choose(2, "gone")  # with a single answer there is nothing to vote on
    comparer.ask("Which colour?")
    person.qtbot.waitUntil(lambda: "gone" in comparer.said(2, "notice"))
    comparer.wait_for_answer(1)
    person.qtbot.waitUntil(lambda: comparer.take(1).isEnabled())
    assert not comparer.vote(1).isEnabled()


def test_a_cost_is_counted_with_the_price_that_the_person_says_and_never_invented(
    launch: Launch, server: ScriptedServer
) -> None:
    person = launch()
    comparer = Comparer(person)
    comparer.choose(1, "clear")
    comparer.choose(2, "curt")
    comparer.ask("Which colour?")
    answers = [comparer.wait_for_answer(number) for number in (1, 2)]
    assert all(answer.usage is not None for answer in answers)
    assert comparer.said(1, "cost") == "costs nothing: it runs on this computer"
    person.click("compare_1_price")
    person.qtbot.waitUntil(lambda: comparer.window.findChild(PriceDialog) is not None)
    dialog = comparer.window.findChild(PriceDialog)
    assert isinstance(dialog, PriceDialog)
    person.qtbot.waitUntil(dialog.isVisible)
    assert nameless(dialog) == []
    assert dialog.findChild(QLineEdit, "price_model_name").text() == "clear"
    dialog.findChild(QDoubleSpinBox, "price_sent").setValue(1_000)
    dialog.findChild(QDoubleSpinBox, "price_written").setValue(2_000)
    dialog.findChild(QLineEdit, "price_currency").setText("€")
    dialog.findChild(QPushButton, "price_save").click()
    cost = Price(1_000, 2_000).cost(answers[0].usage)
    assert cost is not None
    person.qtbot.waitUntil(lambda: comparer.said(1, "cost") == f"cost {amount_words(cost, '€')}")
    assert comparer.said(2, "cost") == "costs nothing: it runs on this computer"
    person.qtbot.mouseClick(comparer.take(1), Qt.MouseButton.LeftButton)
    person.qtbot.waitUntil(lambda: len(person.messages()) == 2)
    assert "cost" in facts_of(person.ask("And at night?"))  # said below answers from now on
