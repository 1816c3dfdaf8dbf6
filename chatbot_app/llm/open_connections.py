"""The connections that requests of a waiting thread use, so that another thread can end them."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any, Self


class OpenConnections:
    """Knows the connections of the requests that it follows while it is entered; `end` wakes whoever reads from them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._is_over = False

    def __enter__(self) -> Self:
        self._is_over = False
        return self

    def __exit__(self, *_: object) -> None:
        self._forget()

    def follow(self, event: str, facts: dict[str, Any]) -> None:
        """Take note of a connection: httpcore's "trace" extension of a request."""
        name = event.partition(".")[2]
        if name == "connect_tcp.complete":
            opened = facts["return_value"].get_extra_info("socket")
            # A handle of our own: the other one is taken over for the handshake of TLS, which can hang as well.
            with self._lock:
                self._sockets.append(opened.dup())
            if self._is_over:  # while it was being opened
                self.end()
        elif name in ("response_closed.complete", "start_tls.failed"):
            self._forget()  # the other end learns of a close when the last handle is closed

    def end(self) -> None:
        """End all connections that are open, and those that are being opened."""
        with self._lock:
            self._is_over = True
            for opened in self._sockets:
                with contextlib.suppress(OSError):  # it was closed from the other side
                    opened.shutdown(socket.SHUT_RDWR)

    def _forget(self) -> None:
        with self._lock:
            while self._sockets:
                self._sockets.pop().close()
