"""The client library, built so that nothing of the environment reaches a server that was not meant."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from chatbot_app.core.servers import Server

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


@functools.cache
def unsent_headers() -> dict[str, Omit]:
    """Return the headers to pass with a request for those that the library adds to each to be left out."""
    from openai import omit

    return dict.fromkeys(("x-stainless-retry-count", "x-stainless-read-timeout"), omit)
