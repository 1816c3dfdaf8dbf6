"""Which instructions for numbers of a byte this computer's processor has."""

from __future__ import annotations

import platform
from functools import cache
from pathlib import Path

_MOST_BYTES = 1 << 16  # of the list of processors: the first one tells


@cache
def processor_features() -> frozenset[str]:
    """Return those of "arm64", "avx2", "avx512" and "avx512_vnni" that the processor has, as far as it can be known.

    Linux lists them. Elsewhere a 64-bit x86 processor is taken to have AVX2, as those since 2013 do.
    """
    machine = platform.machine().lower()
    if machine in ("arm64", "aarch64"):
        return frozenset(("arm64",))
    flags = read_flags(Path("/proc/cpuinfo"))
    if not flags:
        return frozenset(("avx2",)) if machine in ("x86_64", "amd64") else frozenset()
    found: set[str] = {name for name in ("avx2", "avx512_vnni") if name in flags}
    if "avx512bw" in flags:
        found.add("avx512")
    return frozenset(found)


def read_flags(path: Path) -> frozenset[str]:
    """Return the flags of the first processor of Linux' list, none where there is no list."""
    try:
        with path.open("rb") as stream:
            listed = stream.read(_MOST_BYTES).decode("ascii", "replace")
    except OSError:
        return frozenset()
    line = next((line for line in listed.splitlines() if line.startswith("flags")), "")
    return frozenset(line.partition(":")[2].split())
