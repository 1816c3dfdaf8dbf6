"""The short list of recommended models that ships: `resources/models.json`.

An object with "models", a list of objects:

- "name", "repository" (owner/name on the hub), "file" (its path there), "licence", "good_at" (a sentence), "languages";
- "kind": "chat" or "embedding"; "parameters": how many the model has, about; "architecture": as GGUF files name it;
- "revision", "bytes", "sha256": a commit, and the size and checksum that the file has in it; "bytes" of an ONNX file are
  those of all files that come with it, and "cache_bytes" 0: it keeps nothing of a text. They were published, and
  seen in more than one place; the file has to be that when it arrives. Where they were not, "revision" is "main", the two
  others are null and "", and size and checksum are what the hub says when the download begins;
- "cache_bytes": what the keys and values of a token take as f16 (2 · 2 bytes · layers · key/value heads · their length,
  from the model's published configuration), null where it is not known;
- "memory": bytes that it takes with a window of 8,192 tokens: the file, that many times "cache_bytes", and 300 MB.
"""

from __future__ import annotations

import json
from typing import Any

from chatbot_app.core.hub_models import RecommendedModel
from chatbot_app.core.local_models import ModelKind
from chatbot_app.core.paths import resources_dir

FILE_NAME = "models.json"


def recommended_models() -> tuple[RecommendedModel, ...]:
    """Return the list, in the order in which it is shown."""
    content = json.loads((resources_dir() / FILE_NAME).read_text("utf-8"))
    return tuple(map(_model_from, content["models"]))


def find_recommended(name: str) -> RecommendedModel | None:
    """Return an entry by its name, in any case."""
    wanted = name.strip().casefold()
    return next((model for model in recommended_models() if model.name.casefold() == wanted), None)


def _model_from(entry: dict[str, Any]) -> RecommendedModel:
    return RecommendedModel(**{**entry, "kind": ModelKind(entry["kind"])})
