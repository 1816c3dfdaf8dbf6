"""A lane for coroutines: one asyncio loop, which ends with all that runs in it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject

from chatbot_app.chat.requests import QUITTING
from chatbot_app.workers.lane import Answers, Lane, Otherwise, Then, in_words
from chatbot_app.workers.named_tasks import NamedTasks

_ENDING_SECONDS = 1.5


class LoopLane(QObject):
    """Runs a loop until `request_stop`; `at_end` runs in it when all tasks have ended."""

    def __init__(self, name: str, parent: QObject, at_end: Callable[[], Coroutine[Any, Any, None]]) -> None:
        super().__init__(parent)
        self.tasks = NamedTasks(lambda: self._is_ending)
        self._answers = Answers(self)
        self._lane = Lane(name, self)
        self._at_end = at_end
        self._loop: asyncio.AbstractEventLoop | None = None  # None before it begins and after it ended
        self._ready = threading.Event()  # set once either is known
        self._stop: asyncio.Event | None = None
        self._is_ending = False
        self._calls: set[asyncio.Task[None]] = set()  # the loop itself holds none of them

    # --- from the owner's thread -------------------------------------------------------------------------

    def start(self) -> None:
        """Begin."""
        self._lane.do(self._run, None, lambda _: None)  # what went wrong is logged, and nobody can mend it
        self._lane.start()

    def in_loop(self, function: Callable[..., None], *arguments: Any) -> None:
        """Call a function in the loop's thread; does nothing where the loop has ended."""
        self._ready.wait(5)
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it was closed in this moment
                loop.call_soon_threadsafe(function, *arguments)

    def call(
        self,
        make: Callable[[], Coroutine[Any, Any, Any]],
        then: Then | None = None,
        otherwise: Otherwise | None = None,
    ) -> None:
        """Run a coroutine in the loop and call back in the owner's thread."""
        self.in_loop(self._start_call, self._answers.expect(then, otherwise), make)

    def request_stop(self) -> None:
        """Cancel everything and end; does not wait for it."""
        self._ready.wait(2)
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)

    def shutdown(self, timeout_seconds: float) -> bool:
        """Cancel everything, end the thread, and return whether it ended in time; nobody is called back."""
        self._answers.forget()
        self.request_stop()
        return self._lane.stop(timeout_seconds)

    # --- in the loop's thread --------------------------------------------------------------------------

    def _start_call(self, number: int, make: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        if self._is_ending:
            return
        task = asyncio.ensure_future(self._consume_call(number, make))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _consume_call(self, number: int, make: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        with in_words(lambda notice: self._answers.fail(number, notice), "a request failed"):
            self._answers.give(number, await make())

    def _run(self) -> None:
        # Not asyncio.run: it waits for the threads of the executor, and a look-up of a name may hang in one.
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self._main())
            loop.run_until_complete(loop.shutdown_asyncgens())
        finally:
            self._loop = None
            loop.close()
            self._ready.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        self._is_ending = True  # in this thread alone: from here on nothing begins
        await self._end_tasks()
        await asyncio.wait_for(self._at_end(), timeout=1.0)
        self._loop = None

    async def _end_tasks(self) -> None:
        """Cancel what is under way, and what that leaves behind, until nothing is; some seconds at most."""
        deadline = time.monotonic() + _ENDING_SECONDS
        while time.monotonic() < deadline:
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            if not tasks:
                return
            for task in tasks:
                if not task.cancelling():
                    task.cancel(QUITTING)
            await asyncio.wait(tasks, timeout=deadline - time.monotonic())
