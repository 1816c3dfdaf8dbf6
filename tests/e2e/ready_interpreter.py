"""An interpreter that has loaded what a window needs, and forks a program for each launch.

Nineteen of the twenty launches of a test would load the same libraries again: more than half of what they cost. A
program that is forked is a process of its own, with its own pid, pipes and death; it shares nothing that it writes.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_MOST = 1 << 16  # bytes of a request
_LIBRARIES = (
    "numpy",
    "openai",
    "anyio._backends._asyncio",
    "PySide6.QtNetwork",
    "PySide6.QtSvg",
    "PySide6.QtTest",
)
_PACKAGES = (
    "chat core knowledge llm memory storage ui ui.chat ui.context ui.knowledge ui.models ui.settings workers"
)


class ForkedProgram:
    """A program that runs: `output` is what it says, `stdin` what it is told."""

    def __init__(self, owner: ReadyInterpreter, pid: int, stdin: io.RawIOBase, output: io.RawIOBase) -> None:
        self._owner = owner
        self.pid = pid
        self.stdin = stdin
        self.output = output
        self._status: int | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        if self._status is None:
            self._status = self._owner.ask({"look": self.pid})
        return self._status is None

    def kill(self) -> None:
        """Kill it with SIGKILL, and wait until it is gone."""
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def wait(self) -> int:
        """Wait until it is gone and return its status, negative where a signal ended it."""
        if self._status is None:
            self._status = self._owner.ask({"wait": self.pid})
        assert self._status is not None
        return self._status

    def close(self) -> None:
        """Close its pipes."""
        self.stdin.close()
        self.output.close()


class ReadyInterpreter:
    """Forks programs. For any thread; `close` ends it."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.ready_interpreter", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
            )

    def ask(self, request: dict[str, Any], handles: Sequence[int] = ()) -> Any:
        """Return the answer to one request."""
        with self._asking:
            socket.send_fds(self._socket, [json.dumps(request).encode()], handles)
            answer = self._socket.recv(_MOST)
        assert answer, "the interpreter that forks has ended"
        return json.loads(answer)

    def start(self, module: str, *arguments: str, log: Path | None = None) -> ForkedProgram:
        """Run a module as a program; what it says on standard error goes to `log`, else to that of the tests."""
        given, stdin = os.pipe()
        output, said = os.pipe()
        errors = os.open(log or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT) if log else os.dup(2)
        try:
            request = {"module": module, "arguments": arguments, "environment": dict(os.environ)}
            pid = int(self.ask(request, [given, said, errors]))
        finally:
            for handle in (given, said, errors):
                os.close(handle)
        return ForkedProgram(self, pid, io.FileIO(stdin, "w"), io.FileIO(output, "r"))

    def close(self) -> None:
        """End the interpreter; its programs have ended."""
        self._socket.close()
        self._process.wait(60)


def _modules() -> Iterator[str]:
    """Yield the names of what the window and its workers are made of."""
    for package in _PACKAGES.split():
        found = importlib.import_module(f"chatbot_app.{package}")
        for module in pkgutil.iter_modules(found.__path__, f"{found.__name__}."):
            yield module.name


def main() -> None:
    """Load, then fork until nobody asks any more."""
    from chatbot_app.workers.qt_start import import_qt

    import_qt()
    for name in (*_LIBRARIES, *_modules()):
        importlib.import_module(name)
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        while True:
            said, handles, *_ = socket.recv_fds(asked, _MOST, 3)
            if not said:
                return
            request = json.loads(said)
            if "module" not in request:
                ended, status = os.waitpid(
                    *((request["wait"], 0) if "wait" in request else (request["look"], os.WNOHANG))
                )
                asked.send(json.dumps(os.waitstatus_to_exitcode(status) if ended else None).encode())
                continue
            pid = os.fork()
            if pid == 0:
                asked.detach()
                _run(request, handles)
            for handle in handles:
                os.close(handle)
            asked.send(json.dumps(pid).encode())


def _run(request: dict[str, Any], handles: Sequence[int]) -> None:
    """Be the program, in the process that was forked for it."""
    status = 1
    try:
        for target, handle in enumerate(handles):
            os.dup2(handle, target)
        os.closerange(3, 256)
        os.environ.clear()
        os.environ.update(request["environment"], QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(ROOT))
        sys.argv[1:] = request["arguments"]
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - as an interpreter does at its end
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
