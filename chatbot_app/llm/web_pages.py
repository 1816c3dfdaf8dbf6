"""A web page by its address: http and https only, never this machine, each redirect checked again."""

from __future__ import annotations

import re
import socket
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from chatbot_app.core.errors import AppError, ProxyUnusable
from chatbot_app.llm.addresses import network_address
from chatbot_app.llm.http import open_page_client
from chatbot_app.llm.open_connections import OpenConnections
from chatbot_app.llm.page_body import BodyRefused, read_body
from chatbot_app.llm.reach import Reach, is_own_name, reach_of

if TYPE_CHECKING:
    import httpx2

MAX_BYTES = 20_000_000
MAX_SECONDS = 30.0
MAX_REDIRECTS = 5
_HEADERS_MOST = 100 * 1024  # bytes that httpcore2 reads of them
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_EXTENSIONS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:\-]{1,40})", re.IGNORECASE)

Route = Callable[[str, int], tuple[str, int]]


class PageNotFetched(AppError):
    """A page could not be brought here."""

    summary_template = "The page {address} could not be fetched: {detail}."
    next_step_template = "Check the address, or save the page in your browser and add the file."


class AddressBlocked(PageNotFetched):
    """The address leads to this machine or to nowhere in particular: it is never opened."""

    summary_template = "The address {address} is not opened: {detail}."
    next_step_template = "Save the page in your browser and add the file."


