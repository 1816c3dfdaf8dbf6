"""Conversations are listed, and carried out and in, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatbot_app.cli.main import run
from tests.unit.storage.support import exchange, open_database, open_store


class Terminal:
    """Runs commands in this process."""

    def __init__(self, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data_dir = data_dir
        self._capsys = capsys

    def __call__(self, *words: str, status: int = 0) -> str:
        assert run(["--data-dir", str(self.data_dir), "conversations", *words], lambda *_: 99) == status
        printed = self._capsys.readouterr()
        return printed.err if status else printed.out


@pytest.fixture
def terminal(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    with open_database(data_dir) as database:
        store = open_store(database)
        for number in range(2):
            exchange(store, store.create_conversation().id, None, f"Question {number}?", "An *answer*.")
    return Terminal(data_dir, capsys)


def test_all_go_out_and_come_into_another_folder(
    terminal: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = json.loads(terminal("list", "--json"))
    assert [item["title"] for item in listed] == ["Question 1?", "Question 0?"]
    path = tmp_path / "all.json"
    said = json.loads(terminal("export", str(path), "--json"))
    assert said == {"conversations": 2, "files": [str(path)]}
    there = Terminal(tmp_path / "there", capsys)
    would = json.loads(there("import", str(path), "--preview", "--json"))
    assert json.loads(there("list", "--json")) == []
    assert json.loads(there("import", str(path), "--json")) == would
    assert (would["new"], would["messages"], would["left_out"], would["complete"]) == (2, 4, [], True)
    assert json.loads(there("list", "--json")) == listed
    assert "2 here already" in there("import", str(path))


def test_some_go_into_one_file_or_into_a_folder(terminal: Terminal, tmp_path: Path) -> None:
    terminal("export", str(tmp_path), "--format", "md")
    assert (tmp_path / "Question 0.md").exists()
    first = json.loads(terminal("list", "--json"))[0]["id"]
    terminal("export", str(tmp_path / "one.md"), "--id", first)
    text = (tmp_path / "one.md").read_text()
    assert "Question 1?" in text
    assert "Question 0?" not in text


def test_what_is_no_conversation_is_said(terminal: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    path.write_text("[1, 2, {]")
    said = json.loads(terminal("import", str(path), "--json", status=1) or "{}")
    assert not said  # the report stands on standard output
    assert "absent.zip could not be read" in terminal("import", str(tmp_path / "absent.zip"), status=1)
    assert "deleted" in terminal("export", str(tmp_path / "x.md"), "--id", "nobody", status=1)
    assert not (tmp_path / "x.md").exists()
