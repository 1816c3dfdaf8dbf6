"""Memory that is counted as the program's although nothing is in it."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Sequence
from pathlib import Path

_MAPPINGS = Path("/proc/self/maps")
_LARGE_BYTES = 64 << 20  # a table of a library; heaps of threads and of Python are smaller
_STEP_BYTES = 2 << 20  # a large page of Linux
_EDGE_BYTES = 4 << 20  # of a mapping: a neighbour that Python has just added may have been joined to it
_MADV_DONTNEED = 4  # linux/mman.h: of a private, anonymous page the next touch brings a page of zeros


def return_free_memory() -> None:
    """Give what was freed back to the system, in tens of milliseconds; only glibc has to be asked to.

    After a library has built something large out of many small pieces: the session of the embedding model left
    65 MB of them.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            ctypes.CDLL(None).malloc_trim(0)


def private_mappings() -> list[range]:
    """Return the addresses of the process's private, anonymous, writable memory; [] where Linux does not tell."""
    try:
        lines = _MAPPINGS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        fields = line.split()  # range, rights, offset, device, inode and, if it has one, a name
        if len(fields) == 5 and fields[1] == "rw-p":
            start, end = (int(number, 16) for number in fields[0].split("-"))
            found.append(range(start, end))
    return found


def return_zeroed_memory(before: Sequence[range]) -> int:
    """Give pages that hold nothing but zeros back until they are used; return how many bytes.

    For a library that clears a large table which it fills little by little. `before` are the `private_mappings`
    before the library made it, so that memory of others is left alone; so is the edge of every mapping, where
    the system may have joined it to a neighbour. Whoever calls knows that the library does not write meanwhile.
    What stands in the pages reads the same afterwards. Linux only; elsewhere nothing is done.
    """
    if not before:
        return 0
    try:
        library = ctypes.CDLL(None, use_errno=True)
        discard, compare = library.madvise, library.memcmp
    except (OSError, AttributeError):
        return 0
    discard.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    compare.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
    zeros = ctypes.create_string_buffer(_STEP_BYTES)
    returned = 0
    for mapping in private_mappings():
        if len(mapping) < _LARGE_BYTES:
            continue
        for address in range(
            mapping.start + _EDGE_BYTES, mapping.stop - _EDGE_BYTES - _STEP_BYTES, _STEP_BYTES
        ):
            if any(address < old.stop and old.start < address + _STEP_BYTES for old in before):
                continue
            if (
                compare(address, zeros, _STEP_BYTES) == 0
                and discard(address, _STEP_BYTES, _MADV_DONTNEED) == 0
            ):
                returned += _STEP_BYTES
    return returned
