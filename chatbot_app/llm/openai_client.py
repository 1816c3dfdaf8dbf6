"""The client library, built so that nothing of the environment reaches a server that was not meant."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from chatbot_app.core.servers import Server
from chatbot_app.llm.errors import Exchange

if TYPE_CHECKING:
    import httpx2
    import openai
    from openai import Omit


def build_client(server: Server, http_client: httpx2.AsyncClient) -> openai.AsyncOpenAI:
    """Return a client for `server` on the connections of `http_client`; nothing is retried."""
    return _client_class()(
        # The library reads OPENAI_API_KEY, _ADMIN_KEY, _ORG_ID, _PROJECT_ID, _WEBHOOK_SECRET and _BASE_URL
        # for every argument that is None, and refuses an empty key.
        api_key="none",  # the connections say who asks (llm/http.py)
        admin_api_key="",
        organization="",
        project="",
        webhook_secret="",
        base_url=server.base_url,
        max_retries=0,
        http_client=http_client,
    )


@functools.cache
def _client_class() -> type[openai.AsyncOpenAI]:
    import openai

    class Client(openai.AsyncOpenAI):
        @property
        def default_headers(self) -> dict[str, str | Omit]:
            # Instead of the library's telemetry, organisation, project and OPENAI_CUSTOM_HEADERS
            # (test_the_request_holds_what_was_set_and_nothing_else, test_openai_variables_reach_no_server).
            return {"Accept": "application/json", "Content-Type": "application/json"}

    return Client


async def open_stream(
    client: openai.AsyncOpenAI, exchange: Exchange, messages: list[dict[str, Any]]
) -> openai.AsyncStream[object]:
    """Ask for an answer, and return the library's stream of its chunks as values of JSON; raises the library's errors.

    `chat.completions.create` would make a pydantic model of each chunk that checks nothing and costs ten times as much
    (170 µs a token, in which the window waits for the interpreter): at 1,000 tokens a second the window spent 79 ms on a
    kilobyte of text instead of 32 (`bench_streaming`, on a busy machine).
    """
    return await _open(client, "/chat/completions", {"messages": messages}, exchange)


async def open_completion(
    client: openai.AsyncOpenAI, exchange: Exchange, prompt: str
) -> openai.AsyncStream[object]:
    """Ask for what follows a raw text, as `completions.create` does, with the same kind of stream and errors."""
    return await _open(client, "/completions", {"prompt": prompt}, exchange)


async def _open(
    client: openai.AsyncOpenAI, path: str, asked: dict[str, object], exchange: Exchange
) -> openai.AsyncStream[object]:
    import openai

    # The library puts these into every request (test_the_request_holds_what_was_set_and_nothing_else).
    left_out = dict.fromkeys(("x-stainless-retry-count", "x-stainless-read-timeout"), openai.omit)
    return await client.post(
        path,
        cast_to=object,
        body={**asked, "model": exchange.model, "stream": True, **exchange.sent},
        options={"headers": left_out},
        stream=True,
        stream_cls=openai.AsyncStream[object],
    )
