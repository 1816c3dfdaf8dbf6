"""One server, spoken to: streamed answers, the list of models; every fault as a `core.errors` error."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chatbot_app.core.errors import (
    AddressInvalid,
    AnswerDamaged,
    PromptTooLong,
    StreamCut,
)
from chatbot_app.core.servers import Server, ServerKind
from chatbot_app.llm.answer_body import AFTER_FINISH_SECONDS
from chatbot_app.llm.answer_reader import AnswerReader
from chatbot_app.llm.answer_stream import read_stream
from chatbot_app.llm.body_limits import JSON_BYTES, MOST_BYTES, OWN_ERRORS
from chatbot_app.llm.error_bodies import looks_like_html
from chatbot_app.llm.errors import (
    Exchange,
    Failure,
    body_text,
    failure_of,
    not_a_model_server,
    status_failure,
    web_page_error,
)
from chatbot_app.llm.event_mending import EventMender
from chatbot_app.llm.http import CONNECT_SECONDS, FIRST_BYTE_SECONDS, close_client, open_client
from chatbot_app.llm.model_list import ModelDescription, parse_models
from chatbot_app.llm.openai_client import build_client, open_stream
from chatbot_app.llm.refused_parameters import refused_parameters, without_refused
from chatbot_app.llm.retirement import Retirement
from chatbot_app.llm.retries import Retries
from chatbot_app.llm.sent_messages import as_sent, count_pictures
from chatbot_app.llm.servers import check_key
from chatbot_app.llm.stream_events import (
    ParameterDropped,
    ReasoningDelta,
    RetryScheduled,
    StreamEvent,
    StreamFinished,
    TextDelta,
    UsageReported,
)

if TYPE_CHECKING:
    import httpx2
    import openai

__all__ = [
    "ChatClient",
    "ParameterDropped",
    "ReasoningDelta",
    "RetryScheduled",
    "StreamEvent",
    "StreamFinished",
    "TextDelta",
    "UsageReported",
]

log = logging.getLogger(__name__)

MODEL_LIST_SECONDS = 10.0  # a list needs no thinking


class ChatClient:
    """Speaks with one server, in one asyncio loop; cancelling the task ends a request at once.

    `api_key` is sent as it is, None sends none. `sleep` waits before a retry, `now` judges dates in
    Retry-After. Constructing is cheap: the client library is imported with the first request.
    """

    def __init__(
        self,
        server: Server,
        api_key: str | None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        connect_seconds: float = CONNECT_SECONDS,
        first_byte_seconds: float = FIRST_BYTE_SECONDS,
        after_finish_seconds: float = AFTER_FINISH_SECONDS,
    ) -> None:
        self.server = server
        self._key = api_key
        self._sleep = sleep
        self._now = now
        self._limits = (connect_seconds, first_byte_seconds)
        self._after_finish_seconds = after_finish_seconds
        self._http: httpx2.AsyncClient | None = None
        self._openai: openai.AsyncOpenAI | None = None  # on the same connections
        self._retirement = Retirement(self.close)

    def __repr__(self) -> str:
        return f"ChatClient({self.server.name!r}, {self.server.base_url!r})"

    @property
    def api_key(self) -> str | None:
        """The key that is sent, for other clients of the same server; never show or log it."""
        return self._key

    @property
    def is_connected(self) -> bool:
        """Whether connections are open, or kept for the next request."""
        return self._http is not None

    @property
    def is_busy(self) -> bool:
        """Whether a request is under way."""
        return self._retirement.is_busy

    async def stream(
        self, messages: Sequence[Mapping[str, Any]], model: str, parameters: Mapping[str, Any]
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask for an answer and yield it as it arrives, `StreamFinished` last.

        Parameters that `Server.traits` knows as refused are left out; one that the server refuses now is
        left out in a second request and reported. Nothing is sent again once any text has arrived. Raises
        an AppError if the server could not answer or tells of an error in the stream; what was yielded
        before stays valid. A connection that drops after text ends with `StreamFinished(None)`.
        """
        key = check_key(self._key or "") or None
        refused = refused_parameters(self.server, model)
        body = as_sent(messages)
        pictures = count_pictures(messages)
        asked = {**parameters, "stream_options": {"include_usage": True}}
        retries = Retries()
        while True:
            sent = without_refused(asked, refused)
            exchange = replace(self._exchange(model, key, sent), pictures=pictures)
            failure: Failure | None = None
            async with self._retirement.hold(), aclosing(self._attempt(body, exchange)) as attempt:
                async for event in attempt:
                    if isinstance(event, Failure):
                        failure = event
                    else:
                        yield event
            if failure is None:
                return
            if failure.refused is not None:  # among what was sent, so each name comes here once
                dropped = failure.refused
                refused[dropped.name] = dropped.replacement
                yield ParameterDropped(dropped.name, dropped.replacement)
                continue
            pause = retries.pause_before_next(failure)
            if pause is None:
                log.info("Request to %s failed: %s", self.server.name, type(failure.error).__name__)
                raise failure.error
            yield RetryScheduled(pause, failure.error)
            await self._sleep(pause)

    async def complete(
        self, messages: Sequence[Mapping[str, Any]], model: str, parameters: Mapping[str, Any]
    ) -> str:
        """Return a whole answer; for short ones such as titles. Raises StreamCut if it was cut off."""
        parts: list[str] = []
        finish_reason = None
        async with aclosing(self.stream(messages, model, parameters)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    parts.append(event.text)
                elif isinstance(event, StreamFinished):
                    finish_reason = event.finish_reason
        if finish_reason is None:
            raise StreamCut(server=self.server.name)
        return "".join(parts)

    async def list_models(self) -> list[str]:
        """Return the names of the server's models, as it orders them."""
        return [model.id for model in await self.describe_models()]

    async def describe_models(self) -> tuple[ModelDescription, ...]:
        """Return the server's models with what else it says of them; one request, never retried."""
        key = check_key(self._key or "") or None
        exchange = self._exchange("", key, {}, "/models", MODEL_LIST_SECONDS)
        async with self._retirement.hold():
            body, failure = await self._get_models(exchange)
        if failure is not None:
            raise failure.error
        models = parse_models(body)
        if models is None and looks_like_html(body):
            raise web_page_error(exchange)
        if models is None:
            raise not_a_model_server("something else than a list of models", exchange)
        return models

    async def close(self) -> None:
        """Close the connections; a request made later opens new ones."""
        connections, self._http, self._openai = self._http, None, None
        if connections is not None:
            await close_client(connections)

    async def retire(self) -> None:
        """Close the connections once no request is under way: another client takes this one's place."""
        await self._retirement.retire()

    def _exchange(
        self,
        model: str,
        key: str | None,
        sent: Mapping[str, Any],
        path: str = "/chat/completions",
        first_byte_seconds: float | None = None,
    ) -> Exchange:
        limits = (self._limits[0], min(self._limits[1], first_byte_seconds or self._limits[1]))
        url = self.server.base_url.rstrip("/") + path
        return Exchange(self.server, model, key, sent, url, limits)

    def _connections(self, key: str | None) -> httpx2.AsyncClient:
        if not self.server.base_url:
            # The library would fall back to OpenAI's own address.
            raise AddressInvalid(address="", detail="it is empty.")
        if self._http is None:
            connect, first_byte = self._limits
            self._http = open_client(
                self.server,
                key,
                connect_seconds=connect,
                first_byte_seconds=first_byte,
                most_bytes=None,  # an answer's limits are those of its reader
            )
        return self._http

    def _client(self, key: str | None) -> openai.AsyncOpenAI:
        if self._openai is None:
            self._openai = build_client(self.server, self._connections(key))
        return self._openai

    async def _attempt(
        self, messages: list[dict[str, Any]], exchange: Exchange
    ) -> AsyncGenerator[StreamEvent | Failure, None]:
        """Send one request; a `Failure` comes last and only if no text has arrived."""
        await _import_aside("openai")
        client = self._client(exchange.key)
        mender = EventMender(exchange)
        reader = AnswerReader(exchange, mender)
        events = read_stream(
            lambda: open_stream(client, exchange, messages),
            reader,
            mender,
            after_finish_seconds=self._after_finish_seconds,
        )
        async with aclosing(events):
            async for event in events:
                yield event
        caught = reader.caught
        if caught is not None and not reader.has_text and reader.finish_reason is None:
            yield failure_of(caught, exchange, self._now())
            return
        if reader.unreadable and (reader.has_text or reader.finish_reason is not None):
            raise AnswerDamaged(server=self.server.name, count=reader.unreadable)
        if reader.finish_reason is None and not reader.has_text and self._overflows_silently():
            raise PromptTooLong(server=self.server.name)
        yield StreamFinished(reader.finish_reason)

    def _overflows_silently(self) -> bool:
        # LM Studio answers a prompt that does not fit with 200 and nothing.
        return self.server.kind is ServerKind.LM_STUDIO

    async def _get_models(self, exchange: Exchange) -> tuple[str, Failure | None]:
        # Without the client library: a window that only shows the list need not hold its 25 MB.
        await _import_aside("httpx2")
        import httpx2

        timeout = httpx2.Timeout(exchange.limits[1], connect=exchange.limits[0])
        connections = self._connections(exchange.key)
        try:
            async with asyncio.timeout(sum(exchange.limits)):
                response = await connections.get(
                    exchange.url,
                    headers={"accept": "application/json"},
                    timeout=timeout,
                    extensions={MOST_BYTES: JSON_BYTES},
                )
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, *OWN_ERRORS) as exc:
            return "", failure_of(exc, exchange, self._now())
        if response.is_success:
            return body_text(response), None
        said = body_text(response)
        return "", status_failure(response.status_code, response.headers, said, exchange, self._now())


async def _import_aside(name: str) -> None:
    """Import a library in a thread: openai takes a second, in which Stop has to work.

    Also where its name is known: another thread may be in the middle of importing it. A plain import will do when
    openai-python #2339 (slow import times) is solved.
    """
    await asyncio.to_thread(importlib.import_module, name)
