"""A lock on a folder that the operating system releases when its holder dies.

By hand, and not by filelock: the window waits for this lock, and importing filelock imports asyncio, 40 ms of a launch
of 200 (`tests/unit/storage/test_locks.py`). Where a file system knows no locks it falls back to a file that outlives
a killed holder; and it removes the file on Windows.
"""

from __future__ import annotations

import errno
import os
import sys
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
