"""When a request that failed in a passing way goes out again: visibly, and not for ever."""

from __future__ import annotations

from chatbot_app.core.errors import RateLimited
from chatbot_app.llm.errors import OWN_BACK_OFF, Failure

BACK_OFF_SECONDS = (0.5, 1.5)  # before the second and the third try; together with them under 6 s
MOST_PAUSES = 5  # that a server may ask for in a row …
MOST_PAUSE_SECONDS = 150.0  # … and together; who waits longer is better asked


class Retries:
    """The tries of one request. A pause that the server asked for is no failure, and counts apart."""

    def __init__(self) -> None:
        self._failures = 0
        self._pauses = 0
        self._paused_seconds = 0.0

    def pause_before_next(self, failure: Failure) -> float | None:
        """Return the seconds to wait before trying again, None for giving up."""
        if failure.pause is None:
            return None
        if isinstance(failure.error, RateLimited):
            self._pauses += 1
            self._paused_seconds += failure.pause
            enough = self._pauses > MOST_PAUSES or self._paused_seconds > MOST_PAUSE_SECONDS
            return None if enough else failure.pause
        if self._failures == len(BACK_OFF_SECONDS):
            return None
        self._failures += 1
        return BACK_OFF_SECONDS[self._failures - 1] if failure.pause == OWN_BACK_OFF else failure.pause
