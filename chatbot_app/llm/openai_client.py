"""The client library, built so that nothing of the environment reaches a server that was not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbot_app.core.servers import Server

if TYPE_CHECKING:
    import httpx2
    import openai


def build_client(server: Server, key: str | None, http_client: httpx2.AsyncClient) -> openai.AsyncOpenAI:
    """Return a client for `server` on the connections of `http_client`; nothing is retried."""
    import openai

    client = openai.AsyncOpenAI(
        # The library reads OPENAI_API_KEY, _ADMIN_KEY, _ORG_ID, _PROJECT_ID, _WEBHOOK_SECRET and _BASE_URL
        # for every argument that is None, and refuses an empty key.
        api_key=key or "none",
        admin_api_key="",
        organization="",
        project="",
        webhook_secret="",
        base_url=server.base_url,
        max_retries=0,
        http_client=http_client,
    )
    # OPENAI_CUSTOM_HEADERS has no argument that overrules it, and a value outside ASCII breaks each request.
    client._custom_headers = {}
    return client
