"""How much may be read and laid out before the window gets its turn again."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS_A_STEP = (
    0.012  # processor time after which a step begins nothing more, whatever it was thought to weigh
)
BUILT_A_STEP = 9_000  # weight (core.text_weight) of what is made or laid out: about 20 ms
VIEW, CODE, TABLE, FORMULA, TOOLBAR = (
    250,
    1_600,
    1_800,
    900,
    900,
)  # weight of the widgets of a block, whatever stands in it


class StepAllowance:
    """What one step of the GUI thread may still do. Its owner begins each step, and goes on later if it is short.

    What things weigh bounds a step the same way everywhere; the processor time of the thread, in seconds, bounds it
    on a slow machine and where something weighs more than was thought.
    """

    def __init__(
        self,
        most: int = BUILT_A_STEP,
        seconds: float = SECONDS_A_STEP,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._began = clock()
        self._spent = 0
        self.is_short = False  # something was asked for that has to wait for the next step
        self.built = 0  # how many views this step has made
        self.heaviest = 0  # weight of the heaviest step so far, for tests
        self.most_built = 0

    def begin(self) -> None:
        """Begin another step."""
        self._spent = self.built = 0
        self._began = self._clock()
        self.is_short = False

    def take(self, weight: int) -> bool:
        """Spend this on making something, or refuse because it has to wait; the first of a step never waits."""
        if self._spent and (self._spent + weight > self._most or self._used() > self._seconds):
            self.is_short = True
            return False
        self.spend(weight)
        self.built += 1
        self.most_built = max(self.most_built, self.built)
        return True

    @property
    def has_room(self) -> bool:
        """Whether less than half of it is spent; the first of a step never waits."""
        if not self._spent:
            return True
        return self._spent < self._most // 2 and self._used() < self._seconds / 2

    def spend(self, weight: int) -> None:
        """Count work that could not wait."""
        self._spent += weight
        self.heaviest = max(self.heaviest, self._spent)

    def _used(self) -> float:
        return self._clock() - self._began
