"""Data sets are made from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatbot_app.cli.main import run
from chatbot_app.storage.conversation_order import ConversationOrder
from tests.unit.storage.support import exchange, open_database, open_store


@pytest.fixture
def filled(data_dir: Path) -> Path:
    with open_database(data_dir) as database:
        store, order = open_store(database), ConversationOrder(database)
        ids = [store.create_conversation().id for _ in range(3)]
        for number, conversation_id in enumerate(ids):
            exchange(store, conversation_id, None, f"Question {number}?", f"Answer {number}, a@b.example.")
        order.move(ids[:2], order.add_folder("Good ones").id)
        store.delete(ids[0])
    return data_dir


def call(data_dir: Path, *words: str, status: int = 0) -> None:
    assert run(["--data-dir", str(data_dir), "data", "export", *words], lambda *_: 99) == status


def test_a_folder_becomes_a_file_and_a_report(
    filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.jsonl"
    words = (str(path), "--format", "sharegpt", "--answers", "all", "--folder", "good ONES")
    call(filled, *words, "--preview", "--json")
    would = json.loads(capsys.readouterr().out)
    assert not path.exists()
    call(filled, *words, "--mask", "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["files"] == [str(path)]
    assert report["rows"] == would["rows"] == {"train": 1, "test": 0}
    assert "Answer 1, [EMAIL]" in path.read_text()
    call(filled, str(path), "--format", "openai", status=1)
    said = capsys.readouterr().out
    assert "Nothing of what was chosen makes a row." in said
    assert "2 × The answer was neither called good nor edited" in said


def test_what_is_not_there_is_said(filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "x.jsonl")
    call(filled, path, "--format", "openai", "--folder", "Nowhere", status=1)
    assert "There is no folder “Nowhere”" in capsys.readouterr().err
    call(filled, path, "--format", "openai", "--id", "nobody", status=1)
    for words in (("--since", "yesterday"), ("--test-share", "2"), ("--format", "csv")):
        with pytest.raises(SystemExit) as ended:
            call(filled, path, "--format", "openai", *words)
        assert ended.value.code == 2
