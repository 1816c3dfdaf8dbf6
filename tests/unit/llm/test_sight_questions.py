"""Whether a model sees pictures: what servers of each family say, and the table where they say nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.sight import Sight
from chatbot_app.llm.sight_questions import model_sight
from chatbot_app.llm.sight_table import sight_from_table
from tests.scripted_server import ScriptedServer, json_answer, models_answer


def ask(kind: ServerKind, model: str, paths: dict[str, Any]) -> Sight:
    answers = {path: json_answer(value) for path, value in paths.items()}
    with ScriptedServer(paths={"/v1/models": models_answer([model]), **answers}) as server:
        said = asyncio.run(model_sight(Server("s", "S", server.base_url, kind), None, model))
    return said.sight


@pytest.mark.parametrize(
    ("kind", "path", "answer", "sight"),
    [
        (ServerKind.LLAMA_CPP, "/props", {"modalities": {"vision": True, "audio": False}}, Sight.SEES),
        (ServerKind.LLAMA_CPP, "/props", {"modalities": {"vision": False}}, Sight.BLIND),
        (ServerKind.BUILT_IN, "/props", {"modalities": {"vision": False}}, Sight.BLIND),
        (ServerKind.LLAMA_CPP, "/props", {"total_slots": 1}, Sight.UNKNOWN),
        (ServerKind.OLLAMA, "/api/show", {"capabilities": ["completion", "vision"]}, Sight.SEES),
        (ServerKind.OLLAMA, "/api/show", {"capabilities": ["completion"]}, Sight.BLIND),
        (ServerKind.OLLAMA, "/api/show", {"details": {}}, Sight.UNKNOWN),
        (ServerKind.LM_STUDIO, "/api/v0/models", {"data": [{"id": "m", "type": "vlm"}]}, Sight.SEES),
        (ServerKind.LM_STUDIO, "/api/v0/models", {"data": [{"id": "m", "type": "llm"}]}, Sight.BLIND),
        (
            ServerKind.OTHER,
            "/v1/models",
            {"data": [{"id": "m", "architecture": {"input_modalities": ["text", "image"]}}]},
            Sight.SEES,
        ),
        (
            ServerKind.OTHER,
            "/v1/models",
            {"data": [{"id": "m", "capabilities": {"vision": False}}]},
            Sight.BLIND,
        ),
        (ServerKind.OTHER, "/v1/models", {"data": [{"id": "m"}]}, Sight.UNKNOWN),
        (ServerKind.OTHER, "/v1/models", {"data": "nonsense"}, Sight.UNKNOWN),
    ],
)
def test_a_server_says_it_in_its_own_way(kind: ServerKind, path: str, answer: Any, sight: Sight) -> None:
    assert ask(kind, "m", {path: answer}) is sight


def test_what_a_server_says_comes_before_the_table() -> None:
    assert (
        ask(ServerKind.LLAMA_CPP, "gemma-3-4b", {"/props": {"modalities": {"vision": False}}}) is Sight.BLIND
    )
    assert ask(ServerKind.LLAMA_CPP, "gemma-3-4b", {"/props": {}}) is Sight.SEES


@pytest.mark.parametrize(
    ("model", "sight"),
    [
        ("gpt-4o-mini", Sight.SEES),
        ("gpt-4.1-2025-04-14", Sight.SEES),
        ("gpt-4-0613", Sight.BLIND),
        ("gpt-3.5-turbo", Sight.BLIND),
        ("o3-mini", Sight.BLIND),
        ("o3", Sight.SEES),
        ("gemma3:4b", Sight.SEES),
        ("gemma3:1b", Sight.BLIND),
        ("llama3.2-vision:11b", Sight.SEES),
        ("llama3.2:3b", Sight.UNKNOWN),
        ("Qwen/Qwen2.5-VL-7B-Instruct", Sight.SEES),
        ("qwen2.5vl:7b", Sight.SEES),
        ("qwen2.5:7b", Sight.UNKNOWN),
        ("llava:13b", Sight.SEES),
        ("anthropic/claude-3.5-sonnet", Sight.SEES),
        ("my-own", Sight.UNKNOWN),
    ],
)
def test_known_families_are_in_the_table(model: str, sight: Sight) -> None:
    assert sight_from_table(model) is sight
