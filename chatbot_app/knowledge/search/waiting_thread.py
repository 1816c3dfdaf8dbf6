"""A thread that waits for what another one finds, and meanwhile does part of its work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

_Result = TypeVar("_Result")


class WaitingThread(Executor):
    """Runs what is submitted in the thread that calls `wait_for`, while that waits; before and after it nothing.

    Who submits cancels what was not begun when the rest is done: nobody may have waited.
    """

    def __init__(self) -> None:
        self._submitted: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._submitted.put((future, partial(fn, *args, **kwargs)))
        return future

    def wait_for(self, awaited: Future[_Result]) -> _Result:
        """Return the result of `awaited`, or raise what it raises."""
        awaited.add_done_callback(lambda _done: self._submitted.put(None))
        while (item := self._submitted.get()) is not None:
            future, work = item
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001  # raised where it was submitted
                    future.set_exception(error)
        return awaited.result()
