"""Short questions to a server besides the chat itself: its window, its tokenizer."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from chatbot_app.core.servers import Server
from chatbot_app.llm.reach import is_loopback

if TYPE_CHECKING:
    import httpx2

PROBE_SECONDS = 2.0  # a server that does not say its window at once is not waited for


def open_probe_client(server: Server, key: str | None, seconds: float = PROBE_SECONDS) -> httpx2.AsyncClient:
    """Return a client whose addresses are relative to the server's root (without `/v1`).

    It sends the key to that server only: redirects are not followed, and loopback ignores proxies.
    Raises ValueError, ImportError or OSError where the environment's proxy or certificates are unusable.
    """
    import httpx2

    local = is_loopback(server.base_url)
    return httpx2.AsyncClient(
        base_url=server_root(server.base_url),
        headers={"Authorization": f"Bearer {key}"} if key else {},
        timeout=seconds,
        follow_redirects=False,
        limits=httpx2.Limits(keepalive_expiry=2.0),  # llama.cpp closes after 5 s: be first
        trust_env=not local,
        # Loading all certificates takes 30 ms, and http on this machine needs none.
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if local and server.base_url.startswith("http:")
        else True,
    )


def server_root(base_url: str) -> str:
    """Return the address below which `/props`, `/tokenize` and `/api/show` are."""
    return base_url.rstrip("/").removesuffix("/v1")


async def ask_json(
    client: httpx2.AsyncClient, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """Return the JSON object at `path` (POST with a body, else GET), None for any other answer or none."""
    import httpx2

    try:
        answer = await (client.get(path) if body is None else client.post(path, json=body))
        value = answer.json() if answer.status_code == 200 else None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        return None
    return value if isinstance(value, dict) else None
