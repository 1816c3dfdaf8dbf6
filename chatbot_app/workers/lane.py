"""A thread with a queue, and how its results and errors come back: what every engine of this folder runs on."""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from chatbot_app.core.errors import AppError
from chatbot_app.core.messages import Notice

logger = logging.getLogger(__name__)

Work = Callable[[], Any]
Then = Callable[[Any], None]
Otherwise = Callable[[Notice], None]


@contextmanager
def in_words(tell: Callable[[Notice], object], what: str) -> Iterator[None]:
    """Tell of an error of the block in words that a person can read; the block ends with it, the caller goes on.

    What is no AppError is a bug of ours: it is logged under `what` with its traceback. What cancels or ends a thread
    is no Exception, and passes.
    """
    try:
        yield
    except AppError as error:
        tell(error.notice())
    except Exception as error:
        logger.exception(what)
        tell(AppError(detail=str(error) or type(error).__name__).notice())


class Answers(QObject):
    """Calls back in the thread of the owner for what was done in another one."""

    _arrived = Signal(int, object)  # number of the call, result
    _failed = Signal(int, object)  # number of the call, Notice
    unheard = Signal(object)  # Notice of a call that was given no `otherwise`

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._callbacks: dict[int, tuple[Then | None, Otherwise | None]] = {}
        self._afterwards: deque[tuple[int, Callable[[], None]]] = deque()  # by the call that they wait for
        self._last = 0
        # Bound methods of this QObject: Qt queues them into its own thread. A lambda would run in the other one.
        self._arrived.connect(self._call_then)
        self._failed.connect(self._call_otherwise)

    def expect(self, then: Then | None, otherwise: Otherwise | None) -> int:
        """Return the number under which the result, or the notice, of a call is to be given; in the owner's thread."""
        self._last += 1
        self._callbacks[self._last] = (then, otherwise)
        return self._last

    def afterwards(self, then: Callable[[], None]) -> None:
        """Call `then` when all that is expected so far has been called back for: now, where nothing is."""
        if self._callbacks:
            self._afterwards.append((self._last, then))
        else:
            then()

    def give(self, number: int, result: object) -> None:
        """Take the result of a call, in any thread."""
        with suppress(RuntimeError):  # the owner has gone: it waited for this thread as long as it could
            self._arrived.emit(number, result)

    def fail(self, number: int, notice: Notice) -> None:
        """Take the notice of a call that failed, in any thread."""
        with suppress(RuntimeError):
            self._failed.emit(number, notice)

    def forget(self) -> None:
        """Call nobody back any more."""
        self._callbacks.clear()
        self._afterwards.clear()

    @Slot(int, object)
    def _call_then(self, number: int, result: object) -> None:
        then, _ = self._callbacks.pop(number, (None, None))
        try:
            if then is not None:
                then(result)
        finally:
            self._call_those_after(number)

    @Slot(int, object)
    def _call_otherwise(self, number: int, notice: Notice) -> None:
        _, otherwise = self._callbacks.pop(number, (None, None))
        try:
            if otherwise is not None:
                otherwise(notice)
            else:
                self.unheard.emit(notice)
        finally:
            self._call_those_after(number)

    def _call_those_after(self, number: int) -> None:
        while self._afterwards and self._afterwards[0][0] <= number:
            _, then = self._afterwards.popleft()
            then()


class Lane(QObject):
    """One thread that does what it is given in its order, and something of its own in between.

    It is a daemon and no QThread: one that hangs, in a look at a dead network drive say, keeps no program from
    ending, where a running QThread would abort it. Signals that are emitted in it reach the bound slots of QObjects in
    their own threads.
    """

    failed = Signal(object)  # Notice of what was given no `otherwise`, and of what is done in between

    def __init__(
        self,
        name: str,
        parent: QObject | None = None,
        *,
        between: Callable[[], float | None] | None = None,
        at_end: Callable[[], None] | None = None,
    ) -> None:
        """`between` and `at_end` run in the thread: the first whenever nothing waits, the second when it ends.

        `between` returns the seconds until it is called again where nothing is given meanwhile: 0 for at once, None
        for not before. An error of it is told, and it waits until something is given.
        """
        super().__init__(parent)
        self.name = name
        self._answers = Answers(self)
        self._answers.unheard.connect(self.failed)
        self._between = between
        self._at_end = at_end
        self._tasks: queue.SimpleQueue[tuple[int, Work] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._finishing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    # --- from any thread -------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether the thread has begun and not ended."""
        return self._thread.is_alive()

    def is_stopping(self) -> bool:
        """Whether `stop` was called: long work asks this, and ends."""
        return self._stopping.is_set()

    def wake(self) -> None:
        """Do what is done in between without waiting for its time."""
        self._tasks.put(None)

    # --- from the owner's thread -------------------------------------------------------------------------

    def start(self) -> None:
        """Begin with what was given."""
        self._thread.start()

    def do(self, work: Work, then: Then | None = None, otherwise: Otherwise | None = None) -> None:
        """Do `work` in the thread, then call `then(result)`, or `otherwise(notice)` where it failed."""
        self._tasks.put((self._answers.expect(then, otherwise), work))

    def afterwards(self, then: Callable[[], None]) -> None:
        """Call `then` when everything that was given so far is done and called back for: now, where nothing waits."""
        self._answers.afterwards(then)

    def finish(self, timeout_seconds: float) -> bool:
        """Do what is queued, end the thread and return whether it ended in time; nobody is called back."""
        self._answers.forget()
        self._finishing.set()
        return self._join(timeout_seconds)

    def stop(self, timeout_seconds: float) -> bool:
        """End the thread after what is under way and return whether it ended in time; nobody is called back."""
        self._answers.forget()
        self._stopping.set()
        return self._join(timeout_seconds)

    def _join(self, timeout_seconds: float) -> bool:
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    # --- in the thread -----------------------------------------------------------------------------------

    def _run(self) -> None:
        wait = None if self._between is None else 0.0
        while not self._stopping.is_set():
            if self._finishing.is_set() and self._tasks.empty():
                break
            try:
                task = self._tasks.get(timeout=wait)
            except queue.Empty:
                wait = self._do_between()
                continue
            if task is not None:
                self._do(*task)
            wait = None if self._between is None else 0.0
        if self._at_end is not None:
            with in_words(self._tell, "the end of a lane failed"):
                self._at_end()

    def _do(self, number: int, work: Work) -> None:
        with in_words(lambda notice: self._answers.fail(number, notice), "a background task failed"):
            self._answers.give(number, work())

    def _do_between(self) -> float | None:
        wait: float | None = None
        with in_words(self._tell, "what a lane does in between failed"):
            assert self._between is not None
            wait = self._between()
        return wait

    def _tell(self, notice: Notice) -> None:
        with suppress(RuntimeError):
            self.failed.emit(notice)
