"""Models are downloaded, looked at, chosen and removed from the command line, from a hub on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot_app.cli.main import run
from tests.e2e.terminal import ROOT, Result
from tests.hub_server import FakeHub
from tests.tiny_gguf import gguf_bytes, write_model
from tests.tiny_onnx import published

REPOSITORY = "owner/tiny-GGUF"
FILE = "tiny-F32.gguf"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("model") / FILE
    write_model(path, [("<unk>", 3), ("<s>", 3), ("</s>", 3)], template="{{ messages[0]['content'] }}")
    return path.read_bytes()


@pytest.fixture
def hub(content: bytes) -> Iterator[FakeHub]:
    with FakeHub() as fake:
        fake.add(REPOSITORY, {FILE: content, "README.md": b"# Tiny"}, licence="mit")
        yield fake


class Terminal:
    """Runs commands as a person types them, in this process; `environment` is that of a process of its own."""

    def __init__(self, data_dir: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.environment = {"CHATBOT_DATA_DIR": str(data_dir), "CHATBOT_MODELS_DIR": str(folder / "models")}
        self._capsys = capsys

    def run(self, *words: str, **environment: str) -> Result:
        os.environ.update(self.environment | environment)
        self._capsys.readouterr()
        status = run(list(words), lambda *_: 99)
        printed = self._capsys.readouterr()
        return Result(status, printed.out, printed.err)

    def done(self, *words: str, **environment: str) -> Result:
        result = self.run(*words, **environment)
        assert result.status == 0, result.err
        return result


@pytest.fixture
def terminal(data_dir: Path, tmp_path: Path, hub: FakeHub, capsys: pytest.CaptureFixture[str]) -> Terminal:
    terminal = Terminal(data_dir, tmp_path, capsys)
    terminal.environment["HF_ENDPOINT"] = hub.address
    return terminal


def test_a_model_comes_is_looked_at_and_goes(terminal: Terminal, hub: FakeHub, content: bytes) -> None:
    recommended = terminal.done("models", "list", "--recommended", "--json").json["recommended"]
    assert {entry["kind"] for entry in recommended} == {"chat", "embedding"}
    assert hub.requests == []
    found = terminal.done("models", "list", "--search", "tiny", "--json").json["found"]
    assert [entry["repository"] for entry in found] == [REPOSITORY]
    offers = terminal.done("models", "info", f"{hub.address}/{REPOSITORY}", "--json").json
    assert (offers["best"], offers["files"][0]["fit"]["verdict"]) == (FILE, "well")
    fetched = terminal.done("models", "fetch", REPOSITORY, "--default", "--json")
    assert (fetched.json["name"], fetched.json["default"]) == ("tiny-F32", True)
    path = Path(fetched.json["path"])
    assert path.read_bytes() == content
    assert "100 %" in fetched.err
    assert terminal.done("models", "default").out == "tiny-F32\n"
    info = terminal.done("models", "info", "tiny-f32").out
    assert "mit" in info or REPOSITORY in info
    assert "runs well" in info
    removed = terminal.done("models", "remove", "tiny-F32")
    assert str(path) in removed.out
    assert not path.exists()
    assert terminal.done("models", "default").out == "SmolLM2-135M-Instruct\n"


def test_an_embedding_model_in_onnx_form_comes_and_goes_as_a_set(terminal: Terminal, hub: FakeHub) -> None:
    files, in_git = published(terminal.folder / "published", "onnx/model.onnx", "onnx/model_int8.onnx")
    hub.add("owner/words-e5", files, in_git=in_git)
    found = terminal.done("models", "list", "--search", "words", "--json").json["found"]
    assert [(entry["repository"], entry["makes_vectors"]) for entry in found] == [("owner/words-e5", True)]
    assert terminal.done("models", "list", "--search", "words").out.endswith("for vectors\n")
    offers = terminal.done("models", "info", "owner/words-e5", "--json").json
    assert offers["best"] == "onnx/model_int8.onnx"
    fetched = terminal.done("models", "fetch", "owner/words-e5", "--json").json
    assert fetched["name"] == "words-e5 (int8)"
    path = Path(fetched["path"])
    assert (path.parent / "1_Pooling" / "config.json").is_file()
    other = terminal.done("models", "fetch", "owner/words-e5", "--file", "onnx/model.onnx", "--json").json
    assert other["name"] == "words-e5"
    assert "tokenizer.json" in terminal.done("models", "remove", "words-e5 (int8)").out
    assert not path.parent.exists()
    assert Path(other["path"]).exists()


def test_a_file_of_the_person_is_used_where_it_lies(terminal: Terminal, content: bytes) -> None:
    own = terminal.folder / "My model.gguf"
    own.write_bytes(content)
    added = terminal.done("models", "add", str(own), "--name", "Mine", "--default", "--json").json
    assert (added["name"], added["path"], added["origin"]) == ("Mine", str(own), None)
    listed = terminal.run("models", "list", "--json").json
    assert [(model["name"], model["default"]) for model in listed["models"]][1:] == [("Mine", True)]
    assert "its file stays" in terminal.done("models", "remove", "Mine").out
    assert own.exists()
    refused = terminal.run("models", "add", "nowhere.gguf")
    assert (refused.status, refused.out) == (1, "")
    assert "nowhere.gguf" in refused.err


def test_a_model_that_answers_nothing_is_no_default(terminal: Terminal) -> None:
    projector = terminal.folder / "mmproj.gguf"
    projector.write_bytes(gguf_bytes({"general.architecture": "clip", "general.type": "mmproj"}))
    added = terminal.run("models", "add", str(projector), "--default")
    assert added.status == 1
    assert "no model for answers" in added.err or "cannot be used" in added.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fetch", "no/such-model"], "no repository"),
        (["fetch", REPOSITORY, "--file", "Q9_K"], FILE),
        (["fetch", "https://example.com/o/n"], "another place"),
        (["info", "nothing"], "does not name a model"),
        (["remove", "nothing"], "There is no model named"),
    ],
)
def test_a_wrong_name_is_a_sentence(terminal: Terminal, words: list[str], said: str) -> None:
    result = terminal.run("models", *words)
    assert result.status == 1
    assert said in result.err


def test_a_token_opens_a_gated_repository(terminal: Terminal, hub: FakeHub) -> None:
    hub.repositories[REPOSITORY].gated = "manual"
    hub.tokens.add("hf_abcdefghijklmnop")
    hub.allowed.add("hf_abcdefghijklmnop")
    refused = terminal.run("models", "fetch", f"{REPOSITORY}/{FILE}")
    assert "terms" in refused.err
    fetched = terminal.done(
        "models", "fetch", f"{REPOSITORY}/{FILE}", "--token-env", "TOKEN", TOKEN="hf_abcdefghijklmnop"
    )
    assert "hf_abc" not in fetched.out + fetched.err
    assert all("authorization" not in asked.headers for asked in hub.asked("storage"))


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process as Unix does")
def test_a_killed_download_is_listed_and_gone_on_with(
    terminal: Terminal, hub: FakeHub, content: bytes
) -> None:
    reached, killed = threading.Event(), threading.Event()
    hub.packet = len(content) // 4

    def stop(sent: int) -> None:
        if sent:
            reached.set()
            killed.wait(30)

    hub.before_packet = stop
    command = [sys.executable, "-m", "chatbot_app", "models", "fetch", f"{REPOSITORY}/{FILE}"]
    with subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT), **terminal.environment},
        cwd=terminal.folder,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert reached.wait(60)
        part = terminal.folder / "models" / "hub" / "owner--tiny-GGUF" / f"{FILE}.part"
        while not part.exists() or not part.stat().st_size:
            assert not killed.wait(0.005)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    killed.set()
    hub.before_packet = lambda sent: None
    listed = terminal.run("models", "list", "--json").json
    assert [entry["state"] for entry in listed["downloads"]] == ["paused"]
    assert [model["name"] for model in listed["models"]] == ["SmolLM2-135M-Instruct"]
    fetched = terminal.done("models", "fetch", f"{REPOSITORY}/{FILE}", "--json").json
    assert Path(fetched["path"]).read_bytes() == content
    assert "range" in hub.asked("storage")[-1].headers
    assert terminal.run("models", "list", "--json").json["downloads"] == []
