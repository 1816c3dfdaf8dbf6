"""How long a process was kept waiting by the machine: what a promise in seconds is not measured by."""

from __future__ import annotations

from pathlib import Path


def seconds_without_a_core(pid: int | None = None) -> dict[str, float]:
    """Return for each thread of a process (this one) how long it was ready to run and no core was free.

    Empty where the system does not say (it is Linux that does).
    """
    waited = {}
    for thread in Path(f"/proc/{pid or 'self'}/task").glob("*"):
        try:
            waited[thread.name] = int((thread / "schedstat").read_text().split()[1]) / 1e9
        except OSError:  # it has ended
            continue
    return waited
