"""How fast bytes arrive, and how long the rest will take."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

WINDOW_SECONDS = 8.0  # shorter jumps with every packet, longer does not notice that a network became slow
LEAST_SECONDS = 0.5  # of a window that says anything
EVENT_SECONDS = 0.1  # a progress that is told more often is not seen


class DownloadSpeed:
    """The speed over the last seconds; `clock` counts seconds from anywhere."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()
        self._told = float("-inf")

    def note(self, received: int) -> None:
        """Take how many bytes are there now; fewer than before means that it began anew."""
        now = self._clock()
        if self._marks and received < self._marks[-1][1]:
            self._marks.clear()
        self._marks.append((now, received))
        while self._marks[0][0] < now - WINDOW_SECONDS and len(self._marks) > 2:
            self._marks.popleft()

    def is_worth_telling(self) -> bool:
        """Whether enough time has passed since the last time that this said yes."""
        now = self._clock()
        if now - self._told < EVENT_SECONDS:
            return False
        self._told = now
        return True

    @property
    def bytes_per_second(self) -> float:
        """The speed, 0 where nothing is known yet."""
        if len(self._marks) < 2:
            return 0.0
        (since, before), (now, after) = self._marks[0], self._marks[-1]
        return (after - before) / (now - since) if now - since >= LEAST_SECONDS else 0.0

    def seconds_left(self, total: int) -> float | None:
        """Return how long the rest takes at this speed, None where that cannot be said."""
        speed = self.bytes_per_second
        if not speed or not self._marks or not total:
            return None
        return max(0.0, (total - self._marks[-1][1]) / speed)
