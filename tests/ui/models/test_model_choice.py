"""Who answers follows the conversation, the servers and the store, and nobody is asked before a menu is opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from chatbot_app.chat.services import Services, create_services
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.local_models import ModelFacts, ModelKind
from chatbot_app.core.servers import BUILT_IN_SERVER, Server, ServerKind
from chatbot_app.ui.models.model_button import ModelButton
from chatbot_app.ui.models.model_choice_controller import ModelChoiceController
from chatbot_app.workers.chat_worker import ChatWorker
from chatbot_app.workers.task_runner import TaskRunner

WORK = Server("w", "Work", "http://localhost:9/v1", default_model="gpt")
HOME = Server("h", "Home", "http://localhost:8/v1")


class FakeChat(QObject):
    """The settings of an open conversation."""

    conversation_opened = Signal(object)
    prompt_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.settings = GenerationSettings()

    def replace_settings(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        self.prompt_changed.emit()


class FakeGateway:
    """Lists models, or fails."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.asked_loaded: list[str] = []

    async def list_models(self, server_id: str) -> list[str]:
        self.asked.append(server_id)
        if server_id == "w":
            return ["gpt", "gpt-mini"]
        raise ValueError("no list")

    async def loaded_models(self, server_id: str) -> frozenset[str]:
        self.asked_loaded.append(server_id)
        return frozenset({"llama3", "llama3:latest"})


async def _close() -> None:
    """Nothing is open."""


class Desk:
    """A controller with what it needs."""

    def __init__(self, services: Services, qtbot: QtBot) -> None:
        self.chat, self.gateway, self.services = FakeChat(), FakeGateway(), services
        self.button = ModelButton("model_button", widest=40)
        qtbot.addWidget(self.button)
        self.runner = TaskRunner()
        self.worker = ChatWorker(lambda _: None, at_end=_close)  # type: ignore[arg-type,return-value]
        self.running: set[str] = set()
        self.now = 100.0
        self.controller = ModelChoiceController(
            (self.button,),
            self.chat,  # type: ignore[arg-type]
            services.models,
            services.favourite_models,
            self.gateway,  # type: ignore[arg-type]
            lambda: frozenset(self.running),
            self.runner,
            self.worker,
            clock=lambda: self.now,
        )

    def menu(self) -> QMenu:
        self.button.click()
        found = self.button.findChild(QMenu, "model_menu")
        assert found is not None
        return found

    def close(self) -> None:
        self.worker.shutdown()
        self.runner.shutdown()


@pytest.fixture
def desk(qtbot: QtBot, data_dir: Path) -> Iterator[Desk]:
    services = create_services(data_dir)
    made = Desk(services, qtbot)
    yield made
    made.close()
    services.close()


def known_servers(desk: Desk, qtbot: QtBot, default_id: str = "built-in") -> None:
    desk.controller.set_servers([BUILT_IN_SERVER, WORK, HOME], default_id)
    desk.controller.refresh()
    qtbot.waitUntil(lambda: "built-in" in desk.controller.known.models)


def test_the_built_in_model_is_named_and_then_the_default_one(desk: Desk, qtbot: QtBot) -> None:
    known_servers(desk, qtbot)
    assert desk.button.text() == "SmolLM2-135M"
    model = desk.services.models.add(Path("/x/Own.gguf"), ModelFacts())
    desk.services.models.add(Path("/x/vectors.gguf"), ModelFacts(kind=ModelKind.EMBEDDING))
    desk.services.models.set_default(model.id)
    desk.controller.read_models()
    qtbot.waitUntil(lambda: desk.button.text() == "Own")
    assert desk.controller.known.models["built-in"] == ("SmolLM2-135M-Instruct", "Own")


def test_the_conversation_says_which_one_answers(desk: Desk, qtbot: QtBot) -> None:
    known_servers(desk, qtbot, "w")
    assert desk.button.accessibleName() == "Answered by gpt on Work"
    with qtbot.waitSignal(desk.controller.current_changed) as changed:
        desk.controller.choose("w", "gpt-mini")
    assert changed.args == ["w", "gpt-mini"]
    assert desk.chat.settings == GenerationSettings(server_id="w", model="gpt-mini")
    assert desk.button.text() == "gpt-mini"
    desk.controller.choose("h", "")
    assert desk.button.text() == "Home"
    assert desk.chat.settings.model is None


