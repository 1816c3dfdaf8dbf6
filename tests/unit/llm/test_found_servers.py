"""Servers of this computer are found on their usual ports, and nobody else is taken for one."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chatbot_app.core.servers import BUILT_IN_SERVER, Server, ServerKind
from chatbot_app.llm.found_servers import FoundServer, UsualPort, find_servers, known_ports
from tests.scripted_server import (
    Answer,
    ScriptedServer,
    html_answer,
    json_answer,
    models_answer,
    no_answer,
    redirect_answer,
)

MODELS = "/v1/models"
PATIENCE = 20.0  # seconds: a busy machine is no reason to find nothing


def find(
    *ports: UsualPort | int, seconds: float = PATIENCE, besides: set[int] | None = None
) -> list[FoundServer]:
    wanted = [
        port if isinstance(port, UsualPort) else UsualPort("Ollama", port, ServerKind.OLLAMA)
        for port in ports
    ]
    return asyncio.run(find_servers(wanted, besides=besides or set(), seconds=seconds))


@pytest.fixture
def serving() -> Iterator[object]:
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(ScriptedServer(paths={MODELS: answer}))


def test_what_answers_is_found_with_its_models_in_the_order_of_the_ports(serving) -> None:
    ollama = serving(models_answer(["nomic-embed-text", "llama3.2:3b"], "library"))
    vllm = serving(models_answer(["org/big"], "vllm"))
    found = find(
        UsualPort("llama.cpp", vllm.port, ServerKind.LLAMA_CPP, is_everyones=True),
        UsualPort("Ollama", ollama.port, ServerKind.OLLAMA),
    )
    assert found == [
        FoundServer("vLLM", f"http://127.0.0.1:{vllm.port}/v1", ServerKind.VLLM, ("org/big",)),
        FoundServer(
            "Ollama",
            f"http://127.0.0.1:{ollama.port}/v1",
            ServerKind.OLLAMA,
            ("nomic-embed-text", "llama3.2:3b"),
        ),
    ]
    assert found[1].chat_model == "llama3.2:3b"  # the first one cannot talk
    assert [(one.method, one.path) for one in ollama.requests] == [("GET", MODELS), ("GET", "/api/ps")]
    assert [one.path for one in vllm.requests] == [MODELS]  # what it lists is loaded
    for request in ollama.requests:
        assert "authorization" not in request.headers
        assert "cookie" not in request.headers


@pytest.mark.parametrize("second", [no_answer(), html_answer(), json_answer({"models": [None, 3]})])
def test_what_is_loaded_comes_first_and_is_not_waited_for(second: Answer) -> None:
    listed = models_answer(["a", "b:latest"], "library")
    said = json_answer({"models": [{"name": "b:latest"}, {"name": "gone"}]})
    with ScriptedServer(paths={MODELS: listed, "/api/ps": said}) as server:
        [one] = find(server.port)
    assert (one.loaded, one.chat_model) == (("b:latest",), "b:latest")
    with ScriptedServer(paths={MODELS: listed, "/api/ps": second}) as server:
        [one] = find(server.port, seconds=2.0 if second.packets == () else PATIENCE)
    assert (one.models, one.loaded, one.chat_model) == (("a", "b:latest"), (), "a")


def test_a_port_of_everyone_names_nobody(serving) -> None:
    server = serving(models_answer(["m"], "somebody"))
    found = find(UsualPort("llama.cpp", server.port, ServerKind.LLAMA_CPP, is_everyones=True))
    assert [(one.name, one.kind) for one in found] == [(f"localhost:{server.port}", ServerKind.OTHER)]


def test_a_server_without_a_model_is_found(serving) -> None:
    server = serving(json_answer({"object": "list", "data": None}))
    assert [one.models for one in find(server.port)] == [()]


@pytest.mark.parametrize(
    "answer",
    [
        html_answer(),
        html_answer(404),
        html_answer(401),
        json_answer({"ok": True}),
        json_answer([]),
        json_answer({"data": []}),
        json_answer("nonsense"),
        json_answer({"error": "no"}, 500),
        json_answer({"error": {"message": "who?"}}, 401, {"WWW-Authenticate": "Basic realm=x"}),
        redirect_answer("http://127.0.0.1:1/v1/models"),
        Answer((b"SSH-2.0-OpenSSH_9\r\n",), None, ending="cut"),
        Answer((b"x" * 65536,) * 64, 200),
        Answer((b'{"object": "list", "data": [' + b'{"id": "m"}, ' * 200_000,), 200),
        Answer((b"\x1f\x8b\x08",), 200, {"Content-Encoding": "gzip"}),
        Answer((), None, ending="reset"),
    ],
    ids=lambda answer: f"{answer.status}-{answer.ending}-{(answer.packets or (b'',))[0][:24]!r}",
)
def test_who_speaks_something_else_is_nobody(serving, answer: Answer) -> None:
    other, real = serving(answer), serving(models_answer(["m"]))
    assert [one.base_url for one in find(other.port, real.port)] == [f"http://127.0.0.1:{real.port}/v1"]


def test_who_hangs_or_drips_keeps_nobody_waiting(serving) -> None:
    real = serving(models_answer(["m"]))
    quiet, slow = serving(no_answer()), serving(Answer((b" " * 1000,), rate=5, one_byte_packets=True))
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # accepts, and reads nothing
        ports = (quiet.port, slow.port, deaf.getsockname()[1], real.port)
        assert len(find(*ports, seconds=2.0)) == 1


@pytest.mark.parametrize(
    ("answer", "of_everyone"),
    [
        (json_answer({"error": {"message": "Invalid API Key", "code": 401}}, 401), True),
        (json_answer({"error": "Unauthorized"}, 401, {"WWW-Authenticate": "Bearer"}), True),
        (Answer((b"Invalid or missing authorization token",), 401), False),
    ],
)
def test_who_asks_for_a_key_is_offered_so(serving, answer: Answer, of_everyone: bool) -> None:
    server = serving(answer)
    found = find(UsualPort("Jan", server.port, is_everyones=of_everyone))
    assert [(one.needs_key, one.models) for one in found] == [(True, ())]


def test_a_page_behind_a_login_on_a_port_of_everyone_is_nobody(serving) -> None:
    server = serving(json_answer({"error": "Unauthorized", "path": "/v1/models", "status": 401}, 401))
    assert find(UsualPort("llama.cpp", server.port, is_everyones=True)) == []
    plain = serving(Answer((b"who are you?",), 401))
    assert find(UsualPort("llama.cpp", plain.port, is_everyones=True)) == []


def test_ports_that_are_known_are_left_alone(serving) -> None:
    known, other = serving(models_answer(["m"])), serving(models_answer(["m"]))
    assert len(find(known.port, other.port, besides={known.port})) == 1
    assert known.requests == []
    assert find(known.port, besides={known.port}) == []


def test_no_proxy_is_asked(serving, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, server = serving(models_answer(["proxy"])), serving(models_answer(["m"]))
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("NO_PROXY", "")
    assert [one.models for one in find(server.port)] == [("m",)]
    assert proxy.requests == []


def test_a_server_that_listens_to_ipv6_alone_is_found() -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"object": "list", "data": [{"id": "six"}]}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Tests print nothing."""

    class Server6(ThreadingHTTPServer):
        address_family = socket.AF_INET6
        daemon_threads = True

    try:
        server = Server6(("::1", 0), Handler)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            found = find(server.server_port)
            assert [(one.base_url, one.models) for one in found] == [
                (f"http://[::1]:{server.server_port}/v1", ("six",))
            ]
        finally:
            server.shutdown()
            thread.join()


def test_known_ports_are_those_of_this_computer() -> None:
    def at(address: str) -> Server:
        return Server("s", "S", address)

    servers = [
        at("http://localhost:11434/v1"),
        at("http://[::1]:8080/v1"),
        at("http://0.0.0.0:1234/api/v1"),
        at("https://127.0.0.2/v1"),
        at("https://example.org:5001/v1"),
        at("http://localhost:99999/v1"),
        BUILT_IN_SERVER,
    ]
    assert known_ports(servers) == {11434, 8080, 1234, 443}
