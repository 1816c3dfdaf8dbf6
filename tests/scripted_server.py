"""A local HTTP server that answers with bytes written by the test, over real sockets.

    with ScriptedServer(sse_answer(["Hel", "lo"])) as server:
        ...                                   # speak to server.base_url
        assert server.requests[0].json["model"] == "m"

Answers are taken in order for each path, the last one repeats. Every request is recorded, also those that
are never answered.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

CHAT = "/v1/chat/completions"
MODELS = "/v1/models"


@dataclass(frozen=True)
class Request:
    """One request as it arrived; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    raw: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What the server does with one request.

    `packets` are sent one by one: with `rate`, that many a second; with `one_byte_packets`, byte by byte.
    `ending` says what follows the last packet: "end" (a proper end of the body), "cut" (the connection
    closes in the middle of the body), "reset" (the same with RST), "stall" (silence until the client goes
    or the server closes). Without `status` not even headers are sent. `chunked=False` sends the body
    without any framing, ended by closing.
    """

    packets: Sequence[bytes] = ()
    status: int | None = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: str = "end"
    rate: float | None = None
    one_byte_packets: bool = False
    chunked: bool = True


Script = Answer | Callable[[Request], Answer]


def chunk(
    text: str | None = None,
    *,
    finish_reason: str | None = None,
    model: str = "scripted",
    **delta: Any,
) -> dict[str, Any]:
    """Return one chunk of a streamed answer as the object that is sent."""
    content = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": {**content, **delta}, "finish_reason": finish_reason}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": model,
        "choices": [choice],
    }


def event(value: Any) -> bytes:
    """Return one server-sent event; a string goes as it is, anything else as JSON."""
    data = value if isinstance(value, str) else json.dumps(value)
    return b"data: " + data.encode("utf-8", "surrogatepass") + b"\n\n"


DONE = event("[DONE]")


def sse_answer(
    tokens: Iterable[str],
    finish_reason: str | None = "stop",
    usage: Mapping[str, Any] | None = None,
    *,
    timings: Mapping[str, Any] | None = None,
    rate: float | None = None,
    ending: str = "end",
    one_byte_packets: bool = False,
    done: bool = True,
) -> Answer:
    """Return a streamed answer, one token a packet, `rate` tokens a second.

    `usage` None counts: prompt 1, one completion token each; `{}` reports none. With an `ending` other
    than "end" nothing follows the last token.
    """
    words = list(tokens)
    packets = [event(chunk(word)) for word in words]
    if ending == "end":
        if finish_reason is not None:
            packets.append(event(chunk(finish_reason=finish_reason)))
        counted = {"prompt_tokens": 1, "completion_tokens": len(words), "total_tokens": len(words) + 1}
        reported = counted if usage is None else dict(usage)
        last: dict[str, Any] = {**chunk(), "choices": []}
        if reported:
            last["usage"] = reported
        if timings is not None:
            last["timings"] = dict(timings)
        if reported or timings is not None:
            packets.append(event(last))
        if done:
            packets.append(DONE)
    return raw_sse(packets, rate=rate, ending=ending, one_byte_packets=one_byte_packets)


def raw_sse(
    packets: Iterable[bytes],
    *,
    rate: float | None = None,
    ending: str = "end",
    one_byte_packets: bool = False,
) -> Answer:
    """Return an answer labelled as an event stream whose bytes are the test's own."""
    headers = {"Content-Type": "text/event-stream"}
    return Answer(tuple(packets), 200, headers, ending, rate, one_byte_packets)