def test_the_default_model_is_named_where_the_one_of_a_conversation_was_taken_off(
    desk: Desk, qtbot: QtBot
) -> None:
    known_servers(desk, qtbot)
    model = desk.services.models.add(Path("/x/Own.gguf"), ModelFacts())
    desk.controller.read_models()
    desk.controller.choose("built-in", "Own")
    qtbot.waitUntil(lambda: desk.controller.known.current == ("built-in", "Own"))
    desk.services.models.remove(model.id)
    with qtbot.waitSignal(desk.controller.current_changed) as changed:
        desk.controller.read_models()
    assert changed.args == ["built-in", "SmolLM2-135M-Instruct"]  # as the gateway answers


def test_a_server_is_asked_when_its_menu_is_opened_and_not_again_at_once(desk: Desk, qtbot: QtBot) -> None:
    known_servers(desk, qtbot)
    menu = desk.menu()
    assert desk.gateway.asked == []
    work = menu.findChild(QMenu, "models_of_w")
    assert work is not None
    work.aboutToShow.emit()
    qtbot.waitUntil(lambda: any(one.text() == "gpt-mini" for one in work.actions()))
    work.aboutToShow.emit()
    assert desk.gateway.asked == ["w"]
    desk.now += 60
    work.aboutToShow.emit()
    qtbot.waitUntil(lambda: desk.gateway.asked == ["w", "w"])
    menu.close()


def test_a_server_that_does_not_answer_says_so_in_its_menu(desk: Desk, qtbot: QtBot) -> None:
    known_servers(desk, qtbot)
    menu = desk.menu()
    home = menu.findChild(QMenu, "models_of_h")
    assert home is not None
    home.aboutToShow.emit()
    qtbot.waitUntil(lambda: any("no list" in one.text() for one in home.actions()))
    menu.close()


def test_what_a_server_said_at_another_address_is_forgotten(desk: Desk, qtbot: QtBot) -> None:
    known_servers(desk, qtbot)
    desk.controller.take_list("w", ["old"])
    desk.controller.set_servers(
        [BUILT_IN_SERVER, replace(WORK, base_url="http://localhost:7/v1")], "built-in"
    )
    assert "w" not in desk.controller.known.models


def test_favourites_are_kept_and_loaded_models_marked(desk: Desk, qtbot: QtBot) -> None:
    known_servers(desk, qtbot)
    desk.controller.actions.favourite_toggled.emit("w", "gpt", True)
    qtbot.waitUntil(lambda: desk.controller.known.favourites == (("w", "gpt"),))
    assert desk.services.favourite_models.list() == (("w", "gpt"),)
    desk.running = {"built-in"}
    menu = desk.menu()
    assert [one.text() for one in menu.actions() if "\t" in one.text()] == [
        "gpt\tWork",
        "SmolLM2-135M-Instruct\tloaded",
    ]
    menu.close()
    desk.controller.actions.favourite_toggled.emit("w", "gpt", False)
    qtbot.waitUntil(lambda: desk.controller.known.favourites == ())


def test_what_servers_of_this_computer_have_loaded_is_marked_when_the_menu_opens(
    desk: Desk, qtbot: QtBot
) -> None:
    ollama = Server("o", "Ollama", "http://localhost:11434/v1", ServerKind.OLLAMA)
    far = Server("f", "Far", "http://192.168.1.9:11434/v1", ServerKind.OLLAMA)
    desk.controller.set_servers([BUILT_IN_SERVER, ollama, far, HOME], "built-in")
    desk.controller.take_list("o", ["llama3:latest", "qwen"])
    desk.controller.actions.favourite_toggled.emit("o", "llama3:latest", True)
    qtbot.waitUntil(lambda: bool(desk.controller.known.favourites))
    menu = desk.menu()
    of_ollama = menu.findChild(QMenu, "models_of_o")
    assert of_ollama is not None
    qtbot.waitUntil(lambda: any(one.text() == "llama3:latest\tOllama · loaded" for one in menu.actions()))
    assert [one.text() for one in of_ollama.actions()][-2:] == ["llama3:latest\tloaded", "qwen"]
    assert desk.gateway.asked_loaded == ["o"]  # neither another computer nor one of an unknown kind
    assert desk.gateway.asked == []
    menu.close()
