"""One model of this computer: llama.cpp's server as a child process, started when it is first needed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from chatbot_app.core.model_errors import LocalServerFailed
from chatbot_app.core.paths import child_command
from chatbot_app.llm.local.launch import EngineLaunch
from chatbot_app.llm.local.server_child import LocalEndpoint, ServerChild

RESTART_WAITS = (0.0, 0.5, 2.0)  # seconds before the first, second and third restart; then it is given up
HEALTHY_AFTER = 60.0  # seconds of life after which earlier crashes are forgotten


class LocalServer:
    """Keeps at most one child alive; all methods may be called from any thread.

    Ask for the endpoint before each request and keep none: a restarted child has another port and key.
    """

    def __init__(
        self,
        model_path: str | Path = "",
        *,
        command: Sequence[str] | None = None,
        restart_waits: Sequence[float] = RESTART_WAITS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Serve `model_path`, "" meaning the model that ships, as it is run by default; nothing is started yet."""
        self._command = list(command) if command else child_command("--local-server")
        self._restart_waits = tuple(restart_waits)
        self._clock = clock
        self._lock = threading.Lock()
        self._wanted = EngineLaunch(str(model_path))
        self._child: ServerChild | None = None
        self._restarts = 0

    def use(self, launch: EngineLaunch) -> None:
        """Serve another GGUF file, or the same one otherwise, from the next request on."""
        with self._lock:
            if launch != self._wanted:
                self._restarts = 0
            self._wanted = launch

    @property
    def running(self) -> bool:
        """Whether the child is alive and has loaded its model."""
        with self._lock:
            return self._child is not None and self._child.serves(self._wanted)

    @property
    def served(self) -> LocalEndpoint | None:
        """Where it answers now, None where it is not loaded."""
        with self._lock:
            child = self._child
        return child.ready.result() if child is not None and child.serves(child.wanted) else None

    @property
    def is_loading(self) -> bool:
        """Whether its child is on the way up."""
        with self._lock:
            return self._child is not None and not self._child.ready.done()

    def warm(self) -> None:
        """Start the child in the background where it is not running; a failure shows at the next use."""
        self._ready()

    def ensure_running(self) -> LocalEndpoint:
        """Return the endpoint, waiting for the model to load.

        Raises ModelFileMissing, ModelFileError or LocalServerFailed.
        """
        return self._ready().result()

    async def endpoint(self) -> LocalEndpoint:
        """Return the endpoint without blocking the loop; cancelling leaves the child loading.

        Raises ModelFileMissing, ModelFileError or LocalServerFailed.
        """
        return await asyncio.wrap_future(self._ready())

    def stop(self) -> None:
        """End the child within two seconds; the next use starts another one."""
        with self._lock:
            child, self._child = self._child, None
            self._restarts = 0
        if child is not None:
            child.stop()

    def _ready(self) -> Future[LocalEndpoint]:
        """Return what the start of the child leads to, starting one where none is usable."""
        with self._lock:
            last = self._child
            if last is not None and last.usable(self._wanted):
                return last.ready
            self._child = None
            try:
                wait = self._wait_after(last)
            except LocalServerFailed as exc:
                given_up: Future[LocalEndpoint] = Future()
                given_up.set_exception(exc)
                return given_up
            self._child = ServerChild(
                self._command,
                self._wanted,
                wait=wait,
                predecessor=last,
                clock=self._clock,
            )
            return self._child.start()

    def _wait_after(self, last: ServerChild | None) -> float:
        """Return the seconds to wait before the next start. Raises LocalServerFailed after too many."""
        if last is None or last.wanted != self._wanted or not last.crashed:
            return 0.0
        if last.served_for() >= HEALTHY_AFTER:
            self._restarts = 0
        if self._restarts >= len(self._restart_waits):
            # The next use is the person's own "Try again", and gets as many attempts as the first.
            self._restarts = 0
            raise LocalServerFailed(
                detail=f"it ended {len(self._restart_waits) + 1} times in a row ({last.end})."
            )
        self._restarts += 1
        return self._restart_waits[self._restarts - 1]