class PrivateAddress(PageNotFetched):
    """The address leads into a private network; the person decides. `host` names it."""

    summary_template = "{host} is in a private network."
    next_step_template = "Fetch it only if you know it."


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page as it arrived; `extension` is that of a file of its type, with the dot. `charset` is what its server names, ""
    where it names none.
    """

    address: str
    extension: str
    body: bytes
    charset: str = ""


class PageFetcher:
    """Fetches one page at a time. `interrupt` may be called from any thread.

    Proxies are not used: the address that is checked is the one that is opened.
    """

    def __init__(
        self,
        *,
        resolve: Callable[[str, int], list[str]] | None = None,
        route: Route = lambda number, port: (number, port),
        seconds: float = MAX_SECONDS,
        most: int = MAX_BYTES,
    ) -> None:
        """`seconds` is for everything together, `most` bytes are read, unpacked or not.

        `route` says where a checked number and its port are connected to: the network, or a test's own server.
        """
        self._resolve = resolve or numbers_of
        self._route = route
        self._seconds = seconds
        self._most = most
        self._connections = OpenConnections()
        self._ended = threading.Event()
        self._late = threading.Event()

    def interrupt(self) -> None:
        """End what is under way and refuse what comes later: the program ends."""
        self._ended.set()
        self._connections.end()

    def fetch(self, address: str, allowed_hosts: frozenset[str] = frozenset()) -> WebPage:
        """Return the page; hosts of private networks only where they are in `allowed_hosts`.

        Raises PageNotFetched, AddressBlocked, PrivateAddress.
        """
        import httpx2

        deadline = time.monotonic() + self._seconds
        # A server that sends a byte now and then would never run into the time between two packets.
        self._late.clear()
        timer = threading.Timer(self._seconds, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            with open_page_client(self._seconds) as client, self._connections:
                for _ in range(MAX_REDIRECTS + 1):
                    found = self._open(client, address, allowed_hosts, deadline)
                    if isinstance(found, WebPage):
                        return found
                    address = found
            raise PageNotFetched(address=address, detail="it sends on too often")
        except BodyRefused as exc:
            raise PageNotFetched(address=address, detail=self._interruption() or str(exc)) from exc
        except (OSError, httpx2.HTTPError, httpx2.InvalidURL, ProxyUnusable, ValueError, zlib.error) as exc:
            late = time.monotonic() >= deadline or isinstance(exc, httpx2.TimeoutException)
            detail = self._interruption() or ("it took too long" if late else _failure_of(exc))
            raise PageNotFetched(address=address, detail=detail) from exc
        finally:
            timer.cancel()

    def _open(
        self, client: httpx2.Client, address: str, allowed_hosts: frozenset[str], deadline: float
    ) -> WebPage | str:
        """Return the page, or the address that it sends on to."""
        import httpx2

        parts = checked_parts(address)
        address = parts.geturl()
        host = str(parts.hostname)
        port = parts.port or _PORTS[parts.scheme]
        number = self._checked_number(address, host, port, allowed_hosts, deadline)
        if reason := self._interruption():
            raise BodyRefused(reason)
        number, port = self._route(number, port)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        request = client.build_request(
            "GET",
            # The very number that was checked; the name is for the server, and for its certificate.
            httpx2.URL(scheme=parts.scheme, host=number, port=port, raw_path=target.encode("ascii")),
            headers={"host": parts.netloc, "accept": ", ".join(_EXTENSIONS)},
            timeout=max(0.1, deadline - time.monotonic()),
            extensions={"sni_hostname": host, "trace": self._connections.follow},
        )
        response = client.send(request, stream=True)
        try:
            return self._page_of(response, address)
        finally:
            response.close()

    def _page_of(self, response: httpx2.Response, address: str) -> WebPage | str:
        if response.status_code in _REDIRECTS and (onward := _header(response, b"location")):
            if reason := self._interruption():
                raise BodyRefused(reason)
            return urljoin(address, onward)
        if response.status_code != 200:
            raise PageNotFetched(address=address, detail=f"the server answered {response.status_code}")
        content_type = _header(response, b"content-type") or "text/html"
        kind = content_type.split(";")[0].strip().lower()
        if kind not in _EXTENSIONS:
            raise PageNotFetched(
                address=address, detail=f"it is of a type that is not read here ({kind[:60]})"
            )
        body = read_body(response.iter_raw(), _header(response, b"content-encoding"), self._most)
        # Our own limit ends the connection, which a body without a length cannot tell from its end.
        if reason := self._interruption():
            raise BodyRefused(reason)
        charset = _CHARSET.search(content_type)
        return WebPage(address, _EXTENSIONS[kind], body, charset[1] if charset is not None else "")

    def _checked_number(
        self, address: str, host: str, port: int, allowed_hosts: frozenset[str], deadline: float
    ) -> str:
        if is_own_name(host):
            raise AddressBlocked(address=address, detail=f"{host} is this computer or a local service of it")
        numbers: list[str] = []
        failures: list[Exception] = []

        def look_up() -> None:
            try:
                numbers.extend(self._resolve(host, port))
            except (OSError, UnicodeError) as exc:
                failures.append(exc)

        # A look-up cannot be interrupted; one that hangs must not hold the program.
        thread = threading.Thread(target=look_up, name="look-up", daemon=True)
        thread.start()
        while thread.is_alive() and time.monotonic() < deadline and not self._ended.is_set():
            thread.join(0.1)
        if not numbers:
            cause = failures[0] if failures else None
            raise PageNotFetched(address=address, detail=f"{host} is not known") from cause
        for number in numbers:  # all of them: a name may have a harmless address and another one
            reach = reach_of(number)
            if reach is Reach.BLOCKED:
                raise AddressBlocked(
                    address=address, detail=f"{host} is this computer or a local service of it"
                )
            if reach is Reach.PRIVATE and host not in allowed_hosts:
                raise PrivateAddress(address=address, host=host)
        return numbers[0]

    def _interruption(self) -> str:
        if self._ended.is_set():
            return "the program ends"
        return "it took too long" if self._late.is_set() else ""

    def _give_up(self) -> None:
        self._late.set()
        self._connections.end()


def _failure_of(exc: Exception) -> str:
    """Return in words what went wrong, by what h11 says of a reply that is none."""
    import httpx2

    said = str(exc)
    if isinstance(exc, httpx2.RemoteProtocolError):
        if "buffer too long" in said:
            return f"its headers are longer than {_HEADERS_MOST // 1024} KB"
        if "without sending a response" in said:
            return "the server ended the connection without an answer"
        if "complete message body" in said:
            return "the connection ended before the page did"
        return "the server does not answer as a web server does"
    if isinstance(exc, httpx2.ReadError):
        return "the connection ended before the page did"
    return said or "no answer"


def checked_parts(address: str) -> SplitResult:
    """Return the parts of an address that may be opened at all, in ASCII. Raises AddressBlocked."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as exc:
        raise AddressBlocked(address=address, detail="it is not written as an address") from exc
    if parts.scheme not in _PORTS or not parts.hostname:
        raise AddressBlocked(address=address, detail="only http and https addresses are")
    if parts.username is not None:
        raise AddressBlocked(address=address, detail="it holds a user name, which hides where it leads")
    if any(character <= " " or 0x7F <= ord(character) < 0xA0 for character in address):
        raise AddressBlocked(address=address, detail="it holds characters that no address has")
    try:
        return urlsplit(network_address(address))
    except ValueError as exc:
        raise AddressBlocked(address=address, detail="its host is not written as one") from exc


def _header(response: httpx2.Response, name: bytes) -> str:
    """Return a header as browsers read it: addresses are often sent in UTF-8. "" where there is none."""
    value = next((value for found, value in response.headers.raw if found.lower() == name), b"")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def numbers_of(host: str, port: int) -> list[str]:
    """Return the network addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
