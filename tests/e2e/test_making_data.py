"""A data set is made of documents in the real window: begun, looked through, decided about, edited and exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
)

from chatbot_app.application import create_services
from chatbot_app.core.servers import Server
from chatbot_app.ui.data.making_window import MakingWindow
from tests.e2e.person import Launch, Person
from tests.e2e.test_accessibility import nameless
from tests.scripted_server import Answer, Request, ScriptedServer, json_answer, sse_answer
from tests.unit.storage.support import store_text

pytestmark = pytest.mark.xdist_group("e2e")

TEXT = "The lighthouse of Quorra was built in 1874 by Mara Voss, and stands 41 metres above the sea. " * 3


def by_form(request: Request) -> Answer:
    names = request.json["response_format"]["json_schema"]["schema"]["properties"]
    number = json.loads(request.json["messages"][-1]["content"])["document"][-1]
    reply = (
        {"prompt": f"Describe lighthouse {number}."}
        if "prompt" in names
        else {"reason": "whole", "rating": 5}
    )
    return sse_answer([json.dumps(reply)])


@pytest.fixture
def server(data_dir: Path) -> Iterator[ScriptedServer]:
    gone = json_answer({"error": {"message": "no such key"}}, 401)
    with ScriptedServer(by_form, by_form, gone, by_form, models=["good"]) as scripted:
        services = create_services(data_dir)
        services.servers.add(Server("scripted", "Scripted", scripted.base_url, default_model="good"))
        services.servers.set_default("scripted")
        for number in range(3):
            store_text(services.library.documents, f"Paper {number}", f"{number}. {TEXT}")
        services.close()
        yield scripted


def test_a_data_set_is_made_looked_through_and_exported(
    launch: Launch, server: ScriptedServer, tmp_path: Path
) -> None:
    person: Person = launch()
    wait = person.qtbot.waitUntil

    def press(name: str) -> None:
        button = person.find(QAbstractButton, name)
        wait(lambda: button.isEnabled() and button.isVisible())
        button.click()

    def said(name: str) -> str:
        return person.find(QLabel, name).text()

    person.find(QAction, "making_action").trigger()
    window = person.find(MakingWindow, "making_window")
    wait(lambda: window.isVisible() and window.form.choice.server_id == "scripted")
    assert nameless(window) == []
    servers, small = person.find(QComboBox, "making_server"), person.find(QLabel, "making_small")
    servers.setCurrentIndex(servers.findText("Built-in"))
    wait(small.isVisible)  # said before anything is made
    servers.setCurrentIndex(servers.findText("Scripted"))
    wait(lambda: window.form.choice.server_id == "scripted" and not small.isVisible())
    press("making_start")
    # The server refuses the third request: what was made is there, the problem is said, and it goes on.
    wait(
        lambda: (
            "key" in said("making_problem") and person.find(QAbstractButton, "making_go").text() == "Go on"
        )
    )
    wait(lambda: window.review.model.rowCount() == 1)
    press("making_go")
    wait(lambda: said("making_said").startswith("3 of 3 passages, 3 rows, 3 taken"))
    table = person.find(QTableView, "making_rows")
    wait(lambda: window.review.model.rowCount() == 3)
    assert nameless(window) == []
    assert len(server.chat_requests) == 7
    # Several at once, by the keyboard.
    table.selectAll()
    person.qtbot.keyClick(table, Qt.Key.Key_Space)
    wait(lambda: "0 taken" in said("making_said"))
    table.selectRow(0)
    prompt = person.find(QPlainTextEdit, "making_prompt")
    wait(lambda: prompt.toPlainText().startswith("Describe lighthouse"))
    prompt.setPlainText("Tell me of it.")
    press("making_save")
    wait(lambda: "1 taken" in said("making_said"))
    box = person.find(QComboBox, "making_filter")
    box.setCurrentIndex(box.findData("edited"))
    wait(lambda: window.review.model.rowCount() == 1)
    assert window.review.model.index(0, 2).data() == "Tell me of it."
    box.setCurrentIndex(0)
    wait(lambda: window.review.model.rowCount() == 3)
    person.find(QLineEdit, "making_words").setText("lighthouse 9")
    wait(lambda: window.review.model.rowCount() == 0)
    path = tmp_path / "made.jsonl"
    press("making_export")
    dialog = person.find(QFileDialog, "making_file_dialog")
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    wait(lambda: "Written: made.jsonl. Rows: 1 to train, 0 to test" in said("making_problem"))
    row = json.loads(path.read_text())
    assert (row["prompt"], row["source"]["edited"]) == ("Tell me of it.", True)
    press("making_delete")
    press("making_delete_confirm")
    choice = person.find(QComboBox, "making_job")
    wait(lambda: choice.count() == 1 and window.form.isVisible())
