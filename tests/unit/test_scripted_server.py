"""The server that other tests and benchmarks rely on."""

from __future__ import annotations

import json
import socket
import time
import urllib.request

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.scripted_server import Answer, Request, ScriptedServer, json_answer, raw_sse, sse_answer

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def post(server: ScriptedServer, body: object = None) -> bytes:
    request = urllib.request.Request(f"{server.base_url}/chat/completions", json.dumps(body).encode())
    with OPENER.open(request, timeout=PATIENCE_SECONDS) as response:
        content: bytes = response.read()
    return content


def test_answers_come_in_order_and_the_last_repeats() -> None:
    with ScriptedServer(json_answer(1), json_answer(2)) as server:
        assert [post(server) for _ in range(3)] == [b"1", b"2", b"2"]


def test_requests_are_recorded() -> None:
    with ScriptedServer(json_answer(1)) as server:
        post(server, {"a": "b"})
        server.wait_for_requests(1)
        (request,) = server.chat_requests
        assert (request.method, request.json) == ("POST", {"a": "b"})
        assert b'{"a": "b"}' in server.received
        with pytest.raises(TimeoutError):
            server.wait_for_requests(2, timeout=0.01)


def test_an_answer_can_depend_on_its_request() -> None:
    def echo(request: Request) -> Answer:
        return json_answer(request.json)

    with ScriptedServer(echo) as server:
        assert post(server, [7]) == b"[7]"


def test_the_rate_is_kept() -> None:
    with ScriptedServer(sse_answer(["a"] * 41, usage={}, finish_reason=None, done=False, rate=400)) as server:
        started = time.monotonic()
        assert post(server).count(b"data: ") == 41
        assert time.monotonic() - started >= 40 / 400


def test_closing_ends_a_stalled_connection() -> None:
    with ScriptedServer(raw_sse([b"x"], ending="stall")) as server:
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        server.wait_for_requests(1)
    with connection:
        while connection.recv(4096):
            continue
