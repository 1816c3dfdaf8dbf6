"""What servers told us in this run: successes are kept, everything else is asked again after a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

_T = TypeVar("_T")

FIRST_WAIT = 1.0  # seconds before a server that could not be asked is asked again while nothing is sent
LONGEST_WAIT = 15.0
UNSAID_SECONDS = 60.0  # a server that answers and does not say it may say it once a model is loaded


@dataclass(frozen=True, slots=True)
class _Try:
    until: float
    wait: float
    was_reached: bool


class Learnt(Generic[_T]):
    """What one server, asked with one key, said of each of its models."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, _T] = {}
        self._tries: dict[str, _Try] = {}

    def find(self, model: str) -> _T | None:
        """Return what is known of a model."""
        return self._known.get(model)

    def may_ask(self, model: str) -> bool:
        """Whether asking now is not too soon after the last time."""
        tried = self._tries.get(model)
        return tried is None or self._clock() >= tried.until

    def keep(self, model: str, value: _T) -> None:
        """Keep what the server said."""
        self._known[model] = value
        self._tries.pop(model, None)

    def missed(self, model: str, *, was_reached: bool) -> None:
        """Note that the server did not say it, or could not be asked."""
        before = self._tries.get(model)
        wait = UNSAID_SECONDS
        if not was_reached:
            again = before is not None and not before.was_reached
            wait = min(2 * before.wait, LONGEST_WAIT) if before is not None and again else FIRST_WAIT
        self._tries[model] = _Try(self._clock() + wait, min(wait, LONGEST_WAIT), was_reached)

    def was_reached(self, model: str) -> bool:
        """Whether the server answered as itself the last time, although it did not say it."""
        tried = self._tries.get(model)
        return tried is not None and tried.was_reached

    def values(self) -> list[_T]:
        """Return everything that is known."""
        return list(self._known.values())

    def forget(self, model: str) -> None:
        """Ask again at the next occasion, whatever was known or came of it before."""
        self._known.pop(model, None)
        self._tries.pop(model, None)

    def forget_tries(self) -> None:
        """Ask again at the next occasion, whatever came of it before."""
        self._tries.clear()
