"""A question with pictures, from the command line: sent as pixels, kept with the question, refused before anything is asked."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from chatbot_app.application import create_services
from chatbot_app.cli.main import run
from chatbot_app.core.servers import Server
from tests.scripted_server import ScriptedServer, sse_answer
from tests.tiny_png import png


@pytest.fixture
def server(data_dir: Path, qapp: object) -> object:
    # Qt's own thread begins here, not in the one that makes pictures ready.
    with ScriptedServer(sse_answer(["Two colours."])) as scripted:
        services = create_services(data_dir)
        services.servers.add(Server("scripted", "Scripted", scripted.base_url, default_model="gpt-4o"))
        services.servers.set_default("scripted")
        services.close()
        yield scripted


def ask(data_dir: Path, *words: str) -> int:
    return run(["--data-dir", str(data_dir), "ask", "What is this?", *words], lambda *_: 99)


def test_pictures_are_sent_and_kept(
    server: ScriptedServer, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / "red.png", tmp_path / "blue.png"]
    for number, file in enumerate(files):
        file.write_bytes(png(40 + number, 30))
    assert ask(data_dir, *(word for file in files for word in ("--picture", str(file)))) == 0
    assert "Two colours." in capsys.readouterr().out
    *pictures, words = server.chat_requests[0].json["messages"][-1]["content"]
    assert words == {"type": "text", "text": "What is this?"}
    assert len(pictures) == 2
    for picture in pictures:
        head, _, body = picture["image_url"]["url"].partition(",")
        assert head == "data:image/png;base64"
        assert base64.b64decode(body).startswith(b"\x89PNG")


def test_a_file_that_is_no_picture_asks_nobody(
    server: ScriptedServer, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.png").write_text("no picture")
    assert ask(data_dir, "--picture", str(tmp_path / "text.png")) == 1
    assert "text.png cannot be used" in capsys.readouterr().err
    assert server.chat_requests == []


def test_documents_are_not_asked_before_there_are_any(
    server: ScriptedServer, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(data_dir, "--documents") != 0
    assert "There are no documents to search yet." in capsys.readouterr().err
    assert server.chat_requests == []
