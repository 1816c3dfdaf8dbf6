"""The thread of one asyncio loop, which ends with all that runs in it."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QThread

from chatbot_app.chat.requests import QUITTING

logger = logging.getLogger(__name__)

_ENDING_SECONDS = 1.5


class LoopThread(QThread):
    """Runs a loop until `request_stop`; `at_end` runs in it when all tasks have ended.

    `loop` is None before it begins and after it ended; `ready` is set once either is known.
    """

    def __init__(self, parent: QObject, at_end: Callable[[], Coroutine[Any, Any, None]]) -> None:
        super().__init__(parent)
        self.setObjectName("chat_worker")
        self.loop: asyncio.AbstractEventLoop | None = None
        self.ready = threading.Event()
        self.is_ending = False
        self._at_end = at_end
        self._stop: asyncio.Event | None = None

    def run(self) -> None:
        # Not asyncio.run: it waits for the threads of the executor, and a look-up of a name may hang in one.
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self._main())
            loop.run_until_complete(loop.shutdown_asyncgens())
        except Exception:
            logger.exception("the chat thread ended with an error")
        finally:
            loop.close()
            self.ready.set()

    async def _main(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self.ready.set()
        await self._stop.wait()
        self.is_ending = True  # in this thread alone: from here on nothing begins
        await self._end_tasks()
        await asyncio.wait_for(self._at_end(), timeout=1.0)
        self.loop = None

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

    def request_stop(self) -> None:
        """Cancel everything and end; does not wait for it."""
        self.ready.wait(2)
        loop, stop = self.loop, self._stop
        if loop is not None and stop is not None:
            loop.call_soon_threadsafe(stop.set)
