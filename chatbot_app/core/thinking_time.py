"""How long a reasoning model thinks before, and between, what it answers."""

from __future__ import annotations

from collections.abc import Callable


class ThinkingTime:
    """Sums the seconds from each first thought to the text that follows it, by `clock` (seconds).

    `before` are seconds that were counted earlier, of an answer that is continued.
    """

    def __init__(self, clock: Callable[[], float], before: float | None = None) -> None:
        self._clock = clock
        self._sum = before
        self._since: float | None = None

    def thought(self, text: str) -> None:
        """More of a thought arrived; one without a letter does not count."""
        if self._since is None and text.strip():
            self._since = self._clock()

    def answered(self) -> None:
        """Text of the answer arrived, or the answer ended: the thinking is over for now."""
        if self._since is not None:
            self._sum = (self._sum or 0.0) + self._clock() - self._since
            self._since = None

    @property
    def seconds(self) -> float | None:
        """Seconds of the thinking that is over; None where there was none."""
        return self._sum
