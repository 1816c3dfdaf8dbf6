"""How much memory this machine, or the container that it pretends to be, can still give."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

_CGROUP_FILES = (  # limit, use: version 2, then version 1
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def available_memory() -> int | None:
    """Return the bytes that can be taken without swapping, None where the system does not tell."""
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        return _of_linux(meminfo)
    if os.name == "nt":
        return _status_of_windows("free")
    try:  # macOS gives up its caches for whoever asks: half of what is built in is a careful guess
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return None


def whole_memory() -> int | None:
    """Return the bytes of memory that are built in, or that the container may use; None where nobody tells."""
    if os.name == "nt":
        return _status_of_windows("total")
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None
    for limit, _use in _CGROUP_FILES:
        try:
            whole = min(whole, int(Path(limit).read_text()))
        except (OSError, ValueError):  # "max", or no such controller
            continue
    return whole


def _of_linux(meminfo: Path) -> int | None:
    free = None
    try:
        for line in meminfo.read_text("ascii", "replace").splitlines():
            if line.startswith("MemAvailable:"):
                free = int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        return None
    for limit, use in _CGROUP_FILES:
        try:
            left = int(Path(limit).read_text()) - int(Path(use).read_text())
        except (OSError, ValueError):  # "max", or no such controller
            continue
        free = max(0, left) if free is None else min(free, max(0, left))
    return free


def _status_of_windows(field: str) -> int | None:
    class MemoryStatus(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "pages", "free_pages", "space")),
            ("free_space", ctypes.c_ulonglong),
            ("extended", ctypes.c_ulonglong),
        )

    status = MemoryStatus(length=ctypes.sizeof(MemoryStatus))
    library = getattr(ctypes, "windll").kernel32  # noqa: B009  # other systems do not have it
    return int(getattr(status, field)) if library.GlobalMemoryStatusEx(ctypes.byref(status)) else None
