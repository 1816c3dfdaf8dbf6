"""The client library, built so that nothing of the environment reaches a server that was not meant."""

from __future__ import annotations

import logging
import ssl
from typing import TYPE_CHECKING

import chatbot_app
from chatbot_app.core.errors import ProxyUnusable
from chatbot_app.core.servers import Server
from chatbot_app.llm.reach import is_loopback
from chatbot_app.llm.redaction import mask_key

if TYPE_CHECKING:
    import httpx2
    import openai

CONNECT_SECONDS = 5.0
# A local server may read a long prompt for minutes before its first byte; the person can stop at any time.
FIRST_BYTE_SECONDS = 600.0

# Everything else is left out: OPENAI_CUSTOM_HEADERS, organisation and project, and the library's telemetry.
# The last one is the library's own mark for a response that is read as it arrives.
_SENT_HEADERS = {
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-stainless-raw-response",
}


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


def build_http_client(
    server: Server, key: str | None, connect_seconds: float, first_byte_seconds: float
) -> httpx2.AsyncClient:
    """Return connections to `server` that send `key` (or none) and nothing from the environment.

    Loopback addresses ignore proxies; others use the system's. Redirects are not followed. Raises
    ProxyUnusable if the environment's proxy or certificate settings cannot be used.
    """
    import httpx2

    for name in ("httpx2", "httpcore2"):  # below this they log addresses and headers, also those of a server
        logging.getLogger(name).setLevel(logging.WARNING)

    async def keep_own_headers(request: httpx2.Request) -> None:
        for name in list(request.headers):
            if name.lower() not in _SENT_HEADERS:
                del request.headers[name]
        request.headers["user-agent"] = f"chatbot-app/{chatbot_app.__version__}"
        # Compressed event streams are held back by some gateways until a block is full.
        request.headers["accept-encoding"] = "identity"
        if key:
            request.headers["authorization"] = f"Bearer {key}"
        elif "authorization" in request.headers:
            del request.headers["authorization"]

    # Loading all certificates takes 30 ms and more; http on this machine needs none (and this one trusts none).
    local = is_loopback(server.base_url) and server.base_url.startswith("http:")
    try:
        return httpx2.AsyncClient(
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if local else True,
            timeout=httpx2.Timeout(first_byte_seconds, connect=connect_seconds, pool=connect_seconds),
            limits=httpx2.Limits(max_connections=20, keepalive_expiry=15.0),
            follow_redirects=False,
            trust_env=not is_loopback(server.base_url),
            event_hooks={"request": [keep_own_headers]},
        )
    except ImportError:
        detail = "SOCKS proxies are not supported, only http:// and https:// ones."
    except (ValueError, httpx2.InvalidURL, ssl.SSLError, OSError) as exc:
        # The text may quote the proxy's address, which may hold a password.
        detail = f"its setting is not usable ({type(exc).__name__})."
    raise ProxyUnusable(server=server.name, detail=mask_key(detail, key))
