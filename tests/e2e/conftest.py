"""The real application in a window that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from chatbot_app.application import Application, create_application, create_services
from chatbot_app.core.servers import Server
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer, sse_answer


@pytest.fixture
def launch(qtbot: QtBot, data_dir: Path) -> Iterator[Launch]:
    """Start the application on this test's data folder; what is still running at the end is shut down."""
    running: list[Application] = []

    def start(folder: Path | None = None) -> Person:
        application = create_application(folder or data_dir)
        running.append(application)
        return Person(application, qtbot)

    yield start
    for application in running:
        application.shutdown()


@pytest.fixture
def scripted(data_dir: Path) -> Iterator[ScriptedServer]:
    """A scripted server that is the default of this test's data folder."""
    with ScriptedServer(sse_answer(["Hello", " there"])) as server:
        services = create_services(data_dir)
        services.servers.add(Server("scripted", "Scripted", server.base_url, default_model="scripted"))
        services.servers.set_default("scripted")
        services.settings.set("chat.automatic_titles", False)
        services.close()
        yield server


@pytest.fixture(scope="session")
def built_in_model() -> Path:
    path = find_model_file(BUILT_IN_MODEL.name)
    if path is None:
        pytest.skip("needs the built-in model: run chatbot-app models fetch")
    return path
