"""One process at a time downloads a file; another one waits for it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

POLL_SECONDS = 0.2


class DownloadLock:
    """The lock of one download: a file that is locked as long as this one is held."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: IO[str] | None = None

    def take(self) -> bool:
        """Take the lock if nobody else has it; return whether it is held. Raises OSError."""
        if self._stream is not None:
            return True
        stream = self._path.open("a")
        # Whoever held it may have removed the file between our opening and our locking: then ours locks nothing.
        if _lock(stream) and self._is_that_of(stream):
            self._stream = stream
            return True
        stream.close()
        return False

    def release(self, *, remove: bool = False) -> None:
        """Give the lock back, with the file where it is not needed any more."""
        if self._stream is None:
            return
        stream, self._stream = self._stream, None
        if remove and sys.platform != "win32":
            self._path.unlink(missing_ok=True)
        stream.close()
        if remove and sys.platform == "win32":  # which removes no file that is open
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _is_that_of(self, stream: IO[str]) -> bool:
        if sys.platform == "win32":
            return True
        try:
            return os.path.samestat(os.fstat(stream.fileno()), self._path.stat())
        except FileNotFoundError:
            return False


@contextlib.contextmanager
def is_free(path: Path) -> Iterator[bool]:
    """Say whether nobody holds the lock of `path`, and hold it meanwhile where that is so."""
    lock = DownloadLock(path)
    existed = path.exists()
    try:
        yield lock.take()
    finally:
        lock.release(remove=not existed)


def _lock(stream: IO[str]) -> bool:
    if sys.platform == "win32":
        import msvcrt

        with contextlib.suppress(OSError):
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
            return True
        return False
    import fcntl

    with contextlib.suppress(BlockingIOError):
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
