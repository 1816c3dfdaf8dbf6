"""Servers that send what no server should, over real sockets: one mode, one way to fill a memory or hold a loop.

    with HostileServer() as server:
        client = ChatClient(Server("s", "Hostile", server.base_url("line without end")), None)

Bodies are made while they are sent: gigabytes take no memory here. Everything ends when the client leaves.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import itertools
import json
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote

MOST_SENT = 1_200_000_000  # bytes of one reply, for a client that reads without end
SLOWLY = 0.05  # seconds between the bytes of a slow sender
Pieces = Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Mode:
    """What is sent after the request; `asks` names the client that it is meant for."""

    pieces: Pieces
    asks: str = "chat"
    slow: bool = False


def _head(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


def _sized(status: str, size: int, *headers: str) -> bytes:
    return _head(status, f"Content-Length: {size}", *headers)


def _forever(piece: bytes, least: int = 65536) -> Iterator[bytes]:
    """Yield `piece` again and again, in packets of some size."""
    packet = piece * max(1, least // max(1, len(piece)))
    for _ in range(MOST_SENT // len(packet)):
        yield packet


def _chunked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def _deflate_bomb() -> bytes:
    return zlib.compress(bytes(200_000_000), 9)


@functools.cache
def _gzip_bomb() -> bytes:
    """Return 1 GB of nothing in about a megabyte; its checksum is wrong, which is found out too late."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08" + bytes(7) + block * 100 + b"\x03\x00" + bytes(8)


