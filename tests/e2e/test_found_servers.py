"""A server that already runs on this computer is found, used with one click, and answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton

from chatbot_app.core.servers import ServerKind
from chatbot_app.llm.found_servers import UsualPort
from chatbot_app.ui.models.model_button import ModelButton
from chatbot_app.ui.settings.servers_dialog import ServersDialog
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer, json_answer, models_answer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.fixture
def ollama() -> Iterator[ScriptedServer]:
    lists = {"/v1/models": models_answer(["nomic-embed-text", "llama3.2:3b"], "library")}
    with ScriptedServer(sse_answer(["Here", " I am"]), paths=lists) as server:
        yield server


def looks_at(person: Person, server: ScriptedServer) -> None:
    person.application.services.usual_ports = [UsualPort("Ollama", server.port, ServerKind.OLLAMA)]


def open_servers(person: Person) -> ServersDialog:
    person.application.window.servers_requested.emit()
    dialog = person.find(ServersDialog, "servers_dialog")
    person.qtbot.waitUntil(lambda: bool(dialog.found.found), timeout=20_000)
    return dialog


def test_one_click_in_the_servers_dialog_and_it_answers(launch: Launch, ollama: ScriptedServer) -> None:
    person = launch()
    looks_at(person, ollama)
    dialog = open_servers(person)
    button = dialog.found.findChild(QPushButton, "found_server_0")
    assert button is not None
    button.click()
    button.click()  # impatience adds nothing twice
    services = person.application.services
    person.qtbot.waitUntil(lambda: services.servers.default().name == "Ollama")
    person.qtbot.waitUntil(lambda: person.find(ModelButton, "model_button").text() == "llama3.2:3b")
    person.qtbot.waitUntil(lambda: dialog.found.isHidden())  # it is in the list now
    assert [server.name for server in services.servers.list()] == ["Built-in", "Ollama"]
    dialog.close()
    assert person.ask("Are you there?").text == "Here I am"
    assert ollama.chat_requests[0].json["model"] == "llama3.2:3b"


def test_the_welcome_offers_it_beside_the_built_in_model(launch: Launch, ollama: ScriptedServer) -> None:
    person = launch()
    looks_at(person, ollama)
    person.application.window.welcome_requested.emit()
    name = "welcome_found_server_0"
    find = person.transcript.findChild
    person.qtbot.waitUntil(lambda: find(QAbstractButton, name) is not None, timeout=20_000)
    person.find(QAbstractButton, name).click()
    person.qtbot.waitUntil(lambda: person.find(ModelButton, "model_button").text() == "llama3.2:3b")
    assert person.ask("Are you there?").text == "Here I am"


def test_a_server_that_asks_for_a_key_waits_for_it_in_the_dialog(launch: Launch) -> None:
    refusal = json_answer({"error": {"message": "Invalid API Key"}}, 401)
    with ScriptedServer(paths={"/v1/models": refusal}) as server:
        person = launch()
        looks_at(person, server)
        dialog = open_servers(person)
        dialog.found.findChild(QPushButton, "found_server_0").click()  # type: ignore[union-attr]
        edit = person.find(QLineEdit, "server_key_edit")
        person.qtbot.waitUntil(lambda: dialog.focusWidget() is edit)
        assert person.find(QLineEdit, "server_address_edit").text() == server.base_url
        assert "authorization" not in server.requests[0].headers
        dialog.close()
