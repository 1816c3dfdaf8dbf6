"""Lists of models, as each family sends them."""

from __future__ import annotations

import json

import pytest

from chatbot_app.core.servers import ServerKind
from chatbot_app.llm.model_list import ModelDescription, parse_models, recognise_kind


def test_openai() -> None:
    body = {"object": "list", "data": [{"id": "gpt-x", "object": "model", "owned_by": "openai"}]}
    assert parse_models(json.dumps(body)) == (ModelDescription("gpt-x", "openai"),)


@pytest.mark.parametrize(
    ("entry", "window", "kind"),
    [
        ({"id": "m", "owned_by": "vllm", "max_model_len": 8192}, 8192, ServerKind.VLLM),
        ({"id": "m", "owned_by": "llamacpp", "meta": {"n_ctx": 4096, "n_ctx_train": 9}}, 4096, ServerKind.LLAMA_CPP),
        ({"id": "m", "owned_by": "llamacpp", "meta": None}, None, ServerKind.LLAMA_CPP),
        ({"id": "m", "owned_by": "library"}, None, ServerKind.OLLAMA),
        ({"id": "m", "owned_by": "organization_owner"}, None, ServerKind.LM_STUDIO),
        ({"id": "m", "context_length": 32_000}, 32_000, None),
        ({"id": "m", "context_length": True}, None, None),
    ],
)  # fmt: skip
def test_windows_and_families(entry: dict[str, object], window: int | None, kind: ServerKind | None) -> None:
    models = parse_models(json.dumps({"data": [entry]}))
    assert models is not None
    assert models[0].window == window
    assert recognise_kind(models) == kind


@pytest.mark.parametrize("body", ['{"data": []}', '{"object": "list", "data": null}', '{"models": []}', "[]"])
def test_no_models_is_a_list_too(body: str) -> None:
    assert parse_models(body) == ()


@pytest.mark.parametrize("body", ["", "<html>", "{}", "null", '"m"', '{"data": {"id": 1}}', '{"data": [5]}'])
def test_what_is_no_list(body: str) -> None:
    assert parse_models(body) is None


def test_same_model_twice_and_names_in_other_places() -> None:
    body = json.dumps({"models": [{"name": "a"}, {"model": "b"}, "c", {"id": "a"}, {"id": ""}, None]})
    models = parse_models(body)
    assert models is not None
    assert [model.id for model in models] == ["a", "b", "c"]