def _delta(**delta: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


FINISHED = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"
STREAM = _head("200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked")
JSON = _head("200 OK", "Content-Type: application/json", "Transfer-Encoding: chunked")
PAGE = _head("200 OK", "Content-Type: text/html", "Transfer-Encoding: chunked")


def _reply(head: bytes, *parts: Iterator[bytes] | bytes) -> Pieces:
    """Return a reply without framing of its body by us."""

    def pieces() -> Iterator[bytes]:
        yield head
        for part in parts:
            if isinstance(part, bytes):
                yield part
            else:
                yield from part

    return pieces


def _streamed(make: Callable[[], Iterator[bytes]], head: bytes = STREAM) -> Pieces:
    def pieces() -> Iterator[bytes]:
        yield head
        yield from _chunked(make())

    return pieces


def _error(status: str, piece: bytes = b"All is lost. ", *headers: str) -> Pieces:
    return lambda: itertools.chain([_sized(status, MOST_SENT, *headers)], _forever(piece))


def _packed(
    status: str, encoding: str, pack: Callable[[], bytes] = _gzip_bomb, kind: str = "application/json"
) -> Pieces:
    def pieces() -> Iterator[bytes]:
        body = pack()
        yield _sized(status, len(body), f"Content-Type: {kind}", f"Content-Encoding: {encoding}")
        yield body

    return pieces


def _bytewise(text: bytes) -> Pieces:
    return lambda: (bytes([byte]) for byte in text)


def _lists(size: int) -> bytes:
    """Return JSON that takes twenty times its size as values."""
    return b"[" + b"[]," * (size // 3) + b"0]"


def _models(count: int) -> Pieces:
    body = json.dumps({"data": [{"id": f"m{number}"} for number in range(count)]}).encode()
    return _reply(_sized("200 OK", len(body), "Content-Type: application/json"), body)


MODES: dict[str, Mode] = {
    # --- beside a status that is no success
    "error of 1.2 GB": Mode(_error("400 Bad Request")),
    "error without end, chunked": Mode(
        _streamed(lambda: _forever(b"no "), _head("500 Oops", "Transfer-Encoding: chunked"))
    ),
    "error without end, without framing": Mode(
        lambda: itertools.chain([_head("404 Not Found", "Connection: close")], _forever(b"no "))
    ),
    "error of gzip": Mode(_packed("400 Bad Request", "gzip")),
    "error of deflate": Mode(_packed("401 Unauthorized", "deflate", _deflate_bomb)),
    "error of gzip in gzip": Mode(_packed("422 No", "gzip, gzip", lambda: gzip.compress(_gzip_bomb()))),
    "error of brotli": Mode(_packed("503 Busy", "br", lambda: bytes(2_000_000))),
    "error of nested JSON": Mode(_error("400 Bad Request", b"[")),
    "error page without end": Mode(_error("502 Bad Gateway", b"<p>", "Content-Type: text/html")),
    "rate limit without end": Mode(_error("429 Slow Down", b"slow ", "Retry-After: 300")),
    "error byte by byte": Mode(
        lambda: itertools.chain([_sized("400 No", MOST_SENT)], (b"x" for _ in range(10**6))), slow=True
    ),
    "redirect with a body of 1.2 GB": Mode(_error("307 Elsewhere", b"x", "Location: http://example.invalid/")),
    # --- before the body
    "status line without end": Mode(lambda: itertools.chain([b"HTTP/1.1 200 "], _forever(b"O"))),
    "header without end": Mode(lambda: itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], _forever(b"x"))),
    "headers without end": Mode(lambda: itertools.chain([b"HTTP/1.1 200 OK\r\n"], _forever(b"X: y\r\n"))),
    "headers byte by byte": Mode(_bytewise(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000), slow=True),
    "continue without end": Mode(lambda: _forever(b"HTTP/1.1 100 Continue\r\n\r\n")),
    "no HTTP": Mode(lambda: _forever(b"SSH-2.0-garbage\r\n")),
    # --- an answer that is none
    "page without end": Mode(_streamed(lambda: _forever(b"<p>"), PAGE)),
    "text without end": Mode(_streamed(lambda: _forever(b"hello\n"), _head("200 OK", "Transfer-Encoding: chunked"))),
    "JSON without end": Mode(_streamed(lambda: _forever(b'{"a": 1, '), JSON)),
    "event stream of gzip": Mode(_packed("200 OK", "gzip", kind="text/event-stream")),
    "line without end": Mode(_streamed(lambda: itertools.chain([b"data: "], _forever(b"x")))),
    "event without end": Mode(_streamed(lambda: _forever(b"data: x\n"))),
    "comments without end": Mode(_streamed(lambda: _forever(b": wait\n\n"))),
    "empty lines without end": Mode(_streamed(lambda: _forever(b"\n"))),
    "names without end": Mode(_streamed(lambda: _forever(b"event: message\n\n"))),
    "unreadable events without end": Mode(_streamed(lambda: _forever(b"data: {broken\n\n"))),
    "counts without end": Mode(_streamed(lambda: _forever(b'data: {"usage": {"prompt_tokens": 1}}\n\n'))),
    "events of many lists": Mode(_streamed(lambda: _forever(b"data: " + _lists(2_000_000) + b"\n\n"))),
    "tool calls without end": Mode(
        _streamed(lambda: _forever(_delta(tool_calls=[{"function": {"arguments": "x" * 200}}])))
    ),
    # --- an answer, and too much of it
    "answer of 60 MB in small parts": Mode(_streamed(lambda: itertools.islice(_forever(_delta(content="word ")), 18_000))),
    "answer of 60 MB in large parts": Mode(
        _streamed(lambda: itertools.islice(_forever(_delta(content="word " * 200_000)), 60))
    ),
    "letters without end": Mode(_streamed(lambda: _forever(_delta(content="a"), 4_000_000))),
    "thoughts without end": Mode(_streamed(lambda: _forever(_delta(reasoning_content="hm " * 50)))),
    "one byte a chunk": Mode(lambda: itertools.chain([STREAM], _forever(b"1\r\nx\r\n"))),
    "chunk header without end": Mode(lambda: itertools.chain([STREAM, b"5;x="], _forever(b"y"))),
    "trailers without end": Mode(
        lambda: itertools.chain(
            [STREAM, *_chunked(iter([_delta(content="a"), FINISHED]))][:-1], [b"0\r\n"], _forever(b"X: y\r\n")
        )
    ),
    "comments after the finish": Mode(
        _streamed(lambda: itertools.chain([_delta(content="a"), FINISHED], _forever(b": still here\n\n")))
    ),
    "more after the end": Mode(
        _streamed(lambda: itertools.chain([_delta(content="a"), FINISHED, DONE], _forever(_delta(content="b"))))
    ),
    "reason of a megabyte": Mode(
        _streamed(lambda: iter([_delta(content="a"), FINISHED.replace(b"stop", b"s" * 1_000_000), DONE]))
    ),
    "error event of a megabyte": Mode(
        _streamed(lambda: iter([b'data: {"error": {"message": "' + b"no " * 330_000 + b'"}}\n\n']))
    ),
    "answer byte by byte": Mode(_streamed(lambda: (bytes([byte]) for byte in _delta(content="ab") * 9_999)), slow=True),
    # --- the other clients
    "models of 1.2 GB": Mode(_error("200 OK", b'{"data": [', "Content-Type: application/json"), "models"),
    "models of gzip": Mode(_packed("200 OK", "gzip"), "models"),
    "models byte by byte": Mode(_bytewise(_sized("200 OK", 10**6) + b" " * 10**5), "models", slow=True),
    "models of many lists": Mode(
        _reply(_sized("200 OK", len(_lists(2_000_000)), "Content-Type: application/json"), _lists(2_000_000)), "models"
    ),
    "40,000 models": Mode(_models(40_000), "models"),
    "window without end": Mode(_streamed(lambda: _forever(b" "), JSON), "window"),
    "window of gzip": Mode(_packed("200 OK", "gzip"), "window"),
    "vectors without end": Mode(_streamed(lambda: _forever(b"0.1, "), JSON), "vectors"),
    "vectors of gzip": Mode(_packed("200 OK", "gzip"), "vectors"),
    "error of the vectors of 1.2 GB": Mode(_error("500 Oops"), "vectors"),
    "web page without end": Mode(_streamed(lambda: _forever(b"<p>word"), PAGE), "page"),
    "web page of gzip": Mode(_packed("200 OK", "gzip", kind="text/html"), "page"),
}  # fmt: skip


class HostileServer:
    """Plays the mode that the first part of the path names; leaving it ends every connection and thread."""

    def __init__(self) -> None:
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.port: int = self._listener.getsockname()[1]
        self.sent: dict[str, int] = {}  # bytes that went out, by mode

    def base_url(self, mode: str) -> str:
        """Return the address to give to a client."""
        return base_url(self.port, mode)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        while self._threads:
            self._threads.pop().join(60)

    def _start(self, run: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, name="hostile-server", daemon=True)
        thread.start()
        self._threads.append(thread)  # whoever closes joins it, and only what was started can be joined

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.add(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            received = b""
            while b"\r\n\r\n" not in received:
                data = connection.recv(65536)
                if not data:
                    return
                received += data
            name = unquote(received.split(b" ", 2)[1].decode().split("/")[1])
            mode = MODES[name]
            for piece in mode.pieces():
                connection.sendall(piece)
                self.sent[name] = self.sent.get(name, 0) + len(piece)
                if self._closing.is_set() or (mode.slow and self._closing.wait(SLOWLY)):
                    return
            self._closing.wait(0.2)
        self._connections.discard(connection)


def base_url(port: int, mode: str) -> str:
    """Return the address of a mode on a hostile server of another process."""
    return f"http://127.0.0.1:{port}/{quote(mode, safe='')}/v1"
