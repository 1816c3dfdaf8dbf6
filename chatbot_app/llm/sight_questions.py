"""Asks servers whether their models see pictures, each family in its own way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from chatbot_app.core.errors import ProxyUnusable
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.sight import Sight
from chatbot_app.llm.probe_client import ProbeClient
from chatbot_app.llm.sight_table import sight_from_table

_Question = Callable[[ProbeClient, str], Awaitable[bool | None]]


@dataclass(frozen=True, slots=True)
class SaidSight:
    """Whether a model sees; `is_said` by the server itself, which `was_reached` or not."""

    sight: Sight
    is_said: bool
    was_reached: bool


async def model_sight(server: Server, key: str | None, model: str) -> SaidSight:
    """Ask `server` whether `model` sees pictures, at most a few seconds; else look it up. Raises nothing."""
    questions = _QUESTIONS[server.kind]
    table = sight_from_table(model)
    if not questions or not server.base_url:
        return SaidSight(table, is_said=False, was_reached=True)
    try:
        client = ProbeClient(server, key)
    except ProxyUnusable:  # the chat itself says so
        return SaidSight(table, is_said=False, was_reached=False)
    async with client:
        answers = await asyncio.gather(*(question(client, model) for question in questions))
    said = [answer for answer in answers if answer is not None]
    if said:
        return SaidSight(Sight.SEES if any(said) else Sight.BLIND, is_said=True, was_reached=True)
    return SaidSight(table, is_said=False, was_reached=client.was_reached)


async def _ask_props(client: ProbeClient, model: str) -> bool | None:
    """llama.cpp: what the loaded projector takes (tools/server/README.md, `/props`)."""
    modalities = (await client.ask("/props") or {}).get("modalities")
    return _yes_or_no(modalities.get("vision")) if isinstance(modalities, dict) else None


async def _ask_ollama(client: ProbeClient, model: str) -> bool | None:
    """Ollama: the capabilities of a model (docs/api.md, “Show Model Information”)."""
    capabilities = (await client.ask("/api/show", {"model": model}) or {}).get("capabilities")
    return "vision" in capabilities if isinstance(capabilities, list) and capabilities else None


async def _ask_lm_studio(client: ProbeClient, model: str) -> bool | None:
    """LM Studio's own list: a model is an `llm`, a `vlm`, or makes vectors."""
    kind = _entry(await client.ask("/api/v0/models"), model).get("type")
    return kind == "vlm" if kind in ("llm", "vlm") else None


async def _ask_models(client: ProbeClient, model: str) -> bool | None:
    """OpenRouter (`architecture.input_modalities`) and Mistral (`capabilities.vision`) say it in the list of models."""
    entry = _entry(await client.ask("/v1/models"), model)
    architecture, capabilities = entry.get("architecture"), entry.get("capabilities")
    taken = architecture.get("input_modalities") if isinstance(architecture, dict) else None
    if isinstance(taken, list) and taken:
        return "image" in taken
    return _yes_or_no(capabilities.get("vision")) if isinstance(capabilities, dict) else None


_QUESTIONS: dict[ServerKind, tuple[_Question, ...]] = {
    ServerKind.BUILT_IN: (_ask_props,),
    ServerKind.LLAMA_CPP: (_ask_props,),
    ServerKind.LM_STUDIO: (_ask_lm_studio,),
    ServerKind.OLLAMA: (_ask_ollama,),
    ServerKind.VLLM: (),  # does not say it
    ServerKind.OPENAI: (),  # does not say it
    ServerKind.OTHER: (_ask_props, _ask_models, _ask_lm_studio, _ask_ollama),
}


def _entry(answer: dict[str, Any] | None, model: str) -> dict[str, Any]:
    entries = (answer or {}).get("data")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("id") == model:
            return entry
    return {}


def _yes_or_no(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
