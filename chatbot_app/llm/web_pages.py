"""A web page by its address: http and https only, never this machine, each redirect checked again."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

import chatbot_app
from chatbot_app.core.errors import AppError
from chatbot_app.llm.addresses import network_address
from chatbot_app.llm.page_body import BodyRefused, read_body
from chatbot_app.llm.reach import Reach, is_own_name, reach_of

MAX_BYTES = 20_000_000
MAX_SECONDS = 30.0
MAX_REDIRECTS = 5
_HEADER_LINE, _HEADERS_MOST = 64 * 1024, 100  # as http.client reads them
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_EXTENSIONS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}

Connect = Callable[[str, int, float], socket.socket]


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
    """A page as it arrived; `extension` is that of a file of its type, with the dot."""

    address: str
    extension: str
    body: bytes


def connect_to(number: str, port: int, seconds: float) -> socket.socket:
    """Return a connection to an address that was checked; names are not looked up again."""
    return socket.create_connection((number, port), timeout=seconds)


class PageFetcher:
    """Fetches one page at a time. `interrupt` may be called from any thread.

    Proxies are not used: the address that is checked is the one that is opened.
    """

    def __init__(
        self,
        *,
        resolve: Callable[[str, int], list[str]] | None = None,
        connect: Connect = connect_to,
        seconds: float = MAX_SECONDS,
        most: int = MAX_BYTES,
    ) -> None:
        """`seconds` is for everything together, `most` bytes are read, unpacked or not."""
        self._resolve = resolve or numbers_of
        self._connect = connect
        self._seconds = seconds
        self._most = most
        self._socket: socket.socket | None = None
        self._ended = threading.Event()
        self._late = threading.Event()

    def interrupt(self) -> None:
        """End what is under way and refuse what comes later: the program ends."""
        self._ended.set()
        self._close_socket()

    def fetch(self, address: str, allowed_hosts: frozenset[str] = frozenset()) -> WebPage:
        """Return the page; hosts of private networks only where they are in `allowed_hosts`.

        Raises PageNotFetched, AddressBlocked, PrivateAddress.
        """
        deadline = time.monotonic() + self._seconds
        # A server that sends a byte now and then would never run into the socket's own timeout.
        self._late.clear()
        timer = threading.Timer(self._seconds, self._give_up)
        timer.daemon = True
        timer.start()
        try:
            for _ in range(MAX_REDIRECTS + 1):
                found = self._open(address, allowed_hosts, deadline)
                if isinstance(found, WebPage):
                    return found
                address = found
            raise PageNotFetched(address=address, detail="it sends on too often")
        except BodyRefused as exc:
            raise PageNotFetched(address=address, detail=self._interruption() or str(exc)) from exc
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as exc:
            late = self._late.is_set() or time.monotonic() >= deadline
            detail = "it took too long" if late else _failure_of(exc)
            raise PageNotFetched(address=address, detail=detail) from exc
        finally:
            timer.cancel()
            self._close_socket()

    def _open(self, address: str, allowed_hosts: frozenset[str], deadline: float) -> WebPage | str:
        """Return the page, or the address that it sends on to."""
        parts = checked_parts(address)
        address = parts.geturl()
        host = str(parts.hostname)
        port = parts.port or _PORTS[parts.scheme]
        number = self._checked_number(address, host, port, allowed_hosts, deadline)
        self._socket = self._connect(number, port, max(0.1, deadline - time.monotonic()))
        if parts.scheme == "https":
            # Without the farewell of TLS nobody can tell a page's end from a connection that somebody cut;
            # the handshake comes after the assignment, so that it can be ended too.
            secured = ssl.create_default_context().wrap_socket(
                self._socket, server_hostname=host, suppress_ragged_eofs=False, do_handshake_on_connect=False
            )
            self._socket = secured
            secured.do_handshake()
        if reason := self._interruption():
            raise BodyRefused(reason)
        connection = http.client.HTTPConnection(host, port)
        connection.sock = self._socket
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Accept": ", ".join(_EXTENSIONS),
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": f"chatbot-app/{chatbot_app.__version__}",
        }
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        if response.status in _REDIRECTS and (onward := response.getheader("Location")):
            self._close_socket()
            if reason := self._interruption():
                raise BodyRefused(reason)
            return urljoin(address, _as_utf_8(onward))
        if response.status != 200:
            raise PageNotFetched(address=address, detail=f"the server answered {response.status}")
        kind = (response.getheader("Content-Type") or "text/html").split(";")[0].strip().lower()
        if kind not in _EXTENSIONS:
            raise PageNotFetched(
                address=address, detail=f"it is of a type that is not read here ({kind[:60]})"
            )
        return WebPage(address, _EXTENSIONS[kind], self._body(response))

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

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        body = read_body(response, self._most)
        # Our own limit ends the connection, which a body without a length cannot tell from its end.
        if reason := self._interruption():
            raise BodyRefused(reason)
        return body

    def _interruption(self) -> str:
        if self._ended.is_set():
            return "the program ends"
        return "it took too long" if self._late.is_set() else ""

    def _give_up(self) -> None:
        self._late.set()
        self._close_socket()

    def _close_socket(self) -> None:
        opened, self._socket = self._socket, None
        if opened is not None:
            try:
                opened.shutdown(socket.SHUT_RDWR)  # wakes a thread that is reading
            except OSError:
                pass  # it was closed from the other side
            opened.close()


def _failure_of(exc: Exception) -> str:
    """Return in words what went wrong, and which limit of http.client a reply broke."""
    if isinstance(exc, http.client.LineTooLong):
        return f"a line of its headers is longer than {_HEADER_LINE // 1024} KB"
    if isinstance(exc, http.client.RemoteDisconnected):
        return "the server ended the connection without an answer"
    if isinstance(exc, http.client.BadStatusLine):
        return "the server does not answer as a web server does"
    if type(exc) is http.client.HTTPException and "headers" in str(exc):
        return f"it came with more than {_HEADERS_MOST} headers"
    return getattr(exc, "strerror", None) or str(exc) or "no answer"


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


def _as_utf_8(header: str) -> str:
    """Return a header that http.client read as Latin-1 as browsers do: addresses are often sent in UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def numbers_of(host: str, port: int) -> list[str]:
    """Return the network addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
