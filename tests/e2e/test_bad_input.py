"""What is broken before or while the window is open: a plain sentence, the next step, nothing lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from chatbot_app.application import create_services
from chatbot_app.core.errors import Action
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.local_models import ModelFacts
from chatbot_app.core.messages import MessageStatus
from chatbot_app.llm.keys import KeyPlace
from chatbot_app.storage.database import StoreMode
from tests.e2e.person import Launch, Person
from tests.scripted_server import ScriptedServer, sse_answer

pytestmark = pytest.mark.xdist_group("e2e")


def said(person: Person) -> str:
    """What the notice bar says."""
    bar = person.application.window.chat_pane.notice_bar
    return " ".join(label.text() for label in bar.findChildren(QLabel) if label.isVisible())


def fill(data_dir: Path) -> str:
    """Write one conversation and return its id."""
    services = create_services(data_dir)
    conversation = services.conversations.create_conversation(GenerationSettings())
    services.conversations.begin_exchange(
        conversation.id, None, "An old question", settings=GenerationSettings(), server_id=None, model=None
    )
    services.close()
    return conversation.id


@pytest.mark.parametrize("content", [b"this is no model", b"GGUF" + b"\x00" * 64])
def test_a_corrupt_model_file_is_named(
    launch: Launch, data_dir: Path, tmp_path: Path, content: bytes
) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(content)
    services = create_services(data_dir)
    services.models.set_default(services.models.add(bad, ModelFacts("llama")).id)
    services.close()
    person = launch()
    answer = person.ask("Hello?")
    assert answer.status is MessageStatus.FAILED
    assert "bad.gguf" in answer.notices[-1].summary
    assert answer.notices[-1].next_step
    assert person.messages()[0].text == "Hello?"


def test_a_missing_model_file_offers_the_download(
    launch: Launch, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path / "empty"))
    person = launch()
    answer = person.ask("Hello?")
    assert answer.status is MessageStatus.FAILED
    assert answer.notices[-1].kind == "ModelFileMissing"
    assert answer.notices[-1].action == Action.FETCH_MODELS


def test_a_damaged_history_is_set_aside_and_the_backup_comes_back(launch: Launch, data_dir: Path) -> None:
    conversation_id = fill(data_dir)
    services = create_services(data_dir)
    services.backups.create()
    path = services.paths.database
    services.close()
    path.write_bytes(b"garbage" * 1000)
    person = launch()
    assert person.application.services.conversations.list_conversations() == []
    assert "damaged" in said(person)
    kept = list(data_dir.glob("*.damaged-*"))
    assert kept
    assert kept[0].read_bytes().startswith(b"garbage")
    bar = person.application.window.chat_pane.notice_bar
    bar.action_requested.emit(Action.RESTORE_BACKUP.value)
    # Not asked before: the store is closed for a moment while the backup takes its place.
    person.qtbot.waitUntil(lambda: "backup is in place" in said(person))
    found = person.application.services.conversations.list_conversations()
    assert [conversation.id for conversation in found] == [conversation_id]


def test_a_newer_history_opens_for_reading_only(launch: Launch, data_dir: Path) -> None:
    conversation_id = fill(data_dir)
    services = create_services(data_dir)
    path = services.paths.database
    services.close()
    connection = sqlite3.connect(path)
    table = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%migrations%'").fetchone()[0]
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info('{table}')")]
    row = dict(zip(columns, connection.execute(f"SELECT * FROM '{table}'").fetchone(), strict=True))
    row["name"] = "m999_from_the_future"
    row.pop("id", None)
    connection.execute(
        f"INSERT INTO '{table}' ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
    )
    connection.commit()
    connection.close()
    person = launch()
    assert person.application.services.database.mode is StoreMode.READ_ONLY
    assert "reading only" in said(person)
    person.application.controllers.chat.open(conversation_id)
    person.qtbot.waitUntil(lambda: len(person.transcript.message_ids()) == 2)
    person.type_and_send("Can I write?")
    assert person.composer.toPlainText() == "Can I write?"
    assert len(person.messages()) == 2


def test_the_server_of_the_environment_is_offered_once_and_used_when_accepted(
    launch: Launch, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedServer(sse_answer(["Hello"]), models=["env-model"]) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test-1234567890")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        person = launch()
        person.qtbot.waitUntil(lambda: "environment names a server" in said(person))
        assert server.requests == []
        bar = person.application.window.chat_pane.notice_bar
        bar.action_requested.emit(Action.ADD_SERVER.value)
        servers = person.application.services.servers
        person.qtbot.waitUntil(lambda: servers.default().base_url == server.base_url)
        chat = person.application.controllers.chat
        person.click("new_conversation_button")
        person.qtbot.waitUntil(lambda: chat.settings.server_id == servers.default().id)
        answer = person.ask("Hi")
        assert answer.status is MessageStatus.COMPLETE
        assert server.chat_requests[0].headers["authorization"] == "Bearer sk-test-1234567890"
        person.application.shutdown()
        again = launch()
        again.wait_until_idle()
        assert "environment names a server" not in said(again)
        for path in data_dir.rglob("*"):
            if path.is_file():
                assert b"sk-test-1234567890" not in path.read_bytes(), path


def test_a_key_reaches_no_file_but_the_one_that_was_chosen(data_dir: Path) -> None:
    services = create_services(data_dir)
    services.keys.set("somewhere", "sk-secret-abcdef", where=KeyPlace.SESSION)
    fill_text = "nothing of it here"
    conversation = services.conversations.create_conversation(GenerationSettings())
    services.conversations.begin_exchange(
        conversation.id, None, fill_text, settings=GenerationSettings(), server_id="somewhere", model=None
    )
    services.backups.create()
    services.close()
    found = [p for p in data_dir.rglob("*") if p.is_file() and b"sk-secret-abcdef" in p.read_bytes()]
    assert found == []


def test_an_unusable_data_folder_ends_with_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "chatbot_app", "--data-dir", str(blocked), "servers", "list"]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert run.returncode == 1
    assert "cannot be used" in run.stderr
    assert "Traceback" not in run.stderr
