"""Servers: where answers come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

BUILT_IN_SERVER_ID = "built-in"


class ServerKind(StrEnum):
    """The families whose habits differ."""

    BUILT_IN = "built-in"
    OPENAI = "openai"
    OLLAMA = "ollama"
    LM_STUDIO = "lm-studio"
    LLAMA_CPP = "llama.cpp"
    VLLM = "vllm"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Server:
    """An OpenAI-compatible server; the key itself is never here, only in the keychain under `id`.

    `default_model` is used by conversations that name none. As a gateway opened it, the built-in server has there the
    model that answers, and in `model_path` its GGUF file, "" meaning the one that ships. `traits` remembers what the
    server taught us, by model (parameters it refuses, its window): JSON-ready.
    """

    id: str
    name: str
    base_url: str
    kind: ServerKind = ServerKind.OTHER
    default_model: str = ""
    model_path: str = ""
    has_key: bool = False
    traits: dict[str, Any] = field(default_factory=dict)


def is_shipped_model(server: Server, model: str | None = None) -> bool:
    """Whether a server answers with the model that ships with the program, and not with a file of the person's.

    `model` is what a conversation or an answer names; None where the server says itself what it serves.
    """
    if server.kind is not ServerKind.BUILT_IN or server.model_path:
        return False
    return model is None or model == BUILT_IN_SERVER.default_model


@dataclass(frozen=True, slots=True)
class ServerTemplate:
    """A server that many people run, with the address it has by default."""

    kind: ServerKind
    name: str
    base_url: str
    needs_key: bool


SERVER_TEMPLATES = (
    ServerTemplate(ServerKind.OPENAI, "OpenAI", "https://api.openai.com/v1", needs_key=True),
    ServerTemplate(ServerKind.OLLAMA, "Ollama", "http://localhost:11434/v1", needs_key=False),
    ServerTemplate(ServerKind.LM_STUDIO, "LM Studio", "http://localhost:1234/v1", needs_key=False),
    ServerTemplate(ServerKind.LLAMA_CPP, "llama.cpp", "http://localhost:8080/v1", needs_key=False),
    ServerTemplate(ServerKind.VLLM, "vLLM", "http://localhost:8000/v1", needs_key=False),
    ServerTemplate(ServerKind.OTHER, "Another server", "http://localhost:8000/v1", needs_key=False),
)

BUILT_IN_SERVER = Server(
    BUILT_IN_SERVER_ID, "Built-in", "", ServerKind.BUILT_IN, default_model="SmolLM2-135M-Instruct"
)
