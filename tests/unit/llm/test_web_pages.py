"""Web pages by address: what is never opened, what is asked for, and what a server may try."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from chatbot_app.llm.reach import Reach, reach_of
from chatbot_app.llm.web_pages import (
    AddressBlocked,
    PageFetcher,
    PageNotFetched,
    PrivateAddress,
)

PUBLIC = "93.184.216.34"
# A certificate for this one name, with its key: made for these tests, trusted by nobody else.
CERTIFICATE = Path(__file__).parents[2] / "data" / "page.example.pem"


class Site:
    """A server on this machine that answers each connection with the next of its answers."""

    def __init__(self, *answers: bytes | None, hold: bool = False) -> None:
        """With `hold` the connection stays open after the answer."""
        self._answers = list(answers)
        self._hold = hold
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._done = threading.Event()
        self.requests: list[bytes] = []
        self.connections: list[str] = []
        self._thread.start()

    def route(self, number: str, port: int) -> tuple[str, int]:
        """Stand in for the network: every address leads here."""
        self.connections.append(number)
        host, own_port = self._socket.getsockname()[:2]
        return host, own_port

    def _serve(self) -> None:
        for answer in self._answers:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            with peer:
                self.requests.append(peer.recv(65536))
                if answer is None:
                    self._done.wait(20)
                    continue
                try:
                    peer.sendall(answer)
                except OSError:
                    continue
                if self._hold:
                    self._done.wait(20)

    def close(self) -> None:
        self._done.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def site() -> Iterator[Callable[..., Site]]:
    opened: list[Site] = []

    def start(*answers: bytes | None, hold: bool = False) -> Site:
        opened.append(Site(*answers, hold=hold))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def reply(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def known(numbers: dict[str, list[str]]) -> Callable[[str, int], list[str]]:
    return lambda host, port: numbers.get(host, [PUBLIC])


def fetcher(site: Site, numbers: dict[str, list[str]] | None = None, **more: object) -> PageFetcher:
    return PageFetcher(resolve=known(numbers or {}), route=site.route, **more)  # type: ignore[arg-type]


def test_a_page_is_fetched_from_the_address_that_was_checked(site: Callable[..., Site]) -> None:
    server = site(reply(b"<p>Zephyr</p>"))
    page = fetcher(server).fetch("http://example.org/a b".replace(" ", "%20") + "?x=1")
    assert (page.extension, page.body) == (".html", b"<p>Zephyr</p>")
    assert server.connections == [PUBLIC]
    assert server.requests[0].startswith(b"GET /a%20b?x=1 HTTP/1.1\r\n")
    assert b"\r\nhost: example.org\r\n" in server.requests[0].lower()
    assert b"ookie" not in server.requests[0]


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "169.254.169.254", "::1", "fe80::1", "::ffff:127.0.0.1", "::7f00:1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "255.255.255.255", "::"],
)  # fmt: skip
def test_this_machine_and_link_local_are_never_opened(site: Callable[..., Site], number: str) -> None:
    server = site()
    with pytest.raises(AddressBlocked):
        fetcher(server, {"trap.example": [PUBLIC, number]}).fetch("http://trap.example/")
    assert server.connections == []


@pytest.mark.parametrize(
    "number", ["10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "fd00::1", "fec0::1", "64:ff9b:1::1"]
)
def test_a_private_network_is_asked_for(site: Callable[..., Site], number: str) -> None:
    assert reach_of(number) is Reach.PRIVATE
    server = site(reply(b"inside"))
    reader = fetcher(server, {"wiki.example": [number]})
    with pytest.raises(PrivateAddress, match=r"wiki\.example"):
        reader.fetch("http://wiki.example/")
    assert server.connections == []
    assert reader.fetch("http://wiki.example/", frozenset({"wiki.example"})).body == b"inside"


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://example.org/", "example.org", "http://", "http://u:p@example.org/",
     "http://[::1", "http://example.org/a b", "javascript:alert(1)", "http://example.org:99999/"],
)  # fmt: skip
def test_other_addresses_are_refused(site: Callable[..., Site], address: str) -> None:
    with pytest.raises(AddressBlocked):
        fetcher(site()).fetch(address)


def test_each_redirect_is_checked_again(site: Callable[..., Site]) -> None:
    def onward(address: str) -> bytes:
        return reply(b"", f"Location: {address}", status="302 Found")

    numbers = {"trap.example": ["127.0.0.1"], "wiki.example": ["10.0.0.1"]}
    assert fetcher(site(onward("/other"), reply(b"there"))).fetch("http://a.example/").body == b"there"
    for address, refusal in (
        ("http://trap.example/", AddressBlocked),
        ("file:///etc/passwd", AddressBlocked),
        ("http://wiki.example/", PrivateAddress),
    ):
        server = site(onward(address))
        with pytest.raises(refusal):
            fetcher(server, numbers).fetch("http://a.example/")
        assert server.connections == [PUBLIC]
    with pytest.raises(PageNotFetched, match="too often"):
        fetcher(site(*[onward("/again")] * 6)).fetch("http://a.example/")


def test_size_is_capped_also_of_what_is_packed(site: Callable[..., Site]) -> None:
    bomb = gzip.compress(b"\0" * 5_000_000)
    assert len(bomb) < 10_000
    for answer in (reply(b"x" * 3_000_000), reply(bomb, "Content-Encoding: gzip")):
        with pytest.raises(PageNotFetched, match="larger than 2 MB"):
            fetcher(site(answer), most=2_000_000).fetch("http://a.example/")
    packed = reply(gzip.compress(b"<p>small</p>"), "Content-Encoding: gzip")
    assert fetcher(site(packed)).fetch("http://a.example/").body == b"<p>small</p>"


def test_a_page_that_is_cut_or_of_another_type_is_no_page(site: Callable[..., Site]) -> None:
    cut = reply(b"<p>half</p>").replace(b"Content-Length: 11", b"Content-Length: 99")
    with pytest.raises(PageNotFetched):
        fetcher(site(cut)).fetch("http://a.example/")
    with pytest.raises(PageNotFetched, match="video/mp4"):
        fetcher(site(reply(b"x", kind="video/mp4"))).fetch("http://a.example/")
    with pytest.raises(PageNotFetched, match="404"):
        fetcher(site(reply(b"", status="404 Not Found"))).fetch("http://a.example/")


def test_an_international_address_is_fetched(site: Callable[..., Site]) -> None:
    onward = reply(b"", "Location: /größe", status="302 Found")
    server = site(onward, reply(b"there"))
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    page = PageFetcher(resolve=resolve, route=server.route).fetch("http://faß.de/straße?q=ü#weg")
    assert page.body == b"there"
    assert page.address == "http://xn--fa-hia.de/gr%C3%B6%C3%9Fe"
    assert asked == ["xn--fa-hia.de"] * 2
    assert server.requests[0].startswith(b"GET /stra%C3%9Fe?q=%C3%BC HTTP/1.1\r\n")
    assert b"\r\nhost: xn--fa-hia.de\r\n" in server.requests[0].lower()


@pytest.mark.parametrize(
    "host", ["localhost", "localhost.", "x.localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::]",
             "[fe80::1%25eth0]", "１２７。0。0。1"],
)  # fmt: skip
def test_every_spelling_of_this_machine_is_refused(site: Callable[..., Site], host: str) -> None:
    server = site()
    reader = PageFetcher(resolve=lambda name, _: [name], route=server.route)
    with pytest.raises(AddressBlocked):
        reader.fetch(f"http://{host}/")
    assert server.connections == []


@pytest.mark.parametrize(
    ("kind", "charset"),
    [
        ("text/html; charset=koi8-r", "koi8-r"),
        ('TEXT/HTML ;x=y; Charset = "Windows-1251"', "Windows-1251"),
        ("text/html", ""),
        ("text/html; charset=", ""),
    ],
)
def test_a_page_has_the_charset_that_its_server_names(
    site: Callable[..., Site], kind: str, charset: str
) -> None:
    page = fetcher(site(reply(b"<p>page</p>", kind=kind))).fetch("http://a.example/")
    assert (page.charset, page.extension) == (charset, ".html")


def test_what_our_own_limit_cuts_is_no_page(site: Callable[..., Site]) -> None:
    """A body without a length looks whole when we close the connection."""
    endless = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>half of it"
    with pytest.raises(PageNotFetched, match="too long"):
        fetcher(site(endless, hold=True), seconds=0.5).fetch("http://a.example/")


def test_half_a_packed_page_is_no_page(site: Callable[..., Site]) -> None:
    packed = gzip.compress(b"<p>one</p>" * 500)
    with pytest.raises(PageNotFetched, match="ended before"):
        fetcher(site(reply(packed[:-12], "Content-Encoding: gzip"))).fetch("http://a.example/")
    two = reply(packed + gzip.compress(b"two") + b"\0\0", "Content-Encoding: gzip")
    assert fetcher(site(two)).fetch("http://a.example/").body == b"<p>one</p>" * 500 + b"two"
    half_of_two = reply(packed + gzip.compress(b"two")[:-9], "Content-Encoding: gzip")
    with pytest.raises(PageNotFetched, match="ended before"):
        fetcher(site(half_of_two)).fetch("http://a.example/")


def test_time_is_capped(site: Callable[..., Site]) -> None:
    with pytest.raises(PageNotFetched, match="too long"):
        fetcher(site(None), seconds=0.5).fetch("http://a.example/")


def test_it_ends_when_the_program_does(site: Callable[..., Site]) -> None:
    server = site(None)
    reader = fetcher(server)
    ended: list[PageNotFetched] = []

    def fetch() -> None:
        try:
            reader.fetch("http://a.example/")
        except PageNotFetched as error:
            ended.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    while not server.requests and thread.is_alive():
        thread.join(0.01)
    reader.interrupt()
    thread.join(60)
    assert not thread.is_alive()
    assert len(ended) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 120_000, "its headers are longer than 100 KB"),
        (b"HTTP/1.1 200 OK\r\n" + b"X-More: y\r\n" * 20_000 + b"\r\n", "its headers are longer than 100 KB"),
        (b"220 mail.test ESMTP\r\n\r\n", "does not answer as a web server does"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "without an answer"),
        (b"", "without an answer"),
    ],
    ids=["line", "headers", "other protocol", "greeting", "nothing"],
)
def test_what_is_wrong_with_an_answer_is_said(site: Callable[..., Site], answer: bytes, words: str) -> None:
    with pytest.raises(PageNotFetched, match=words):
        fetcher(site(answer)).fetch("http://a.example/")


class SecureSite(Site):
    """The same over TLS, with the certificate of page.example; says its farewell only with `polite`."""

    def __init__(self, *answers: bytes | None, polite: bool = True) -> None:
        self._polite = polite
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(CERTIFICATE)
        super().__init__(*answers)

    def _serve(self) -> None:
        for answer in self._answers:
            with suppress(OSError):
                peer, _ = self._socket.accept()
                with peer, self._context.wrap_socket(peer, server_side=True) as secured:
                    self.requests.append(secured.recv(65536))
                    secured.sendall(answer or b"")
                    if self._polite:
                        secured.unwrap()


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>page"


@pytest.mark.usefixtures("trusted")
def test_a_certificate_is_for_the_name_although_the_number_is_opened() -> None:
    server = SecureSite(ENDLESS, ENDLESS)
    try:
        assert fetcher(server).fetch("https://page.example/").body == b"<p>page"
        with pytest.raises(PageNotFetched, match="certificate"):
            fetcher(server).fetch("https://other.example/")
    finally:
        server.close()
    assert len(server.requests) == 1


@pytest.mark.usefixtures("trusted")
def test_a_page_that_is_cut_in_its_secure_connection_is_no_page() -> None:
    server = SecureSite(ENDLESS, polite=False)
    try:
        with pytest.raises(PageNotFetched, match="ended before the page did"):
            fetcher(server).fetch("https://page.example/")
    finally:
        server.close()


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    server = SecureSite(ENDLESS)
    try:
        with pytest.raises(PageNotFetched, match="certificate"):
            fetcher(server).fetch("https://page.example/")
    finally:
        server.close()


def test_a_handshake_that_hangs_is_ended(site: Callable[..., Site]) -> None:
    with pytest.raises(PageNotFetched, match="too long"):
        fetcher(site(None), seconds=0.5).fetch("https://page.example/")
