"""What this computer computes models with: memory, cores, and the devices that llama.cpp itself lists."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from functools import cache

from chatbot_app.core.available_memory import available_memory, whole_memory
from chatbot_app.core.child_environment import child_environment
from chatbot_app.core.local_models import Device, Machine
from chatbot_app.core.paths import child_command

_LISTING_LIMIT = 20.0  # seconds; a driver may have to wake up
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def read_machine(command: Sequence[str] | None = None) -> Machine:
    """Return what is here now. Starts a child for the devices at the first call (0.3 s): not for the GUI thread."""
    return Machine(whole_memory(), available_memory(), usable_cores(), _devices(tuple(command or ())))


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _devices(command: tuple[str, ...]) -> tuple[Device, ...]:
    """Return the graphics processors; none where llama.cpp cannot be asked: then the processor computes."""
    arguments = list(command) or child_command("--local-server")
    try:
        ended = subprocess.run(
            arguments,
            input=json.dumps({"list": "devices"}).encode() + b"\n",
            capture_output=True,
            timeout=_LISTING_LIMIT,
            env=child_environment(),
            creationflags=_NO_WINDOW,
            check=False,
        )
        listed = json.loads(ended.stdout.splitlines()[-1])["devices"]
        return tuple(Device(str(d["name"]), int(d["memory"]), int(d["free"])) for d in listed)
    except (OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError):
        return ()
