"""Tokens of a model of this computer as its own child gives them: for a thread that may wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chatbot_app.core.errors import AppError, ServerError
from chatbot_app.core.servers import BUILT_IN_SERVER
from chatbot_app.llm.body_limits import MOST_BYTES, ReplyCompressed, ReplyTooLarge
from chatbot_app.llm.http import open_blocking_client
from chatbot_app.llm.json_bodies import read_json
from chatbot_app.llm.local.server_child import LocalEndpoint

_CONNECT_SECONDS, _ANSWER_SECONDS = 5.0, 60.0
_LARGEST = 64 * 1024 * 1024  # bytes: a megabyte of bytes as tokens, and much more


def tokens_of(endpoint: LocalEndpoint, text: str, *, add_special: bool, parse_special: bool) -> list[int]:
    """Return the ids of a text. Raises ServerError."""
    body = {"content": text, "add_special": add_special, "parse_special": parse_special}
    tokens = _ask(endpoint, "/tokenize", body).get("tokens")
    if not isinstance(tokens, list) or not all(isinstance(token, int) for token in tokens):
        raise ServerError(server=endpoint.model, detail="its answer holds no tokens.")
    return tokens


def text_of(endpoint: LocalEndpoint, tokens: Sequence[int]) -> str:
    """Return the text of ids. Raises ServerError."""
    return str(_ask(endpoint, "/detokenize", {"tokens": list(tokens)}).get("content", ""))


def _ask(endpoint: LocalEndpoint, path: str, body: dict[str, Any]) -> dict[str, Any]:
    import httpx2

    server = replace(BUILT_IN_SERVER, name=endpoint.model, base_url=endpoint.base_url)
    try:
        with open_blocking_client(
            server, endpoint.api_key, connect_seconds=_CONNECT_SECONDS, answer_seconds=_ANSWER_SECONDS
        ) as client:
            answer = client.post(
                endpoint.base_url.removesuffix("/v1") + path, json=body, extensions={MOST_BYTES: _LARGEST}
            )
            found = read_json(answer.raise_for_status().content)
    except (AppError, httpx2.HTTPError, ReplyCompressed, ReplyTooLarge, ValueError) as exc:
        raise ServerError(server=endpoint.model, detail="its tokens could not be asked for.") from exc
    if not isinstance(found, dict):
        raise ServerError(server=endpoint.model, detail="its answer holds no tokens.")
    return found
