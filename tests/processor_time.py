"""Seconds of computing: what a test may bound, for unlike the clock they do not grow while others work."""

from __future__ import annotations

import contextlib

import psutil


def processor_seconds() -> float:
    """Return the seconds that this process and its children, ended ones included, have computed."""
    process = psutil.Process()
    total = sum(process.cpu_times()[:4])  # of itself and of the children it has waited for
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(child.cpu_times()[:4])
    return total
