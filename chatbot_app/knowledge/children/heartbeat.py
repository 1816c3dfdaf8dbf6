"""What a child that works says of itself now and then, so that slow is told from stuck."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import IO

from chatbot_app.core.children.framing import send

BEAT_SECONDS = 5.0
COMPUTED = "computed"  # seconds of a processor, of the child and of what it has waited for

_LEAST_SHARE = 0.01  # of a processor: less is what the watching itself takes


class Heartbeat:
    """Sends the computing time of this process while something is read."""

    def __init__(self, replies: IO[bytes], every_seconds: float = BEAT_SECONDS) -> None:
        self._replies = replies
        self._every = every_seconds
        self.is_working = False
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._stopped.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stopped.wait(self._every):
            if self.is_working:
                try:
                    send(self._replies, {COMPUTED: sum(os.times()[:4])})
                except (OSError, ValueError):
                    return  # nobody listens any more


class Patience:
    """How long a child is waited for: by what it computes, for a busy machine may let it wait for minutes.

    A child that computes may take `allowed` seconds of it, however long that lasts; one that does not is stuck after
    `quiet` times as many seconds by the clock.
    """

    def __init__(self, allowed: float, quiet: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowed = allowed
        self._quiet = quiet
        self._clock = clock
        self._since = self._noted_at = clock()
        self._noted: float | None = None
        self._begun = 0.0

    def allow(self, seconds: float) -> None:
        """Let it compute for so long from now on: it has come a step further."""
        self._allowed = seconds
        self._begun = self._noted or 0.0
        self.seen()

    def seen(self) -> None:
        """It has said something."""
        self._since = self._clock()

    def note(self, computed: float) -> bool:
        """It says what it has computed so far; return False where that is more than it may."""
        now = self._clock()
        if self._noted is None:
            self._begun = computed
        elif computed - self._noted >= _LEAST_SHARE * (now - self._noted_at):
            self._since = now
        self._noted, self._noted_at = computed, now
        return computed - self._begun <= self._allowed

    def left(self) -> float:
        """Return the seconds after which it counts as stuck, unless it says something."""
        return max(0.0, self._since + self._allowed * self._quiet - self._clock())
