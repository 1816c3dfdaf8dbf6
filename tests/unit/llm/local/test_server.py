"""The built-in model starts, answers only who has its key, is restarted, and never outlives the program."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from chatbot_app.core.model_errors import LocalServerFailed, ModelFileError, ModelFileMissing, ModelNotWhole
from chatbot_app.llm.local.launch import EngineLaunch
from chatbot_app.llm.local.server import LocalEndpoint, LocalServer
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file
from tests.tiny_gguf import write_model

COMMAND = [sys.executable, "-m", "chatbot_app.llm.local.server_process"]
MODEL = find_model_file(BUILT_IN_MODEL.name)

needs_model = [
    pytest.mark.model,
    pytest.mark.skipif(MODEL is None, reason="needs the built-in model: run “chatbot-app models fetch”"),
]


@pytest.fixture
def server() -> Iterator[LocalServer]:
    local_server = LocalServer(command=COMMAND, restart_waits=(0.0, 0.0, 0.0))
    yield local_server
    local_server.stop()


def ask(
    endpoint: LocalEndpoint, method: str, path: str, headers: dict[str, str], body: object = None
) -> http.client.HTTPResponse:
    place = urlsplit(endpoint.base_url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    try:
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        answer.read_body = answer.read()  # type: ignore[attr-defined]
        return answer
    finally:
        connection.close()


def child_of(process: psutil.Process) -> psutil.Process:
    return next(
        c for c in process.children(recursive=True) if "chatbot_app.llm.local.server_process" in c.cmdline()
    )


def kill_child(server: LocalServer) -> None:
    child_of(psutil.Process()).kill()
    deadline = time.monotonic() + 60
    while server.running:  # the system ends its threads one by one
        assert time.monotonic() < deadline


class TestWithTheModel:
    pytestmark = needs_model

    def test_it_answers_with_its_key_only(self, server: LocalServer) -> None:
        endpoint = server.ensure_running()
        assert endpoint.model == "SmolLM2-135M-Instruct"
        assert endpoint.context_window == 8192
        assert endpoint.base_url.startswith("http://127.0.0.1:")
        right = {"Authorization": f"Bearer {endpoint.api_key}", "Content-Type": "application/json"}
        body = {"messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 3, "temperature": 0}
        answer = ask(endpoint, "POST", "/v1/chat/completions", right, body)
        assert answer.status == 200
        assert json.loads(answer.read_body)["usage"]["completion_tokens"] == 3  # type: ignore[attr-defined]
        for key in ("Bearer wrong", ""):
            for path in ("/v1/models", "/props", "/tokenize", "/v1/chat/completions"):
                assert ask(endpoint, "GET", path, {"Authorization": key}).status == 401
        assert ask(endpoint, "GET", "/slots", right).status == 501

    @pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:3000", "null"])
    def test_no_web_page_is_let_in(self, server: LocalServer, origin: str) -> None:
        endpoint = server.ensure_running()
        for method in ("OPTIONS", "GET"):
            answer = ask(endpoint, method, "/v1/models", {"Origin": origin})
            assert answer.getheader("Access-Control-Allow-Origin") in (None, "")
            assert answer.getheader("Access-Control-Allow-Credentials") in (None, "", "false")

    def test_the_key_is_in_no_argument_and_no_text(self, server: LocalServer) -> None:
        endpoint = server.ensure_running()
        child = child_of(psutil.Process())
        assert endpoint.api_key not in " ".join(child.cmdline())
        assert endpoint.api_key not in " ".join(child.environ().values())
        assert endpoint.api_key not in repr(endpoint)

    def test_the_built_in_model_answers_greedily_by_default(self, server: LocalServer) -> None:
        endpoint = server.ensure_running()
        answer = ask(endpoint, "GET", "/props", {"Authorization": f"Bearer {endpoint.api_key}"})
        settings = json.loads(answer.read_body)["default_generation_settings"]  # type: ignore[attr-defined]
        assert settings["params"]["temperature"] == 0.0
        assert settings["params"]["repeat_penalty"] == pytest.approx(1.1)
        assert settings["params"]["dry_multiplier"] == pytest.approx(0.8)
        assert settings["params"]["dry_allowed_length"] == 3

    def test_it_is_restarted_three_times_and_then_given_up(self, server: LocalServer) -> None:
        endpoints = [server.ensure_running()]
        for _ in range(3):
            kill_child(server)
            endpoints.append(server.ensure_running())
        assert len({endpoint.api_key for endpoint in endpoints}) == 4
        kill_child(server)
        with pytest.raises(LocalServerFailed, match="4 times"):
            server.ensure_running()
        server.ensure_running()  # "Try again" is a fresh attempt

    def test_stop_leaves_nothing(self, server: LocalServer) -> None:
        server.ensure_running()
        child = child_of(psutil.Process())
        server.stop()
        assert not child.is_running()
        assert not server.running

    @pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells its mappings")
    def test_the_empty_table_of_keys_and_values_takes_no_memory(self, server: LocalServer) -> None:
        endpoint = server.ensure_running()
        child = child_of(psutil.Process())
        # The model's file is 98 MB, the table 190 MB; it grows with what is asked.
        assert child.memory_full_info().uss < 240_000_000
        answer = ask(
            endpoint, "POST", "/v1/chat/completions", {"Authorization": f"Bearer {endpoint.api_key}"},
            {"messages": [{"role": "user", "content": "What is the capital of France?"}], "max_tokens": 20},
        )  # fmt: skip
        assert "Paris" in answer.read_body.decode()  # type: ignore[attr-defined]

    def test_stop_while_loading_tells_who_waits(self, server: LocalServer) -> None:
        async def scenario() -> None:
            waiting = asyncio.ensure_future(server.endpoint())
            await asyncio.sleep(0)
            await asyncio.to_thread(server.stop)
            with pytest.raises(LocalServerFailed, match="stopped"):
                await waiting

        asyncio.run(scenario())

    def test_waiting_can_be_cancelled_and_the_loop_stays_free(self, server: LocalServer) -> None:
        async def scenario() -> None:
            waiting = asyncio.ensure_future(server.endpoint())
            await asyncio.sleep(0)
            assert not waiting.done()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert (await server.endpoint()).context_window == 8192

        asyncio.run(scenario())

    def test_another_file_is_loaded_in_its_place(self, server: LocalServer, tmp_path: Path) -> None:
        assert MODEL is not None
        others = psutil.Process().children()  # what tests before share
        server.warm()
        first = server.ensure_running()
        copied = tmp_path / "copied ü.gguf"
        copied.write_bytes(MODEL.read_bytes())
        server.use(EngineLaunch(str(copied)))
        second = server.ensure_running()
        assert (first.model, second.model) == ("SmolLM2-135M-Instruct", "copied ü")
        assert second.api_key != first.api_key
        server.use(EngineLaunch(str(tmp_path / "gone.gguf")))
        with pytest.raises(ModelFileError, match="no such file"):
            server.ensure_running()
        left = [child for child in psutil.Process().children() if child not in others]
        assert not [child for child in left if child.status() != psutil.STATUS_ZOMBIE]

    def test_a_cut_file_is_named_with_the_reason(self, server: LocalServer, tmp_path: Path) -> None:
        assert MODEL is not None
        cut = tmp_path / "cut.gguf"
        with MODEL.open("rb") as whole:
            cut.write_bytes(whole.read(20_000_000))
        server.use(EngineLaunch(str(cut)))
        with pytest.raises(ModelNotWhole, match=r"20\.0 MB of 98\.4 MB"):
            server.ensure_running()

    @pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
    def test_it_ends_with_a_killed_parent(self) -> None:
        script = (
            "import sys, threading\n"
            "from chatbot_app.llm.local.server import LocalServer\n"
            f"LocalServer(command={COMMAND!r}).ensure_running()\n"
            "print('ready', flush=True)\n"
            "threading.Event().wait()\n"
        )
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
            assert parent.stdout is not None
            assert parent.stdout.readline() == b"ready\n"
            child = child_of(psutil.Process(parent.pid))
            parent.send_signal(signal.SIGKILL)
            _, alive = psutil.wait_procs([child], timeout=60)
            assert not alive

    def test_an_interrupt_in_the_terminal_is_left_to_the_parent(self, server: LocalServer) -> None:
        endpoint = server.ensure_running()
        child_of(psutil.Process()).send_signal(signal.SIGINT)
        assert ask(endpoint, "GET", "/health", {}).status == 200
        assert server.running


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in it yet"),
        (b"PK\x03\x04", "is an archive"),
        (b"MZ\x90", "not a GGUF file"),
        (b"GGUF\xff\xff\xff\xffrubbish" * 99, "damaged.gguf"),
    ],
)
def test_a_damaged_file_is_named(server: LocalServer, tmp_path: Path, content: bytes, words: str) -> None:
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(content)
    server.use(EngineLaunch(str(damaged)))
    with pytest.raises(ModelFileError, match=words) as caught:
        server.ensure_running()
    assert str(damaged) in caught.value.summary


def test_the_missing_built_in_model_is_to_be_fetched(
    server: LocalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_MODELS_DIR", str(tmp_path))
    with pytest.raises(ModelFileMissing):
        server.ensure_running()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["/nowhere/at/all"], "cannot be started"),
        ([sys.executable, "-c", "import sys; sys.exit('out of luck')"], "out of luck"),
        ([sys.executable, "-c", "print('not JSON')"], "ended with code 0"),
    ],
)
def test_a_child_that_does_not_start_is_explained(tmp_path: Path, command: list[str], words: str) -> None:
    model = tmp_path / "model.gguf"
    write_model(model, [("<unk>", 2)])
    server = LocalServer(model, command=command)
    with pytest.raises(LocalServerFailed, match=words):
        server.ensure_running()
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_child_has_no_secret_in_its_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nobody-may-read-this")
    model = tmp_path / "model.gguf"
    write_model(model, [("<unk>", 2)])
    says_what_it_has = "import pathlib, sys; sys.exit(pathlib.Path('/proc/self/environ').read_text())"
    server = LocalServer(model, command=[sys.executable, "-c", says_what_it_has])
    with pytest.raises(LocalServerFailed) as caught:
        server.ensure_running()
    server.stop()
    assert "PYTHONPATH=" in str(caught.value)
    assert "GOMP_SPINCOUNT=" in str(
        caught.value
    )  # beside other work its threads would only wait for each other
    assert "sk-nobody" not in str(caught.value)


def test_the_child_imports_neither_qt_nor_a_client_library() -> None:
    code = (
        "import sys, chatbot_app.llm.local.server_process;"
        "print([m for m in ('PySide6', 'openai', 'httpx2', 'httpcore2', 'numpy') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"[]"
    )
