"""Memory that was freed and is still counted as the program's."""

from __future__ import annotations

import contextlib
import ctypes
import sys


def return_free_memory() -> None:
    """Give what was freed back to the system, in tens of milliseconds; only glibc has to be asked to.

    After a library has built something large out of many small pieces: the session of the embedding model left
    65 MB of them.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)
