"""A real server on loopback that answers with JSON."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chatbot_app.core.servers import Server, ServerKind

Answer = Callable[[str, dict[str, Any]], Any]


class _Server(ThreadingHTTPServer):
    """Goes away whole: with the connections that it keeps, and without a word about those who left before."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._taken: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        taken, address = super().get_request()
        self._taken.append(taken)
        return taken, address

    def server_close(self) -> None:
        super().server_close()
        for taken in self._taken:
            with suppress(OSError):  # it is closed
                taken.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of those who went away."""


@contextmanager
def server_that(answer: Answer, kind: ServerKind = ServerKind.OTHER) -> Iterator[tuple[Server, list[str]]]:
    """Give a server and the list of the paths that it was asked, with GET or POST.

    `answer(path, body)` returns JSON, None means 404.
    """
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # connections are kept, as by the servers that people have

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(self.path)
            value = answer(self.path, json.loads(body or b"{}"))
            content = json.dumps({"error": "no such path"} if value is None else value).encode()
            self.send_response(404 if value is None else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Tests print nothing."""

    with _Server(Handler) as http_server:
        thread = threading.Thread(target=http_server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield Server("s", "A server", f"http://127.0.0.1:{http_server.server_port}/v1", kind), asked
        finally:
            http_server.shutdown()
            thread.join()