def json_answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Return a JSON body with any status; a string goes as it is."""
    body = value if isinstance(value, str) else json.dumps(value)
    return Answer((body.encode(),), status, {"Content-Type": "application/json", **(headers or {})})


def html_answer(
    status: int = 200, body: str = "<!DOCTYPE html>\n<html><body>Welcome</body></html>"
) -> Answer:
    """Return a web page."""
    return Answer((body.encode(),), status, {"Content-Type": "text/html; charset=utf-8"})


def models_answer(models: Iterable[str | Mapping[str, Any]], owned_by: str = "scripted") -> Answer:
    """Return the body of /v1/models; a mapping is one entry with fields of its own."""
    data = [
        {"id": model, "object": "model", "created": 0, "owned_by": owned_by}
        if isinstance(model, str)
        else dict(model)
        for model in models
    ]
    return json_answer({"object": "list", "data": data})


def redirect_answer(location: str, status: int = 307) -> Answer:
    """Return a redirect."""
    return Answer((), status, {"Location": location})


def no_answer() -> Answer:
    """Return the answer of a server that accepts the request and never says anything."""
    return Answer((), None, ending="stall")


def dropped() -> Answer:
    """Return the answer of a server that closes the connection instead of answering."""
    return Answer((), None, ending="cut")


class ScriptedServer:
    """Plays `answers` for chat requests in order; `paths` scripts other paths.

    `base_url` ends in /v1. Use as a context manager: leaving it ends every connection and thread.
    """

    def __init__(
        self,
        *answers: Script,
        paths: Mapping[str, Script | Sequence[Script]] | None = None,
        models: Iterable[str] = ("scripted",),
    ) -> None:
        self.requests: list[Request] = []
        self.client_left = threading.Event()
        self._scripts: dict[str, list[Script]] = {MODELS: [models_answer(models)]}
        if answers:
            self._scripts[CHAT] = list(answers)
        for path, script in (paths or {}).items():
            self._scripts[path] = [script] if isinstance(script, Answer) or callable(script) else list(script)
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    @property
    def base_url(self) -> str:
        """The address to give to a client."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def chat_requests(self) -> list[Request]:
        """The requests for an answer."""
        return [request for request in self.requests if request.path == CHAT]

    @property
    def received(self) -> bytes:
        """Every byte of every request."""
        return b"".join(request.raw for request in self.requests)

    def set_answers(self, *answers: Script, path: str = CHAT) -> None:
        """Replace what is still to be played for `path`."""
        with self._changed:
            self._scripts[path] = list(answers)

    def wait_for_requests(self, count: int, timeout: float = 60.0) -> None:
        """Block until `count` requests arrived; raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, timeout):
                raise TimeoutError(f"{len(self.requests)} of {count} requests arrived")

    def start(self) -> Self:
        """Begin to accept connections."""
        self._start_thread(self._accept)
        return self

    def close(self) -> None:
        """End every connection and thread."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._changed:
            open_connections = list(self._connections)
        for connection in open_connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        while self._threads:
            self._threads.pop().join(60)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start_thread(self, run: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=run, args=arguments, name="scripted-server", daemon=True)
        thread.start()
        self._threads.append(thread)  # whoever closes joins it, and only what was started can be joined

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._changed:
                self._connections.add(connection)
            self._start_thread(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with connection:
                while not self._closing.is_set():
                    request = _read_request(connection)
                    if request is None:
                        return
                    answer = self._take_answer(request)
                    if not self._play(connection, answer):
                        return
        except OSError:
            self.client_left.set()
        finally:
            with self._changed:
                self._connections.discard(connection)

    def _take_answer(self, request: Request) -> Answer:
        with self._changed:
            self.requests.append(request)
            scripts = self._scripts.get(request.path.partition("?")[0])
            if not scripts:
                script: Script = json_answer({"error": {"message": "no such path"}}, 404)
            else:
                script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
            self._changed.notify_all()
        return script(request) if callable(script) else script

    def _play(self, connection: socket.socket, answer: Answer) -> bool:
        """Send one answer; return whether the connection can take another request."""
        framed = answer.chunked and answer.status is not None
        if answer.status is not None:
            headers = dict(answer.headers)
            if framed:
                headers["Transfer-Encoding"] = "chunked"
            else:
                headers["Connection"] = "close"
            lines = [f"HTTP/1.1 {answer.status} Scripted", *(f"{n}: {v}" for n, v in headers.items())]
            connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        packets: Iterable[bytes] = answer.packets
        if answer.one_byte_packets:
            packets = (bytes([byte]) for byte in b"".join(answer.packets))
        self._send_packets(connection, packets, answer.rate, framed)
        if answer.ending == "stall":
            if not connection.recv(1):
                self.client_left.set()
            return False
        if answer.ending == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if answer.ending != "end" or not framed:
            return False
        connection.sendall(b"0\r\n\r\n")
        return True

    def _send_packets(
        self, connection: socket.socket, packets: Iterable[bytes], rate: float | None, framed: bool
    ) -> None:
        started = time.monotonic()
        due = bytearray()
        for number, packet in enumerate(packets):
            if rate is not None:
                early = started + number / rate - time.monotonic()
                if early > 0:
                    # What is late goes out together, so that the rate holds above the clock's resolution.
                    connection.sendall(due)
                    due.clear()
                    if self._closing.wait(early):
                        return
            due += b"%x\r\n%s\r\n" % (len(packet), packet) if framed else packet
            if rate is None:
                connection.sendall(due)
                due.clear()
        connection.sendall(due)


def _read_request(connection: socket.socket) -> Request | None:
    received = b""
    while b"\r\n\r\n" not in received:
        data = connection.recv(65536)
        if not data:
            return None
        received += data
        if received[:1] == b"\x16":  # a TLS greeting: every plain HTTP server answers it like this
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            return None
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    while len(body) < length:
        data = connection.recv(65536)
        if not data:
            return None
        body += data
    method, path, _ = first.split(" ", 2)
    return Request(method, path, headers, body, head + b"\r\n\r\n" + body)


def with_headers(answer: Answer, **headers: str) -> Answer:
    """Return `answer` with more headers; underscores stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replace(answer, headers={**answer.headers, **named})
