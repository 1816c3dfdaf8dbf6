"""Blocking calls off an asyncio loop: one at a time, in the order of asking, on a thread of their own."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

_Result = TypeVar("_Result")


class Withdrawn(Exception):
    """Nobody wants the result of a call any more: raised inside it, before it has had any effect."""


@dataclass(frozen=True, slots=True)
class Committed(Generic[_Result]):
    """What a call returned that took effect; `cancelled` is the cancellation that came too late to stop it."""

    result: _Result
    cancelled: asyncio.CancelledError | None = None


class OrderedCalls:
    """Makes blocking calls for one loop or several; ends with the process, or with `close`.

    The thread is a daemon: whatever a call waits for does not keep the process from ending.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    async def call(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """Return what the function returns. Where the caller is cancelled, a call under way goes on alone."""
        future = self._submit(lambda: function(*arguments))
        try:
            return await in_loop(future)
        except asyncio.CancelledError:
            future.cancel()  # where it has not begun
            raise

    def post(self, function: Callable[..., object], *arguments: Any) -> Future[Any]:
        """Make a call that nobody need wait for, in its turn."""
        return self._submit(lambda: function(*arguments))

    async def commit(self, function: Callable[[Callable[[], None]], _Result]) -> Committed[_Result]:
        """Return what `function(agree)` returns, or raise CancelledError at once and it has no effect.

        The function calls `agree` when all that is left to do is to make its effect lasting; for a caller that
        was cancelled by then, `agree` raises Withdrawn, which must undo everything. A cancellation after that
        comes back with the result.
        """
        decision = threading.Lock()
        state = {"withdrawn": False, "agreed": False}

        def agree() -> None:
            with decision:
                if state["withdrawn"]:
                    raise Withdrawn
                state["agreed"] = True

        future = self._submit(lambda: function(agree))
        waiting = in_loop(future)
        cancelled: asyncio.CancelledError | None = None
        while True:
            try:
                return Committed(await asyncio.shield(waiting), cancelled)
            except asyncio.CancelledError as stop:
                with decision:
                    if not state["agreed"]:
                        state["withdrawn"] = True
                if state["withdrawn"]:
                    raise
                cancelled = stop

    def close(self) -> None:
        """Let the thread end after what was asked for; calls that come later are made all the same."""
        with self._lock:
            if self._thread is not None:
                self._calls.put(None)
                self._thread = None

    def _submit(self, call: Callable[[], _Result]) -> Future[_Result]:
        future: Future[_Result] = Future()
        with self._lock:
            self._calls.put((future, call))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        return future

    def _run(self) -> None:
        while (asked := self._calls.get()) is not None:
            future, call = asked
            if future.set_running_or_notify_cancel():
                try:
                    result = call()
                except BaseException as error:  # noqa: BLE001  # it belongs to whoever asked
                    future.set_exception(error)
                else:
                    future.set_result(result)
                    del result
            del asked, future, call


def in_loop(future: Future[_Result]) -> asyncio.Future[_Result]:
    """Return what the running loop can wait for, without power over the future itself.

    A loop that was closed meanwhile is left alone.
    """
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[_Result] = loop.create_future()
    waiting.add_done_callback(_look_at)

    def take(done: Future[_Result]) -> None:
        if waiting.done():
            return
        error = done.exception()
        if error is None:
            waiting.set_result(done.result())
        else:
            waiting.set_exception(error)

    def hand_over(done: Future[_Result]) -> None:
        if not done.cancelled():
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(take, done)

    future.add_done_callback(hand_over)
    return waiting


def _look_at(future: asyncio.Future[Any]) -> None:
    """Take note of an error that nobody waits for, so that asyncio does not report it as forgotten."""
    if not future.cancelled():
        future.exception()
