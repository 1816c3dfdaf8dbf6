"""A real server on loopback that answers with JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chatbot_app.core.servers import Server, ServerKind

Answer = Callable[[str, dict[str, Any]], Any]


class _QuietServer(ThreadingHTTPServer):
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

    with _QuietServer(("127.0.0.1", 0), Handler) as http_server:
        http_server.daemon_threads = True
        thread = threading.Thread(target=http_server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield Server("s", "A server", f"http://127.0.0.1:{http_server.server_port}/v1", kind), asked
        finally:
            http_server.shutdown()
            thread.join()
