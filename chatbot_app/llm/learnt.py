"""What servers told us in this run: successes are kept, everything else is asked again after a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

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
    """Values by place. A place names address, key and model: another key is another place."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[Hashable, _T] = {}
        self._tries: dict[Hashable, _Try] = {}

    def find(self, place: Hashable) -> _T | None:
        """Return what is known of a place."""
        return self._known.get(place)

    def may_ask(self, place: Hashable) -> bool:
        """Whether asking now is not too soon after the last time."""
        tried = self._tries.get(place)
        return tried is None or self._clock() >= tried.until

    def keep(self, place: Hashable, value: _T) -> None:
        """Keep what the server said."""
        self._known[place] = value
        self._tries.pop(place, None)

    def missed(self, place: Hashable, *, was_reached: bool) -> None:
        """Note that the server did not say it, or could not be asked."""
        before = self._tries.get(place)
        wait = UNSAID_SECONDS
        if not was_reached:
            again = before is not None and not before.was_reached
            wait = min(2 * before.wait, LONGEST_WAIT) if before is not None and again else FIRST_WAIT
        self._tries[place] = _Try(self._clock() + wait, min(wait, LONGEST_WAIT), was_reached)

    def was_reached(self, place: Hashable) -> bool:
        """Whether the server answered as itself the last time, although it did not say it."""
        tried = self._tries.get(place)
        return tried is not None and tried.was_reached

    def forget_all(self, concerns: Callable[[Any], bool]) -> list[_T]:
        """Forget the places that `concerns` names, and return what was known of them."""
        for place in [place for place in self._tries if concerns(place)]:
            del self._tries[place]
        return [self._known.pop(place) for place in [place for place in self._known if concerns(place)]]

    def forget_tries(self) -> None:
        """Ask again at the next occasion, whatever came of it before."""
        self._tries.clear()
