"""The answer of `/v1/models`, which every family of servers fills differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatbot_app.core.servers import ServerKind
from chatbot_app.core.text import clean_text
from chatbot_app.llm.json_bodies import read_json


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """A model on a server; `window` is its context in tokens where the server says it."""

    id: str
    owned_by: str = ""
    window: int | None = None


MOST_MODELS = 5000  # ten times those of the largest brokers: a list to choose from must stay one
LONGEST_NAME = 300  # characters

# vLLM, llama.cpp (the loaded one, not the one it was trained with), LM Studio, OpenRouter, Groq.
_WINDOW_NAMES = ("max_model_len", "n_ctx", "loaded_context_length", "context_length", "context_window")

_OWNERS = {
    "llamacpp": ServerKind.LLAMA_CPP,
    "vllm": ServerKind.VLLM,
    "library": ServerKind.OLLAMA,
    "organization_owner": ServerKind.LM_STUDIO,
}


def parse_models(body: str) -> tuple[ModelDescription, ...] | None:
    """Return the models that `body` lists, each once; None if it is no list of models."""
    try:
        parsed = read_json(body)
    except ValueError:
        return None
    entries: Any = parsed
    if isinstance(parsed, dict):
        entries = parsed.get("data")
        if entries is None and parsed.get("object") == "list":
            entries = []  # Ollama without a single model
        if entries is None:
            entries = parsed.get("models")
    if not isinstance(entries, list):
        return None
    models: dict[str, ModelDescription] = {}
    for entry in entries[:MOST_MODELS]:
        described = _describe(entry)
        if described is not None:
            models.setdefault(described.id, described)
    return tuple(models.values()) if models or not entries else None


def _describe(entry: Any) -> ModelDescription | None:
    if isinstance(entry, str) and 0 < len(entry) <= LONGEST_NAME:
        return ModelDescription(clean_text(entry))
    if not isinstance(entry, dict):
        return None
    name = next((entry[key] for key in ("id", "name", "model") if isinstance(entry.get(key), str)), "")
    if not name or len(name) > LONGEST_NAME:
        return None
    owner = entry.get("owned_by")
    meta = entry.get("meta")
    places = [entry, meta] if isinstance(meta, dict) else [entry]
    windows = (place.get(key) for place in places for key in _WINDOW_NAMES)
    window = next((w for w in windows if isinstance(w, int) and not isinstance(w, bool) and w > 0), None)
    return ModelDescription(clean_text(name), owner if isinstance(owner, str) else "", window)


def recognise_kind(models: tuple[ModelDescription, ...]) -> ServerKind | None:
    """Return the family that the models' owners give away, if they do."""
    return next((_OWNERS[model.owned_by] for model in models if model.owned_by in _OWNERS), None)
