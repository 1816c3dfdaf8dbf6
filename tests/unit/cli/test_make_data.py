"""Data sets are made of documents from the command line, ended and gone on with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.application import create_services
from chatbot_app.cli.main import run
from chatbot_app.core.servers import Server
from tests.scripted_server import Answer, Request, ScriptedServer, json_answer, sse_answer
from tests.unit.storage.support import store_text

TEXT = "The lighthouse of Quorra was built in 1874 by Mara Voss, and stands 41 metres above the sea. " * 3


@pytest.fixture
def filled(data_dir: Path) -> Iterator[ScriptedServer]:
    with ScriptedServer(models=["good"]) as server:
        services = create_services(data_dir)
        services.servers.add(Server("scripted", "Scripted", server.base_url, default_model="good"))
        services.servers.set_default("scripted")
        documents = services.library.documents
        for number in range(3):
            document_id = store_text(documents, f"Paper {number}", f"{number}. {TEXT}")
            if number < 2:
                collection = documents.create_collection("Papers")
                documents.add_to_collection(collection.id, [document_id])
        services.close()
        yield server


def good(request: Request) -> Answer:
    names = request.json["response_format"]["json_schema"]["schema"]["properties"]
    reply = {"prompt": "Describe the lighthouse."} if "prompt" in names else {"reason": "whole", "rating": 5}
    return sse_answer([json.dumps(reply)])


def make(data_dir: Path, path: Path, *words: str, status: int = 0) -> None:
    call = ["--data-dir", str(data_dir), "data", "make", "--out", str(path), *words]
    assert run(call, lambda *_: 99) == status


def test_a_collection_becomes_a_file_and_an_ended_job_goes_on(
    filled: ScriptedServer, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "made.jsonl"
    words = ("--kind", "backtranslation", "--collection", "papers", "--json")
    gone = json_answer({"error": {"message": "no such key"}}, 401)
    filled.set_answers(good, good, gone)
    make(data_dir, path, *words, status=1)
    said = capsys.readouterr()
    assert "--resume" in said.err
    assert "key" in said.err
    assert not path.exists()
    filled.set_answers(good)
    make(data_dir, path, *words, "--resume", "--test-share", "0.5")
    report = json.loads(capsys.readouterr().out)
    assert (report["passages"], report["made"], report["accepted"]) == (2, 2, 2)
    assert report["rows"] == {"train": 1, "test": 1}
    assert [Path(name).name for name in report["files"]] == ["made.train.jsonl", "made.test.jsonl"]
    row = json.loads((tmp_path / "made.train.jsonl").read_text())
    assert row["prompt"] == "Describe the lighthouse."
    assert "Quorra" in row["completion"]
    assert row["source"]["document"] in ("Paper 0", "Paper 1")
    make(data_dir, path, *words[:-1], "--resume")  # nothing is left: it is written again
    assert "2 rows written, from 2 documents." in capsys.readouterr().out


def test_what_cannot_be_is_said_in_a_sentence(
    filled: ScriptedServer, data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "made.jsonl"
    for words, sentence in (
        (("--kind", "questions", "--collection", "nobody"), "There is no collection named “nobody”"),
        (("--kind", "questions", "--resume"), "There is no data set of this kind"),
        (("--kind", "questions", "--server", "nobody"), "There is no server named “nobody”"),
        (("--kind", "feedback", "--format", "alpaca"), "has no form “alpaca”"),
    ):
        make(data_dir, path, *words, status=1)
        assert sentence in capsys.readouterr().err
    make(data_dir, tmp_path / "absent" / "x.jsonl", "--kind", "questions", status=1)
    assert "There is no folder" in capsys.readouterr().err
    for words in (("--passages", "0"), ("--kind", "poems"), ("--test-share", "2")):
        with pytest.raises(SystemExit) as ended:
            make(data_dir, path, "--kind", "questions", *words)
        assert ended.value.code == 2
    assert filled.chat_requests == []
