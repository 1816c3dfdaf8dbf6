"""The window comes from the server where it says it, else from the table, and is never guessed."""

from __future__ import annotations

import asyncio
import json
from contextlib import AbstractContextManager
from typing import Any

import pytest

from chatbot_app.core.paths import resources_dir
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.window_questions import model_window
from chatbot_app.llm.window_table import ModelWindow, window_from_table
from tests.json_server import server_that

PROPS = {"default_generation_settings": {"n_ctx": 8192}}


def server_with(
    answers: dict[str, Any], kind: ServerKind
) -> AbstractContextManager[tuple[Server, list[str]]]:
    """A real server on loopback that answers these paths with JSON and anything else with 404."""
    return server_that(lambda path, _body: answers.get(path), kind)


def models(**fields: Any) -> dict[str, Any]:
    return {"data": [{"id": "another", "max_model_len": 1}, {"id": "m", **fields}]}


@pytest.mark.parametrize(
    ("kind", "answers", "tokens"),
    [
        (ServerKind.LLAMA_CPP, {"/props": PROPS, "/v1/models": models(meta={"n_ctx": 4})}, 8192),
        (ServerKind.LLAMA_CPP, {"/v1/models": models(meta={"n_ctx": 4096, "n_ctx_train": 99999})}, 4096),
        (ServerKind.VLLM, {"/v1/models": models(max_model_len=32768)}, 32768),
        (ServerKind.OTHER, {"/v1/models": models(context_length=65536)}, 65536),
        (
            ServerKind.LM_STUDIO,
            {"/api/v0/models": models(max_context_length=131072, loaded_context_length=4096)},
            4096,
        ),
        (ServerKind.LM_STUDIO, {"/api/v0/models": models(max_context_length=131072)}, 131072),
        (ServerKind.OLLAMA, {"/api/ps": {"models": [{"name": "m:latest", "context_length": 16384}]}}, 16384),
        (ServerKind.OLLAMA, {"/api/show": {"model_info": {"llama.context_length": 131072}}}, 4096),
        (ServerKind.OLLAMA, {"/api/show": {"model_info": {"phi2.context_length": 2048}}}, 2048),
        (ServerKind.OLLAMA, {"/api/show": {"parameters": 'stop "x"\nnum_ctx    12288\n'}}, 12288),
        (ServerKind.OTHER, {"/api/ps": {"models": [{"name": "m", "context_length": 777}]}}, 777),
    ],
)
def test_the_server_says_its_window(kind: ServerKind, answers: dict[str, Any], tokens: int) -> None:
    with server_with(answers, kind) as (server, _):
        assert asyncio.run(model_window(server, "key", "m")) == ModelWindow(tokens, "server")


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {
            "/props": [],
            "/v1/models": {"data": None},
            "/api/ps": {"models": [None]},
            "/api/show": {"model_info": 3},
        },
        {
            "/props": {"default_generation_settings": {"n_ctx": "8192"}},
            "/v1/models": models(max_model_len=-1),
        },
        {"/v1/models": models(max_model_len=True), "/api/v0/models": "text"},
    ],
)
def test_what_says_nothing_useful_is_unknown(answers: dict[str, Any]) -> None:
    with server_with(answers, ServerKind.OTHER) as (server, _):
        assert asyncio.run(model_window(server, None, "m")) == ModelWindow(None, "")


def test_a_silent_server_falls_back_to_the_table() -> None:
    with server_with({}, ServerKind.OTHER) as (server, _):
        assert asyncio.run(model_window(server, None, "gpt-4o")) == ModelWindow(128_000, "table")


def test_an_unreachable_server_falls_back_to_the_table() -> None:
    with server_with({}, ServerKind.VLLM) as (server, _):
        pass
    assert asyncio.run(model_window(server, None, "gpt-4o")) == ModelWindow(128_000, "table")


def test_garbage_proxies_do_not_matter_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks9://:::garbage")
    with server_with({"/props": PROPS}, ServerKind.LLAMA_CPP) as (server, _):
        assert asyncio.run(model_window(server, None, "m")).tokens == 8192


def test_openai_is_not_asked() -> None:
    with server_with({"/v1/models": models(max_model_len=1)}, ServerKind.OPENAI) as (server, asked):
        assert asyncio.run(model_window(server, "key", "gpt-4.1-mini")) == ModelWindow(1_047_576, "table")
        assert asked == []


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("gpt-4o-2024-08-06", 128_000),
        ("openai/gpt-4.1", 1_047_576),
        ("gpt-4", 8_192),
        ("gpt-4-0613", 8_192),
        ("gpt-4-turbo-2024-04-09", 128_000),
        ("gpt-5-mini", 400_000),
        ("gpt-5-chat-latest", 128_000),
        ("o1-mini", 128_000),
        ("o3", 200_000),
        ("gpt-3.5-turbo", 16_385),
        ("Meta-Llama-3.1-8B-Instruct", 131_072),
        ("llama3.2:3b", 131_072),
        ("llama3", 8_192),
        ("qwen2.5-coder:7b", 32_768),
        ("SmolLM2-135M-Instruct", 8_192),
        ("gemma3:1b", 32_768),
        ("o1000", None),
        ("my-own-model", None),
        ("", None),
    ],
)
def test_the_longest_prefix_of_the_table_decides(model: str, tokens: int | None) -> None:
    assert window_from_table(model) == ModelWindow(tokens, "table" if tokens else "")


def test_the_table_says_when_and_where_from() -> None:
    table = json.loads((resources_dir() / "model_windows.json").read_text("utf-8"))
    assert len(table["date"]) == 10
    assert all(family["source"] and family["tokens"] > 0 for family in table["families"])


@pytest.mark.parametrize(("trained", "source"), [(8192, "trained"), (131072, "memory"), (None, "server")])
def test_a_model_of_the_programs_own_says_what_it_was_trained_with(trained: int | None, source: str) -> None:
    listed = {"data": [{"id": "m", "meta": {"n_ctx_train": trained}}]}
    with server_with({"/props": PROPS, "/v1/models": listed}, ServerKind.BUILT_IN) as (server, _):
        found = asyncio.run(model_window(server, "key", "m"))
    assert found == ModelWindow(8192, source)
    assert found.is_said
