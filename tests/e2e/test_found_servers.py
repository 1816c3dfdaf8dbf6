"""A server that already runs on this computer is found, used with one click, and answers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton

from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.servers import ServerKind
from chatbot_app.llm.found_servers import UsualPort
from chatbot_app.ui.models.model_button import ModelButton
from chatbot_app.ui.settings.servers_dialog import ServersDialog
from tests.e2e.person import Launch, Person
from tests.random_gguf import write_random
from tests.scripted_server import ScriptedServer, json_answer, models_answer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")


@pytest.fixture
def ollama() -> Iterator[ScriptedServer]:
    lists = {"/v1/models": models_answer(["nomic-embed-text", "llama3.2:3b"], "library")}
    with ScriptedServer(sse_answer(["Here", " I am"]), paths=lists) as server:
        yield server


def looks_at(person: Person, server: ScriptedServer) -> None:
    looks_at_ports(person, UsualPort("Ollama", server.port, ServerKind.OLLAMA))


def looks_at_ports(person: Person, *ports: UsualPort) -> None:
    services = person.application.services
    services.usual_ports, services.finding_seconds = ports, 20.0  # a busy machine finds them too


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


def test_a_second_llama_cpp_is_found_and_answers_after_one_click(launch: Launch, tmp_path: Path) -> None:
    [model] = write_random(tmp_path / "Second.gguf", context_length=2048)
    with llama_cpp(model) as port:
        person = launch()
        services = person.application.services
        looks_at_ports(person, UsualPort("llama.cpp", port, ServerKind.LLAMA_CPP, is_everyones=True))
        dialog = open_servers(person)
        assert [(one.name, one.kind) for one in dialog.found.found] == [("llama.cpp", ServerKind.LLAMA_CPP)]
        dialog.found.findChild(QPushButton, "found_server_0").click()  # type: ignore[union-attr]
        person.qtbot.waitUntil(lambda: services.servers.default().name == "llama.cpp", timeout=20_000)
        person.qtbot.waitUntil(lambda: person.find(ModelButton, "model_button").text() != "SmolLM2-135M")
        dialog.close()
        person.application.controllers.chat.replace_settings(max_tokens=8)
        answer = person.ask("Who are you?")
        assert answer.status in (MessageStatus.COMPLETE, MessageStatus.STOPPED)
        assert answer.server_id == services.servers.default().id


_SERVE = """
import sys, xllamacpp
parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.hostnames = ["127.0.0.1"]
parameters.port = 0
parameters.n_ctx = 2048
parameters.ui = False
parameters.offline = True
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


@contextmanager
def llama_cpp(model: Path) -> Iterator[int]:
    """Run llama.cpp's own server with a model, as somebody has it on their computer; give its port."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            port = urlsplit(process.stdout.readline().strip()).port
            assert port
            yield port
        finally:
            process.kill()
