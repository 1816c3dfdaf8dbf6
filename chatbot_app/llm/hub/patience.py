"""How long a download tries again by itself."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

from chatbot_app.core.hub_errors import HubBroken, HubBusy, HubError, HubUnreachable
from chatbot_app.llm.download_lock import POLL_SECONDS
from chatbot_app.llm.hub.events import DownloadHeldUp, HubEvent

_T = TypeVar("_T")

BACK_OFF_SECONDS = (0.5, 1.5, 4.0, 10.0)  # before the tries after one that brought nothing
ASKING_BACK_OFF_SECONDS = (0.5, 1.5)  # where nothing is under way yet: who has no network is told so soon
MOST_PAUSES = 5  # in a row that a hub may ask for, together …
MOST_PAUSE_SECONDS = 180.0  # … and who waits longer is better asked
UNNAMED_PAUSE_SECONDS = 10.0  # where a hub asks for one and does not say how long
MOST_SMALL_GAINS = 1000  # connections in a row that brought less than …
SMALL_GAIN = 1 << 16  # … bytes


class Patience:
    """Counts failures in a row; one that brought bytes before is none."""

    def __init__(self, back_off: tuple[float, ...] = BACK_OFF_SECONDS) -> None:
        self._back_off = back_off
        self._failures = 0
        self._pauses = 0
        self._paused_seconds = 0.0
        self._small_gains = 0

    def pause_after(self, failure: HubError, gained: int) -> float | None:
        """Return the seconds to wait after a try that brought `gained` bytes, None for giving up."""
        if gained > 0:
            self._failures = self._pauses = 0
            self._paused_seconds = 0.0
            self._small_gains = self._small_gains + 1 if gained < SMALL_GAIN else 0
        if isinstance(failure, HubBusy):
            said = failure.details.get("seconds")
            pause = float(said) if said is not None else UNNAMED_PAUSE_SECONDS
            self._pauses += 1
            self._paused_seconds += pause
            enough = self._pauses > MOST_PAUSES or self._paused_seconds > MOST_PAUSE_SECONDS
            return None if enough else pause
        if gained > 0:
            return None if self._small_gains > MOST_SMALL_GAINS else 0.0
        if self._failures == len(self._back_off):
            return None
        self._failures += 1
        return self._back_off[self._failures - 1]


class Waiting:
    """Waits where that may help, in steps between which the download can be paused."""

    def __init__(self, title: str, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self.title = title
        self.sleep = sleep
        self._clock = clock

    def patiently(self, ask: Callable[[], _T]) -> Generator[HubEvent, None, _T]:
        """Return what `ask` returns; ask again where the hub is not there, has a problem or wants a pause."""
        patience = Patience(ASKING_BACK_OFF_SECONDS)
        while True:
            try:
                return ask()
            except (HubUnreachable, HubBroken, HubBusy) as failure:
                pause = patience.pause_after(failure, 0)
                if pause is None:
                    raise
                reason = failure.summary
            yield from self.hold_up(pause, reason)

    def hold_up(self, seconds: float, reason: str) -> Iterator[HubEvent]:
        """Wait; `reason` is a sentence."""
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0:
            yield DownloadHeldUp(self.title, left, reason)
            self.sleep(min(left, POLL_SECONDS))
