"""Makes every client of the program: what is sent, through which proxy, and how much of a reply is read."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import chatbot_app
from chatbot_app.core.errors import ProxyUnusable
from chatbot_app.core.servers import Server
from chatbot_app.llm.body_limits import JSON_BYTES
from chatbot_app.llm.reach import is_loopback
from chatbot_app.llm.redaction import mask_key

if TYPE_CHECKING:
    from http.cookiejar import CookieJar

    import httpx2

CONNECT_SECONDS = 5.0
# A local server may read a long prompt for minutes before its first byte; the person can stop at any time.
FIRST_BYTE_SECONDS = 600.0
HEADER_PATIENCE = 2  # times the wait for a packet: what the headers of a package index may take in all


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

    async def limit(response: httpx2.Response) -> None:
        limit_reply(response, most_bytes)

    with _usable_settings(server.name, key):
        return httpx2.AsyncClient(
            base_url=base_url,
            timeout=httpx2.Timeout(first_byte_seconds, connect=connect_seconds, pool=connect_seconds),
            limits=httpx2.Limits(max_connections=20, keepalive_expiry=keepalive_seconds),
            event_hooks={"response": [limit]},
            **_to_server(server, key),
        )


async def close_client(client: httpx2.AsyncClient) -> None:
    """Close all connections of a client, also where this is cancelled meanwhile; then it raises CancelledError.

    `aclose` itself ends at a cancellation with what it has closed by then: the shield of anyio keeps off anyio's own
    cancellations only. Not needed any more when asyncio has a scope that shields (cpython #99714).
    """
    closing = asyncio.ensure_future(client.aclose())
    was_cancelled = False
    while not closing.done():
        try:
            await asyncio.wait([closing])  # which it does not cancel
        except asyncio.CancelledError:
            was_cancelled = True
    if was_cancelled:
        raise asyncio.CancelledError
    closing.result()


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
            timeout=httpx2.Timeout(answer_seconds, connect=connect_seconds, pool=connect_seconds),
            event_hooks=_blocking_hooks(answer_seconds),
            **_to_server(server, key),
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
            headers=_headers(),
            cookies=_no_cookies(),
            verify=certificates(),
            timeout=seconds,
            follow_redirects=True,
            event_hooks=_blocking_hooks(HEADER_PATIENCE * seconds),
        )


def open_hub_client(endpoint: str, seconds: float, *, for_library: bool = False) -> httpx2.Client:
    """Return a client for the model hub at `endpoint`: it follows redirects, and takes a token to no other host.

    It raises huggingface_hub's errors for answers that are no success. `for_library` makes one that
    `huggingface_hub` can be given (see `hub.client`). `seconds` is for connecting and between two packets; the
    headers of a reply may take twice as long in all. No connection is kept. Raises ProxyUnusable.
    """
    import httpx2

    from chatbot_app.llm.hub.client import HubHooks, LibraryClient

    hooks = HubHooks(endpoint, _headers()["user-agent"], seconds, for_library=for_library)
    watching = _blocking_hooks(HEADER_PATIENCE * seconds)
    with _usable_settings(urlsplit(endpoint).netloc, None):
        return (LibraryClient if for_library else httpx2.Client)(
            headers=_headers(),
            cookies=_no_cookies(),
            verify=_certificates(endpoint),
            timeout=seconds,
            follow_redirects=True,
            limits=httpx2.Limits(max_keepalive_connections=0),
            event_hooks={
                "request": [hooks.prepare, *watching["request"]],
                "response": [*watching["response"], hooks.refuse],
            },
            trust_env=not is_loopback(endpoint),
        )


def open_page_client(seconds: float) -> httpx2.Client:
    """Return a client for web pages of strangers: no proxy, no redirects, and bodies as they come, of any size.

    `seconds` is for connecting, and between two packets. A page that somebody cut is no whole one over TLS either.
    """
    import httpx2

    with _usable_settings("", None):
        return httpx2.Client(
            headers={**_headers(), "connection": "close"},
            cookies=_no_cookies(),
            verify=_WholeReplies(ssl.PROTOCOL_TLS_CLIENT),
            timeout=seconds,
            follow_redirects=False,
            trust_env=False,
        )


class _WholeReplies(ssl.SSLContext):
    """Trusts whom the system trusts, and tells the end of a reply from the end of its connection."""

    def __init__(self, _protocol: int) -> None:
        self.load_default_certs()

    def wrap_socket(self, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        # Without the farewell of TLS nobody can tell a page's end from a connection that somebody cut
        # (test_a_page_that_is_cut_in_its_secure_connection_is_no_page).
        return super().wrap_socket(*arguments, **{**options, "suppress_ragged_eofs": False})


def _to_server(server: Server, key: str | None) -> dict[str, Any]:
    def authorise(request: httpx2.Request) -> httpx2.Request:
        # As the client's own way to authorise it has the last word: nothing else puts a key or a name in.
        request.headers.pop("authorization", None)
        if key:
            request.headers["authorization"] = f"Bearer {key}"
        return request

    return {
        "auth": authorise,
        "headers": _headers(),
        "cookies": _no_cookies(),
        "verify": _certificates(server.base_url),
        "follow_redirects": False,
        "trust_env": not is_loopback(server.base_url),
    }


def _headers() -> dict[str, str]:
    return {
        "user-agent": f"chatbot-app/{chatbot_app.__version__}",
        # A few bytes can unpack to gigabytes, and compressed event streams are held back until a block is full.
        "accept-encoding": "identity",
    }


def _no_cookies() -> CookieJar:
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


def _blocking_hooks(header_seconds: float) -> dict[str, list[Callable[..., Any]]]:
    from chatbot_app.llm.limited_streams import limit_reply
    from chatbot_app.llm.reply_watch import ReplyWatch

    return {
        "request": [ReplyWatch(header_seconds).watch],
        "response": [lambda response: limit_reply(response, JSON_BYTES)],
    }


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
