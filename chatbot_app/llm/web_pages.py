"""A web page by its address: http and https only, never this machine, each redirect checked again."""

from __future__ import annotations

import http.client
import ipaddress
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

MAX_BYTES = 20_000_000
MAX_SECONDS = 30.0
MAX_REDIRECTS = 5
_PORTION = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address behind a gateway, RFC 6052
_EXTENSIONS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
}

Number = ipaddress.IPv4Address | ipaddress.IPv6Address
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
        timer = threading.Timer(self._seconds, self._close_socket)
        timer.daemon = True
        timer.start()
        try:
            for _ in range(MAX_REDIRECTS + 1):
                found = self._open(address, allowed_hosts, deadline)
                if isinstance(found, WebPage):
                    return found
                address = found
            raise PageNotFetched(address=address, detail="it sends on too often")
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as exc:
            late = time.monotonic() >= deadline
            detail = (
                "it took too long" if late else (getattr(exc, "strerror", None) or str(exc) or "no answer")
            )
            raise PageNotFetched(address=address, detail=detail) from exc
        finally:
            timer.cancel()
            self._close_socket()

    def _open(self, address: str, allowed_hosts: frozenset[str], deadline: float) -> WebPage | str:
        """Return the page, or the address that it sends on to."""
        parts = checked_parts(address)
        host = str(parts.hostname)
        port = parts.port or _PORTS[parts.scheme]
        number = self._checked_number(address, host, port, allowed_hosts, deadline)
        self._socket = self._connect(number, port, max(0.1, deadline - time.monotonic()))
        if self._ended.is_set():
            raise PageNotFetched(address=address, detail="the program ends")
        if parts.scheme == "https":
            self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=host)
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
            return urljoin(address, onward)
        if response.status != 200:
            raise PageNotFetched(address=address, detail=f"the server answered {response.status}")
        kind = (response.getheader("Content-Type") or "text/html").split(";")[0].strip().lower()
        if kind not in _EXTENSIONS:
            raise PageNotFetched(
                address=address, detail=f"it is of a type that is not read here ({kind[:60]})"
            )
        return WebPage(address, _EXTENSIONS[kind], self._body(response, address))

    def _checked_number(
        self, address: str, host: str, port: int, allowed_hosts: frozenset[str], deadline: float
    ) -> str:
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
            if reach == "blocked":
                raise AddressBlocked(
                    address=address, detail=f"{host} is this computer or a local service of it"
                )
            if reach == "private" and host not in allowed_hosts:
                raise PrivateAddress(address=address, host=host)
        return numbers[0]

    def _body(self, response: http.client.HTTPResponse, address: str) -> bytes:
        packed = (response.getheader("Content-Encoding") or "identity").strip().lower()
        if packed not in ("identity", "gzip"):
            raise PageNotFetched(
                address=address, detail=f"it is packed in a way that is not read here ({packed[:20]})"
            )
        unpacker = zlib.decompressobj(31) if packed == "gzip" else None
        parts: list[bytes] = []
        size = 0
        while portion := response.read(_PORTION):
            if unpacker is not None:
                portion = unpacker.decompress(portion, self._most + 1 - size)
            parts.append(portion)
            size += len(portion)
            if size > self._most:
                raise PageNotFetched(
                    address=address, detail=f"it is larger than {self._most // 1_000_000} MB"
                )
        if response.length:
            raise PageNotFetched(address=address, detail="the connection ended before the page did")
        return b"".join(parts)

    def _close_socket(self) -> None:
        opened, self._socket = self._socket, None
        if opened is not None:
            try:
                opened.shutdown(socket.SHUT_RDWR)  # wakes a thread that is reading
            except OSError:
                pass  # it was closed from the other side
            opened.close()


def checked_parts(address: str) -> SplitResult:
    """Return the parts of an address that may be opened at all. Raises AddressBlocked."""
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname, parts.port
    except ValueError as exc:
        raise AddressBlocked(address=address, detail="it is not written as an address") from exc
    if parts.scheme not in _PORTS or not host:
        raise AddressBlocked(address=address, detail="only http and https addresses are")
    if parts.username is not None:
        raise AddressBlocked(address=address, detail="it holds a user name, which hides where it leads")
    if any(ord(character) <= 32 or ord(character) == 127 for character in parts.geturl()):
        raise AddressBlocked(address=address, detail="it holds characters that no address has")
    return parts


def numbers_of(host: str, port: int) -> list[str]:
    """Return the network addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def reach_of(number: str) -> str:
    """Return "public", "private" or "blocked" for a network address; what is unknown is blocked."""
    address = _unwrapped(ipaddress.ip_address(number))
    if (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or (address.version == 4 and address.is_reserved)
        or address in ipaddress.ip_network("0.0.0.0/8")
    ):
        return "blocked"
    return "public" if address.is_global else "private"


def _unwrapped(address: Number) -> Number:
    """Return the IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in _TRANSLATED or (int(address) >> 32 == 0 and int(address) > 1):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
