"""What a child does first: it leaves what it does not need, and keeps its answers apart from what libraries print."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import IO

MEMORY_BYTES = 2 * 1024**3
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def open_replies() -> IO[bytes]:
    """Return the way to the parent, which from now on nothing else writes to."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no reply
    return replies


def answer_parent(run: Callable[[IO[bytes]], int]) -> int:
    """Let a child run with the way to its parent; return its exit status, 1 where nobody listens any more."""
    replies = open_replies()
    try:
        return run(replies)
    except BrokenPipeError:
        return 1
    finally:
        with contextlib.suppress(OSError):
            replies.close()


def die_with_parent() -> None:
    """On Linux, be killed when the thread that started this process ends: a file may take minutes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def leave_network() -> None:
    """Move into a network namespace without any device, where the system allows it (most of Linux)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None).unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def limit_memory(limit_bytes: int = MEMORY_BYTES) -> None:
    """Refuse this process more than so many bytes, where the system can."""
    if sys.platform != "win32":
        import resource

        # Data, not address space: libraries reserve gigabytes that they never touch.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (limit_bytes, limit_bytes))


def limit_cpu(seconds: int) -> None:
    """End this process when it has computed for so many more seconds, where the system can."""
    if sys.platform != "win32":
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(usage.ru_utime + usage.ru_stime)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 1, resource.RLIM_INFINITY))
