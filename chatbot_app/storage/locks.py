"""A lock on a folder that the operating system releases when its holder dies."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from pathlib import Path

_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}
_POLL_SECONDS = 0.02


class FolderLock:
    """An exclusive lock held through an open file, between processes and between two holders in one.

    The file holds nothing: neither a process id that could be stale nor anything secret.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, *, timeout_seconds: float = 0.0) -> bool:
        """Take the lock; return False if another holder kept it for `timeout_seconds`.

        Raises OSError where the file cannot be created or the file system knows no locks.
        """
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + timeout_seconds
        try:
            while not _try_lock(descriptor):
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    return False
                time.sleep(_POLL_SECONDS)
        except OSError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; does nothing where it is not held. The file stays: removing it is a race."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None


class WriteLock:
    """A lock between the threads of one process, for one thread again and again, that knows who waits for it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._counting = threading.Lock()
        self._waiting = 0

    def acquire(self, timeout: float = -1) -> bool:
        """Take the lock; return False if others kept it for `timeout` seconds (-1: wait for ever)."""
        if self._lock.acquire(blocking=False):
            return True
        with self._counting:
            self._waiting += 1
        try:
            return self._lock.acquire(timeout=timeout)
        finally:
            with self._counting:
                self._waiting -= 1

    def release(self) -> None:
        """Give it back as often as it was taken."""
        self._lock.release()

    @property
    def is_wanted(self) -> bool:
        """Whether a thread waits for it."""
        return self._waiting > 0

    def __enter__(self) -> WriteLock:
        self.acquire()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.release()


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            # flock, not lockf: POSIX record locks vanish when any other descriptor of the file is closed.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        if exc.errno in _TAKEN:
            return False
        raise
    return True
