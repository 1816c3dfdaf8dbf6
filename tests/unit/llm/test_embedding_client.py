"""Vectors of a server, over a real socket."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from chatbot_app.core.errors import (
    KeyRejected,
    NotAModelServer,
    Offline,
    RedirectRefused,
    ServerError,
    ServerTimedOut,
)
from chatbot_app.core.servers import Server
from chatbot_app.llm.embedding_client import EmbeddingClient
from tests.scripted_server import (
    Answer,
    ScriptedServer,
    dropped,
    html_answer,
    json_answer,
    no_answer,
    redirect_answer,
)

PATH = "/v1/embeddings"


def answer(*vectors: Any) -> Answer:
    data = [{"object": "embedding", "index": index, "embedding": v} for index, v in enumerate(vectors)]
    return json_answer({"object": "list", "data": data})


def ask(server: ScriptedServer, *texts: str, key: str | None = None) -> list[list[float]]:
    client = EmbeddingClient(Server("s", "Vectors", server.base_url), key, "small", answer_seconds=5.0)
    try:
        return client.request(texts)
    finally:
        client.close()


def test_vectors_come_in_the_order_of_the_texts() -> None:
    turned = json_answer({"data": [{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [1, 0]}]})
    with ScriptedServer(paths={PATH: turned}) as server:
        assert ask(server, "a", "b\ud800", key="sk-key") == [[1, 0], [0, 1]]
        (request,) = server.requests
        assert request.json == {"model": "small", "input": ["a", "b\ufffd"], "encoding_format": "float"}
        assert request.headers["authorization"] == "Bearer sk-key"


@pytest.mark.parametrize(
    "wrong",
    [
        answer([1.0]),
        answer([1.0], [1.0], [1.0]),
        answer([1.0], [1.0, 2.0]),
        answer([1.0], "no"),
        answer([1.0], ["a"]),
        json_answer({"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}),
        json_answer({"data": None}),
        json_answer([]),
    ],
)
def test_an_answer_that_lacks_vectors_is_refused(wrong: Answer) -> None:
    with ScriptedServer(paths={PATH: wrong}) as server, pytest.raises(ServerError):
        ask(server, "a", "b")


@pytest.mark.parametrize(
    ("played", "error"),
    [
        (json_answer({"error": {"message": "bad key sk-secret"}}, 401), KeyRejected),
        (html_answer(), NotAModelServer),
        (redirect_answer("http://127.0.0.1:9/elsewhere"), RedirectRefused),
        (dropped(), ServerError),
    ],
)
def test_failures_are_named_and_never_show_the_key(played: Answer, error: type[ServerError]) -> None:
    with ScriptedServer(paths={PATH: played}) as server:
        with pytest.raises(error) as caught:
            ask(server, "a", key="sk-secret")
        assert "sk-secret" not in str(caught.value)


def test_no_server_is_offline() -> None:
    server = ScriptedServer()
    server.close()
    with pytest.raises(Offline):
        ask(server, "a")


def test_a_request_that_is_waited_for_is_given_up_at_once_when_the_program_ends() -> None:
    with ScriptedServer(paths={PATH: no_answer()}) as server:
        client = EmbeddingClient(Server("s", "Vectors", server.base_url), None, "small", answer_seconds=600.0)
        ended: list[BaseException] = []

        def ask_for_vectors() -> None:
            try:
                client.request(["a"])
            except ServerError as error:
                ended.append(error)

        asking = threading.Thread(target=ask_for_vectors)
        asking.start()
        server.wait_for_requests(1)
        client.interrupt()
        asking.join(60)
        assert "the program ends" in str(ended[0])
        with pytest.raises(ServerError, match="the program ends"):
            client.request(["b"])
        client.close()


def trickled(packets: list[bytes], status: int | None) -> Answer:
    """Return an answer of which a byte comes now and then: no single wait for one is long."""
    return Answer(packets, status, rate=20.0, one_byte_packets=status is None)


@pytest.mark.parametrize(
    "played",
    [
        trickled([b"HTTP/1.1 200 OK\r\n" + b"X-Never: ends\r\n" * 500], None),
        trickled([b"HTTP/1.1 100 Continue\r\n\r\n" * 500], None),
        trickled([b" "] * 2_000, 200),
    ],
    ids=["headers", "interim replies", "body"],
)
def test_a_server_that_sends_a_byte_now_and_then_is_given_up_in_time(played: Answer) -> None:
    with ScriptedServer(paths={PATH: [played, answer([1.0])]}) as server:
        client = EmbeddingClient(Server("s", "Slow", server.base_url), None, "small", answer_seconds=0.5)
        with pytest.raises(ServerTimedOut):
            client.request(["a"])
        assert client.request(["a"]) == [[1.0]]  # on another connection
        client.close()
