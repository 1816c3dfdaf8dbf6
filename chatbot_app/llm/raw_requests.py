"""Requests below a server's address besides its chats, each with limits, and their errors in our words."""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from chatbot_app.core.completion_errors import NoCompletions, TextTooLong
from chatbot_app.core.errors import (
    AppError,
    ModelNotFound,
    NotAModelServer,
    PromptTooLong,
    RequestRefused,
    ServerError,
)
from chatbot_app.core.servers import Server
from chatbot_app.core.text import clean_text
from chatbot_app.llm.body_limits import MOST_BYTES, OWN_ERRORS
from chatbot_app.llm.errors import (
    Exchange,
    Failure,
    body_text,
    failure_of,
    not_a_model_server,
    status_failure,
)
from chatbot_app.llm.http import CONNECT_SECONDS, FIRST_BYTE_SECONDS, close_client, open_client
from chatbot_app.llm.probe_client import server_root
from chatbot_app.llm.retirement import Retirement

if TYPE_CHECKING:
    import httpx2

LARGEST_BYTES = 64 * 1024 * 1024  # of an answer with a whole vocabulary: 262,144 tokens take 26 MB
_NO_ENDPOINT = (404, 405, 410, 501)


class RawRequests:
    """Connections to one server for one model of it; belongs to one asyncio loop, and is closed at the end.

    `key` is `ChatClient.api_key` of the same server. Nothing is asked or opened yet.
    """

    def __init__(
        self,
        server: Server,
        key: str | None,
        model: str,
        *,
        limits: tuple[float, float] = (CONNECT_SECONDS, FIRST_BYTE_SECONDS),
    ) -> None:
        """`limits` are the seconds that are waited for a connection and for the first byte."""
        self.server = server
        self.model = model
        self._retirement = Retirement(self.close)
        self._key = key
        self._limits = limits
        self._http: httpx2.AsyncClient | None = None

    def serves(self, server: Server, key: str | None) -> bool:
        """Whether this speaks to a server's address with its key; other things that are known of it do not matter."""
        return (self.server.base_url, self._key) == (server.base_url, key)

    def hold(self) -> AbstractAsyncContextManager[None]:
        """Use the connections: nothing is closed before this ends."""
        return self._retirement.hold()

    async def retire(self) -> None:
        """Close the connections once no request is under way: another client takes this one's place."""
        await self._retirement.retire()

    async def close(self) -> None:
        """Close the connections; a request made later opens new ones."""
        connections, self._http = self._http, None
        if connections is not None:
            await close_client(connections)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def exchange(self, sent: Mapping[str, Any], path: str = "/completions") -> Exchange:
        """Return a request with these parameters, for errors to name."""
        url = self.server.base_url.rstrip("/") + path
        return Exchange(self.server, self.model, self._key, sent, url, self._limits)

    def connections(self) -> httpx2.AsyncClient:
        """Return the open connections."""
        if self._http is None:
            connect, first_byte = self._limits
            self._http = open_client(
                self.server,
                self._key,
                connect_seconds=connect,
                first_byte_seconds=first_byte,
                most_bytes=None,  # each request names its own
                keepalive_seconds=2.0,  # llama.cpp closes after 5 s: be first
            )
        return self._http

    async def first_token(self, asked: dict[str, Any]) -> str:
        """Ask for one token after a text, and return the body of the answer. Raises ServerError."""
        if isinstance(asked["prompt"], str):
            asked = {**asked, "prompt": clean_text(asked["prompt"])}
        exchange = self.exchange({**asked, "max_tokens": 1, "stream": False})
        return await self._send(exchange, {"model": self.model, **exchange.sent})

    async def first_token_of_answer(self, question: str, asked: dict[str, Any]) -> str:
        """Ask for the first token of the answer to a message, and return the body. Raises ServerError."""
        messages = [{"role": "user", "content": clean_text(question)}]
        sent = {"messages": messages, **asked, "max_tokens": 1, "stream": False}
        return await self._send(self.exchange(sent, "/chat/completions"), {"model": self.model, **sent})

    async def below_root(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON object that a server without `/v1` answers with. Raises ServerError."""
        address = server_root(self.server.base_url) + path
        exchange = Exchange(self.server, self.model, self._key, {}, address, self._limits)
        told = await self.as_json(await self._send(exchange, asked))
        return told if isinstance(told, dict) else {}

    async def try_below_root(self, path: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        """Return the same, None where the server has nothing there or refuses; one that is away raises."""
        try:
            return await self.below_root(path, asked)
        except (NoCompletions, RequestRefused, ModelNotFound, NotAModelServer):
            return None
        except ServerError as error:
            if type(error) is ServerError:  # a status of 5xx, for what others do not know
                return None
            raise

    async def as_json(self, body: str) -> Any:
        """Return the value of a body, read in a thread. Raises NotAModelServer."""
        try:
            return await asyncio.to_thread(json.loads, body)
        except (ValueError, RecursionError):
            raise self.unreadable() from None

    def unreadable(self) -> AppError:
        """Return the error for an answer that is none."""
        return not_a_model_server("something that is no answer", self.exchange({}))

    async def _send(self, exchange: Exchange, asked: dict[str, Any]) -> str:
        await asyncio.to_thread(importlib.import_module, "httpx2")
        import httpx2

        failure: Failure | None = None
        async with self.hold():
            limits = {MOST_BYTES: LARGEST_BYTES}
            try:
                async with asyncio.timeout(sum(exchange.limits)):
                    response = await self.connections().post(exchange.url, json=asked, extensions=limits)
            except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, *OWN_ERRORS) as exc:
                failure = failure_of(exc, exchange, datetime.now(UTC))
        if (
            failure is not None
        ):  # outside the handler: no error carries the library's, which may quote the key
            raise failure.error
        said = body_text(response)
        if response.is_success:
            return said
        failure = status_failure(response.status_code, response.headers, said, exchange, datetime.now(UTC))
        raise self.explained(failure, response.status_code)

    def explained(self, failure: Failure, status: int) -> AppError:
        """Return the error for a request that continues a text, and is no chat."""
        error = failure.error
        if isinstance(error, PromptTooLong):
            tokens, window = error.details.get("prompt_tokens"), error.details.get("window")
            known = tokens is not None and window is not None
            numbers = f": {tokens} tokens, and its window has {window}" if known else ""
            return TextTooLong(server=self.server.name, model=self.model, numbers=numbers)
        detail = str(error.details.get("detail") or "it has no endpoint for them.")
        is_chat_model = isinstance(error, RequestRefused) and "chat model" in detail
        if is_chat_model or (status in _NO_ENDPOINT and not isinstance(error, ModelNotFound)):
            return NoCompletions(server=self.server.name, model=self.model, detail=detail)
        return error
