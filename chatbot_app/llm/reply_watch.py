"""Ends the wait for a reply whose headers take too long in all, for clients whose thread waits.

Each read has a limit of time of its own, and a server that sends a byte now and then never runs into it. A thread
that waits in a read is woken by shutting down the connection.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any
from weakref import WeakSet

import httpx2


class ReplyWatch:
    """Watches the requests of one client; `watch` is a hook of its requests."""

    def __init__(self, seconds: float) -> None:
        """`seconds` is for everything between the start of a request and the last of the reply's headers."""
        self._seconds = seconds
        self._sockets: WeakSet[socket.socket] = WeakSet()

    def watch(self, request: httpx2.Request) -> None:
        """Have the request end with httpx2.ReadTimeout when its time is over."""
        request.extensions = {**request.extensions, "trace": _Wait(self._seconds, self._sockets)}


class _Wait:
    """Follows one request through the events of its connection (httpcore's "trace" extension)."""

    def __init__(self, seconds: float, sockets: WeakSet[socket.socket]) -> None:
        self._sockets = sockets
        self._late = threading.Event()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._seconds = seconds

    def __call__(self, event: str, facts: dict[str, Any]) -> None:
        name, _, stage = event.partition(".")[2].rpartition(".")
        if name in ("connect_tcp", "start_tls") and stage == "complete":
            opened = facts["return_value"].get_extra_info("socket")
            if isinstance(opened, socket.socket):
                self._sockets.add(opened)
        elif name == "send_request_headers" and stage == "started":
            with suppress(RuntimeError):  # it runs: the request is sent again on another connection
                self._timer.start()
        elif name == "receive_response_headers" and stage != "started":
            self._timer.cancel()
            if self._late.is_set():
                raise httpx2.ReadTimeout(f"no whole headers within {self._seconds:g} s")
        elif name == "response_closed":
            self._timer.cancel()

    def _end(self) -> None:
        self._late.set()
        for opened in list(self._sockets):
            with suppress(OSError):  # it is closed
                # Not the method of a TLS socket, which would take away what the waiting thread reads from.
                socket.socket.shutdown(opened, socket.SHUT_RDWR)
