"""A lock whose waiters get it in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque


class WriteLock:
    """A reentrant lock that is fair: who releases it cannot take it again before those who wait.

    Python's own locks go to whoever is running. A thread that writes one short transaction after the other
    would keep everybody else out until it is done.
    """

    def __init__(self) -> None:
        self._inside = threading.Lock()  # guards what follows, held for a moment only
        self._owner: int | None = None
        self._depth = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    def acquire(self, timeout: float = -1) -> bool:
        """Take the lock; return False where that would take longer than `timeout` seconds (-1: for ever)."""
        me = threading.get_ident()
        with self._inside:
            if self._owner == me:
                self._depth += 1
                return True
            if self._owner is None:
                self._owner, self._depth = me, 1
                return True
            turn = threading.Lock()
            turn.acquire()
            place = (me, turn)
            self._waiting.append(place)
        try:
            if turn.acquire(timeout=timeout):
                return True
        except BaseException:  # Ctrl+C while waiting: the turn must not go to somebody who has left
            if not self._leave(place):
                self.release()
            raise
        return not self._leave(place)

    def release(self) -> None:
        """Give the lock to the one who has waited longest. Raises RuntimeError where it is not held."""
        with self._inside:
            if self._owner != threading.get_ident():
                raise RuntimeError("the lock is held by another thread, or by none")
            self._depth -= 1
            if self._depth:
                return
            if not self._waiting:
                self._owner = None
                return
            self._owner, turn = self._waiting.popleft()
            self._depth = 1
            turn.release()

    @property
    def is_wanted(self) -> bool:
        """Whether a thread waits for it."""
        return bool(self._waiting)

    def __enter__(self) -> WriteLock:
        self.acquire()
        return self

    def __exit__(self, *_details: object) -> None:
        self.release()

    def _leave(self, place: tuple[int, threading.Lock]) -> bool:
        """Wait no longer; return False where the lock was given in this moment."""
        with self._inside:
            if place not in self._waiting:
                return False
            self._waiting.remove(place)
            return True
