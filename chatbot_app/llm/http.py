"""Makes every client of the program: what is sent, through which proxy, and how much of a reply is read.

Only `web_pages` speaks HTTP beside it, because it opens the very number that it has checked.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import chatbot_app
from chatbot_app.core.errors import ProxyUnusable
from chatbot_app.core.servers import Server
from chatbot_app.llm.body_limits import JSON_BYTES
from chatbot_app.llm.reach import is_loopback
from chatbot_app.llm.redaction import mask_key

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 5.0
# A local server may read a long prompt for minutes before its first byte; the person can stop at any time.
FIRST_BYTE_SECONDS = 600.0
HEADER_PATIENCE = 2  # times the wait for a packet: what the headers of a package index may take in all

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


def open_client(
    server: Server,
    key: str | None,
    *,
    connect_seconds: float = CONNECT_SECONDS,
    first_byte_seconds: float = FIRST_BYTE_SECONDS,
    most_bytes: int | None = JSON_BYTES,
    keepalive_seconds: float = 15.0,
    base_url: str = "",
) -> httpx2.AsyncClient:
    """Return connections to `server` that send `key` (or none) and nothing from the environment.

    At most `most_bytes` of a success are read (None: any; a request can name its own limit among its
    extensions), the beginning of an error, and nothing that comes compressed: reading raises ReplyTooLarge,
    sending ReplyCompressed. Loopback addresses ignore proxies, others use the system's. Redirects are not
    followed. Raises ProxyUnusable if the environment's proxy or certificate settings cannot be used.
    """
    import httpx2

    from chatbot_app.llm.limited_streams import limit_reply

    async def keep_own_headers(request: httpx2.Request) -> None:
        _keep_own_headers(request, key)

    async def limit(response: httpx2.Response) -> None:
        limit_reply(response, most_bytes)

    with _usable_settings(server.name, key):
        return httpx2.AsyncClient(
            base_url=base_url,
            verify=_certificates(server.base_url),
            timeout=httpx2.Timeout(first_byte_seconds, connect=connect_seconds, pool=connect_seconds),
            limits=httpx2.Limits(max_connections=20, keepalive_expiry=keepalive_seconds),
            follow_redirects=False,
            trust_env=not is_loopback(server.base_url),
            event_hooks={"request": [keep_own_headers], "response": [limit]},
        )


def open_blocking_client(
    server: Server, key: str | None, *, connect_seconds: float, answer_seconds: float
) -> httpx2.Client:
    """Return the same as `open_client` for a thread that may wait. Raises ProxyUnusable.

    The headers of a reply may take `answer_seconds` in all; a request can name as much for its body among its
    extensions (`body_limits.MOST_SECONDS`).
    """
    import httpx2

    with _usable_settings(server.name, key):
        return httpx2.Client(
            verify=_certificates(server.base_url),
            timeout=httpx2.Timeout(answer_seconds, connect=connect_seconds, pool=connect_seconds),
            follow_redirects=False,
            trust_env=not is_loopback(server.base_url),
            event_hooks=_blocking_hooks(lambda request: _keep_own_headers(request, key), answer_seconds),
        )


def open_download_client(
    name: str, certificates: Callable[[], ssl.SSLContext | bool], seconds: float
) -> httpx2.Client:
    """Return a client for the package index `name`: it follows redirects and sends the index's password.

    A request for a file names its size as its limit. `seconds` is for connecting, and between two packets; the headers
    of a reply may take twice as long in all. `certificates` is called here. Raises ProxyUnusable.
    """
    import httpx2

    with _usable_settings(name, None):
        return httpx2.Client(
            verify=certificates(),
            timeout=seconds,
            follow_redirects=True,
            event_hooks=_blocking_hooks(_refuse_compression, HEADER_PATIENCE * seconds),
        )


def _blocking_hooks(
    of_request: Callable[[httpx2.Request], None], header_seconds: float
) -> dict[str, list[Callable[..., Any]]]:
    from chatbot_app.llm.limited_streams import limit_reply
    from chatbot_app.llm.reply_watch import ReplyWatch

    watch = ReplyWatch(header_seconds)
    return {
        "request": [of_request, watch.watch],
        "response": [lambda response: limit_reply(response, JSON_BYTES)],
    }


def _keep_own_headers(request: httpx2.Request, key: str | None) -> None:
    for name in list(request.headers):
        if name.lower() not in _SENT_HEADERS:
            del request.headers[name]
    request.headers["user-agent"] = f"chatbot-app/{chatbot_app.__version__}"
    _refuse_compression(request)
    if key:
        request.headers["authorization"] = f"Bearer {key}"
    elif "authorization" in request.headers:
        del request.headers["authorization"]


def _refuse_compression(request: httpx2.Request) -> None:
    # A few bytes can unpack to gigabytes, and compressed event streams are held back until a block is full.
    request.headers["accept-encoding"] = "identity"


def _certificates(address: str) -> ssl.SSLContext | bool:
    # Loading all certificates takes 30 ms and more; http on this machine needs none (and this one trusts none).
    local = is_loopback(address) and address.startswith("http:")
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if local else True


@contextmanager
def _usable_settings(name: str, key: str | None) -> Iterator[None]:
    """Turn what a client's constructor raises into ProxyUnusable."""
    import httpx2

    for logger in ("httpx2", "httpcore2"):  # below this they log addresses and headers, also a server's
        logging.getLogger(logger).setLevel(logging.WARNING)
    try:
        yield
        return
    except ImportError:
        detail = "SOCKS proxies are not supported, only http:// and https:// ones."
    except (ValueError, httpx2.InvalidURL, ssl.SSLError, OSError) as exc:
        # The text may quote the proxy's address, which may hold a password.
        detail = f"its setting is not usable ({type(exc).__name__})."
    raise ProxyUnusable(server=name, detail=mask_key(detail, key)) from None
