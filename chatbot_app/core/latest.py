"""Only the latest answer counts: what was asked for before it is ignored when it comes."""

from __future__ import annotations

from collections.abc import Callable


class Latest:
    """Numbers requests for one thing, whose answers may come late or in another order."""

    def __init__(self) -> None:
        self._number = 0

    def begin(self) -> Callable[[], bool]:
        """Begin another request; the returned function says, in any thread, whether it is still the latest."""
        self._number += 1
        return self.watch()

    def watch(self) -> Callable[[], bool]:
        """Return what says whether the request that is the latest now still is."""
        number = self._number
        return lambda: number == self._number

    def forget(self) -> None:
        """Let no request that was begun count any more."""
        self._number += 1
