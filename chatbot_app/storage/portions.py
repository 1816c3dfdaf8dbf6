"""How much one short transaction may do: large changes are made in portions, so that no other write waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

HELD_SECONDS = 0.012  # that a portion should keep the store's only writer; nobody may wait longer than 0.1 s
PAUSE_SECONDS = (
    0.005  # between two portions: another process looks for the lock now and then, without a queue
)
AT_ONCE = 128  # passages that are written or removed together with the change that they belong to
VARIABLES = 500  # of one statement; old builds of SQLite allow 999
_LEAST, _MOST = 8, 256

_Row = TypeVar("_Row")


class Portions:
    """How many rows to take next, learnt from how long the last ones took. For one thread."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
        size: int = 64,
        held_seconds: float = HELD_SECONDS,
    ) -> None:
        """`held_seconds` is how long a portion should keep the writer."""
        self._clock = clock
        self._sleep = sleep
        self._held_seconds = held_seconds
        self.size = size

    @contextmanager
    def timed(self, rows: int) -> Iterator[None]:
        """Measure a transaction of `rows` rows, then wait a little. Use it around the whole transaction."""
        started = self._clock()
        yield
        held = max(self._clock() - started, 1e-6)
        # At most doubled: one fast portion says little. Where it took too long the next one is as small as it must be.
        wanted = int(rows * min(2.0, self._held_seconds / held))
        self.size = max(_LEAST, min(_MOST, wanted))
        self._sleep(PAUSE_SECONDS)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Wait a little after a transaction whose length does not depend on the rows."""
        yield
        self._sleep(PAUSE_SECONDS)

    def of(self, rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
        """Yield the rows in portions; what is done with one before the next is asked for is measured."""
        start = 0
        while start < len(rows):
            portion = rows[start : start + self.size]
            with self.timed(len(portion)):
                yield portion
            start += len(portion)
