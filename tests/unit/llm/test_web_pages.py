"""Web pages by address: what is never opened, what is asked for, and what a server may try."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from chatbot_app.llm.web_pages import (
    AddressBlocked,
    PageFetcher,
    PageNotFetched,
    PrivateAddress,
    reach_of,
)

PUBLIC = "93.184.216.34"


class Site:
    """A server on this machine that answers each connection with the next of its answers."""

    def __init__(self, *answers: bytes | None) -> None:
        self._answers = list(answers)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._done = threading.Event()
        self.requests: list[bytes] = []
        self.connections: list[str] = []
        self._thread.start()

    def connect(self, number: str, port: int, seconds: float) -> socket.socket:
        """Stand in for the network: every address leads here."""
        self.connections.append(number)
        return socket.create_connection(self._socket.getsockname()[:2], timeout=seconds)

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

    def close(self) -> None:
        self._done.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def site() -> Iterator[Callable[..., Site]]:
    opened: list[Site] = []

    def start(*answers: bytes | None) -> Site:
        opened.append(Site(*answers))
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
    return PageFetcher(resolve=known(numbers or {}), connect=site.connect, **more)  # type: ignore[arg-type]


def test_a_page_is_fetched_from_the_address_that_was_checked(site: Callable[..., Site]) -> None:
    server = site(reply(b"<p>Zephyr</p>"))
    page = fetcher(server).fetch("http://example.org/a b".replace(" ", "%20") + "?x=1")
    assert (page.extension, page.body) == (".html", b"<p>Zephyr</p>")
    assert server.connections == [PUBLIC]
    assert server.requests[0].startswith(b"GET /a%20b?x=1 HTTP/1.1\r\nHost: example.org")
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


@pytest.mark.parametrize("number", ["10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "fd00::1"])
def test_a_private_network_is_asked_for(site: Callable[..., Site], number: str) -> None:
    assert reach_of(number) == "private"
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
    thread.join(5)
    assert not thread.is_alive()
    assert len(ended) == 1
