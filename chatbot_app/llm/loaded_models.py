"""Which models a server of this computer has in memory now, where its kind is one that says so.

Ollama says it at `/api/ps` (https://docs.ollama.com/api/ps), LM Studio at `/api/v0/models` by the state of each model
(https://lmstudio.ai/docs/api/rest-api). Both are below the root of the server, beside `/v1`.
"""

from __future__ import annotations

from typing import Any

from chatbot_app.core.errors import ProxyUnusable
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.core.text import clean_text
from chatbot_app.llm.model_list import LONGEST_NAME, MOST_MODELS
from chatbot_app.llm.probe_client import ProbeClient
from chatbot_app.llm.reach import is_loopback

ASK_SECONDS = 1.0  # it is said beside what is shown already
_PATHS = {ServerKind.OLLAMA: "/api/ps", ServerKind.LM_STUDIO: "/api/v0/models"}
_LATEST = ":latest"  # what Ollama adds to a name without a tag


def loaded_path(server: Server) -> str:
    """Return where a server says what it has loaded; "" for another computer's, or a kind that does not say it."""
    return _PATHS.get(server.kind, "") if is_loopback(server.base_url) else ""


async def loaded_models(server: Server, key: str | None) -> frozenset[str]:
    """Ask a server of this computer; nothing for any other (`loaded_path`), or where it does not answer in time."""
    path = loaded_path(server)
    if not path:
        return frozenset()
    try:
        client = ProbeClient(server, key, ASK_SECONDS)
    except ProxyUnusable:
        return frozenset()
    async with client:
        return frozenset(read_loaded(server.kind, await client.ask(path)))


def read_loaded(kind: ServerKind, answer: Any) -> tuple[str, ...]:
    """Return the names in an answer, in its order, each as the list of models and a person may write it."""
    field = "models" if kind is ServerKind.OLLAMA else "data"
    entries = answer.get(field) if isinstance(answer, dict) else None
    names: list[str] = []
    for entry in entries[:MOST_MODELS] if isinstance(entries, list) else ():
        if not isinstance(entry, dict):
            continue
        if kind is ServerKind.OLLAMA:
            name = entry.get("name") or entry.get("model")
        else:
            name = entry.get("id") if entry.get("state") == "loaded" else None
        if isinstance(name, str) and 0 < len(name) <= LONGEST_NAME:
            names.append(clean_text(name))
    if kind is ServerKind.OLLAMA:
        names += [name.removesuffix(_LATEST) for name in names]
        names += [name + _LATEST for name in names if ":" not in name.rpartition("/")[2]]
    return tuple(dict.fromkeys(names))
