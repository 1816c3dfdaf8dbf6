"""Asks servers for the context windows of their models, each family in its own way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from chatbot_app.core.errors import ProxyUnusable
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.probe_client import ProbeClient
from chatbot_app.llm.window_table import ModelWindow, window_from_table

# Ollama loads a model with this window unless told otherwise, however large the model's own is, and cuts
# longer prompts silently (docs/context-length.md: 4,096 on machines without much video memory).
OLLAMA_DEFAULT_WINDOW = 4096


_Question = Callable[[ProbeClient, str], Awaitable[int | None]]


async def model_window(server: Server, key: str | None, model: str) -> ModelWindow:
    """Ask `server` for the window of `model`, at most a few seconds; else look it up. Raises nothing."""
    questions = _QUESTIONS[server.kind]
    if not questions or not server.base_url:
        return window_from_table(model)
    try:
        client = ProbeClient(server, key)
    except ProxyUnusable:  # the chat itself says so
        return replace(window_from_table(model), is_settled=False)
    async with client:
        answers = await asyncio.gather(*(question(client, model) for question in questions))
        own = server.kind is ServerKind.BUILT_IN
        trained = await _ask_trained(client) if own else None
    tokens = next((answer for answer in answers if answer), None)
    if tokens is not None and trained is not None:
        return ModelWindow(tokens, "trained" if tokens >= trained else "memory")
    if tokens is not None:
        return ModelWindow(tokens, "server")
    return replace(window_from_table(model), is_settled=client.was_reached)


async def _ask_props(client: ProbeClient, model: str) -> int | None:
    """llama.cpp: the window of a slot, which is what one conversation gets."""
    answer = await client.ask("/props") or {}
    settings = answer.get("default_generation_settings")
    return _tokens(settings.get("n_ctx")) if isinstance(settings, dict) else None


async def _ask_trained(client: ProbeClient) -> int | None:
    """llama.cpp: the window that the model was trained with."""
    models = (await client.ask("/v1/models") or {}).get("data")
    meta = (
        models[0].get("meta") if isinstance(models, list) and models and isinstance(models[0], dict) else None
    )
    return _tokens(meta.get("n_ctx_train")) if isinstance(meta, dict) else None


async def _ask_models(client: ProbeClient, model: str) -> int | None:
    """vLLM, llama.cpp, OpenRouter and others that add it to the list of models."""
    entry = _entry(await client.ask("/v1/models"), "data", "id", model)
    meta = entry.get("meta")
    found = [_tokens(entry.get(name)) for name in ("max_model_len", "context_length", "context_window")]
    found.append(_tokens(meta.get("n_ctx")) if isinstance(meta, dict) else None)
    return next((tokens for tokens in found if tokens), None)


async def _ask_lm_studio(client: ProbeClient, model: str) -> int | None:
    """LM Studio's own list: the loaded window, else the largest one."""
    entry = _entry(await client.ask("/api/v0/models"), "data", "id", model)
    return _tokens(entry.get("loaded_context_length")) or _tokens(entry.get("max_context_length"))


async def _ask_ollama(client: ProbeClient, model: str) -> int | None:
    """Ollama: the window of the loaded model, else what it would be loaded with."""
    loaded = _entry(await client.ask("/api/ps"), "models", "name", model, f"{model}:latest")
    if tokens := _tokens(loaded.get("context_length")):
        return tokens
    shown = await client.ask("/api/show", {"model": model})
    if shown is None:
        return None
    chosen = re.search(r"^num_ctx\s+(\d+)", str(shown.get("parameters", "")), re.MULTILINE)
    if chosen:
        return int(chosen[1][:12])
    details = shown.get("model_info")
    largest = [
        tokens
        for name, value in (details.items() if isinstance(details, dict) else ())
        if name.endswith(".context_length") and (tokens := _tokens(value))
    ]
    return min(largest[0], OLLAMA_DEFAULT_WINDOW) if largest else None


_QUESTIONS: dict[ServerKind, tuple[_Question, ...]] = {
    ServerKind.BUILT_IN: (_ask_props,),
    ServerKind.LLAMA_CPP: (_ask_props, _ask_models),
    ServerKind.VLLM: (_ask_models,),
    ServerKind.LM_STUDIO: (_ask_lm_studio,),
    ServerKind.OLLAMA: (_ask_ollama,),
    ServerKind.OPENAI: (),  # does not say it
    ServerKind.OTHER: (_ask_props, _ask_models, _ask_lm_studio, _ask_ollama),
}


def _entry(answer: dict[str, Any] | None, field: str, name: str, *names: str) -> dict[str, Any]:
    entries = (answer or {}).get(field)
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get(name) in names:
            return entry
    return {}


def _tokens(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
