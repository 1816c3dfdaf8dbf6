"""Servers of this computer say what they have loaded, where their kind does; nobody else is asked."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.loaded_models import loaded_models, loaded_path, read_loaded
from tests.scripted_server import ScriptedServer, json_answer

PS = {"models": [{"name": "llama3:latest", "model": "llama3:latest"}, {"model": "qwen:7b"}]}
STUDIO = {
    "data": [{"id": "a", "state": "loaded"}, {"id": "b", "state": "not-loaded"}, {"id": 3, "state": "loaded"}]
}


@pytest.mark.parametrize(
    ("kind", "path", "answer", "names"),
    [
        (ServerKind.OLLAMA, "/api/ps", PS, {"llama3:latest", "llama3", "qwen:7b"}),
        (ServerKind.LM_STUDIO, "/api/v0/models", STUDIO, {"a"}),
    ],
)
def test_a_known_kind_is_asked_at_its_own_address(
    kind: ServerKind, path: str, answer: Any, names: set[str]
) -> None:
    with ScriptedServer(paths={path: json_answer(answer)}) as server:
        asked = Server("s", "S", server.base_url, kind)
        assert asyncio.run(loaded_models(asked, None)) == names
        assert [request.path for request in server.requests] == [path]


@pytest.mark.parametrize("kind", [ServerKind.OTHER, ServerKind.OPENAI, ServerKind.VLLM, ServerKind.LLAMA_CPP])
def test_an_unknown_kind_and_another_computer_are_not_asked(kind: ServerKind) -> None:
    with ScriptedServer() as server:
        assert asyncio.run(loaded_models(Server("s", "S", server.base_url, kind), None)) == frozenset()
        assert server.requests == []
    assert loaded_path(Server("s", "S", "http://192.168.1.9:11434/v1", ServerKind.OLLAMA)) == ""
    assert loaded_path(Server("s", "S", "https://ollama.com/v1", ServerKind.OLLAMA)) == ""


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"models": 3}, {"models": [None, {}, {"name": ""}, {"name": "x" * 999}]}]
)
def test_what_says_nothing_useful_is_nothing(answer: Any) -> None:
    assert read_loaded(ServerKind.OLLAMA, answer) == ()
    assert read_loaded(ServerKind.LM_STUDIO, answer) == ()


def test_a_server_that_is_not_there_has_nothing_loaded() -> None:
    with ScriptedServer() as server:
        pass
    assert (
        asyncio.run(loaded_models(Server("s", "S", server.base_url, ServerKind.OLLAMA), None)) == frozenset()
    )
