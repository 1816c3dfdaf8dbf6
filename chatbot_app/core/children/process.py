"""A child process of this program: started when it is asked, written to in messages, ended with its owner.

What strangers wrote is read there, and what takes the processors for long is computed there: a crash, a limit or
a hang costs the child alone. It inherits no key (`core.child_environment`).
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import IO, Any

from chatbot_app.core.child_environment import child_environment
from chatbot_app.core.children.framing import Message, receive, send

STOP_SECONDS = 3.0  # that a child which was asked to go may take
_LOOK_SECONDS = 0.1
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows: a console program opens no console


class ChildProcess:
    """One child at a time. Use from one thread, but `kill` and `pid` from any."""

    def __init__(self, command: Sequence[str], take: Callable[[Message | None], None], *, name: str) -> None:
        """`take` is given what the child says, in a thread of its own, and None when it says no more."""
        self._command = list(command)
        self._take = take
        self._name = name
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._says_no_more = False

    @property
    def pid(self) -> int | None:
        """The child's process id, None where none runs."""
        return self._process.pid if self._process is not None else None

    @property
    def is_running(self) -> bool:
        """Whether there is a child that may answer."""
        return self._process is not None and self._process.poll() is None and not self._says_no_more

    def start(self) -> None:
        """Start a child in the place of the one before. Raises OSError."""
        self.end(0.0)
        self._says_no_more = False
        process = self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            creationflags=_NO_WINDOW,
        )
        assert process.stdout is not None
        self._reader = threading.Thread(
            target=self._read, args=(process.stdout,), name=self._name, daemon=True
        )
        self._reader.start()

    def ask(self, request: dict[str, Any], payload: bytes = b"") -> None:
        """Write a request. To a child that has gone nothing is written: the end of its answers tells."""
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                send(process.stdin, request, payload)

    def kill(self) -> None:
        """End the child at once; what it was asked ends with its answers."""
        process = self._process
        if process is not None:
            process.kill()

    def exit_status(self) -> int | None:
        """Return how a child has ended that says nothing sensible any more, None where there is none."""
        process = self._process
        if process is None:
            return None
        try:
            return process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def end(self, patience_seconds: float = STOP_SECONDS) -> None:
        """End the child, asked first. May be called twice; `take` must not wait for anything meanwhile."""
        process, reader = self._process, self._reader
        self._process = self._reader = None
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()  # the end of its input asks it to go
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
        if reader is not None:
            reader.join()
        process.stdout.close()

    def _read(self, stream: IO[bytes]) -> None:
        message: Message | None = None
        while True:
            try:
                message = receive(stream)
            except (OSError, ValueError):
                message = None  # what is no message is as good as no answer
            self._says_no_more = message is None
            self._take(message)
            if message is None:
                return
