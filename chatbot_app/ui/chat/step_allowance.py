"""How much may be read and laid out before the window gets its turn again."""

from __future__ import annotations

BUILT_A_STEP = 9_000  # weight (core.text_weight) of what is made or laid out: about 20 ms
VIEW, CODE, TABLE, FORMULA, TOOLBAR = (
    250,
    1_600,
    1_800,
    900,
    900,
)  # weight of the widgets of a block, whatever stands in it


class StepAllowance:
    """What one step of the GUI thread may still do. Its owner begins each step, and goes on later if it is short."""

    def __init__(self, most: int = BUILT_A_STEP) -> None:
        self._most = most
        self._spent = 0
        self.is_short = False  # something was asked for that has to wait for the next step
        self.built = 0  # how many views this step has made
        self.heaviest = 0  # weight of the heaviest step so far, for tests
        self.most_built = 0

    def begin(self) -> None:
        """Begin another step."""
        self._spent = self.built = 0
        self.is_short = False

    def take(self, weight: int) -> bool:
        """Spend this on making something, or refuse because it has to wait; the first of a step never waits."""
        if self._spent and self._spent + weight > self._most:
            self.is_short = True
            return False
        self.spend(weight)
        self.built += 1
        self.most_built = max(self.most_built, self.built)
        return True

    @property
    def has_room(self) -> bool:
        """Whether less than half of it is spent."""
        return self._spent < self._most // 2

    def spend(self, weight: int) -> None:
        """Count work that could not wait."""
        self._spent += weight
        self.heaviest = max(self.heaviest, self._spent)
