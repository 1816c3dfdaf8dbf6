"""A server is added in the real window: it is found where it is, and used for what it was added for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from chatbot_app.core.messages import MessageStatus
from chatbot_app.core.servers import SERVER_TEMPLATES
from chatbot_app.ui.settings.servers_dialog import ServersDialog
from tests.e2e.person import Launch
from tests.scripted_server import ScriptedServer, html_answer, models_answer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")


def test_a_saved_server_is_found_and_answers_the_next_question(launch: Launch, data_dir: Path) -> None:
    paths = {
        "/v1/models": html_answer(404),
        "/api/v1/models": models_answer(["m"]),
        "/api/v1/chat/completions": sse_answer(["Served"]),
    }
    with ScriptedServer(paths=paths) as server:
        person = launch()
        person.click("servers_button")
        person.qtbot.waitUntil(lambda: person.find(QWidget, "servers_dialog").isVisible())
        dialog = person.find(ServersDialog, "servers_dialog")
        dialog.add_server(SERVER_TEMPLATES[-1])
        address = person.find(QLineEdit, "server_address_edit")
        address.setText(f"127.0.0.1:{server.port}")
        address.textEdited.emit(address.text())
        person.click("server_save_button")
        found = f"http://127.0.0.1:{server.port}/api/v1"
        person.qtbot.waitUntil(lambda: address.text() == found, timeout=20_000)
        said = person.find(QLabel, "server_test_result")
        person.qtbot.waitUntil(lambda: f"Found at {found}" in said.text(), timeout=20_000)
        dialog.close()
        answer = person.ask("Who are you?")
        assert answer.status is MessageStatus.COMPLETE
        assert answer.text == "Served"
