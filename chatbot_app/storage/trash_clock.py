"""How long something has lain in the trash, by a clock that may be wrong at any time.

A wall clock that was set forward by mistake must not empty the trash. So ages are counted in trusted time: the
sum of the intervals between two looks at the clock. A short interval is believed at once. A long one may be a
holiday or a mistake: it is believed only when the clock was found to have gone on for a day after it. A clock
that goes back takes away what is not believed yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

KEPT = timedelta(days=30)  # what was deleted stays in the trash for this long
_BELIEVED = timedelta(days=7).total_seconds()  # an interval that is believed at once
_CONFIRMED = timedelta(days=1).total_seconds()  # time that must pass before a longer one is


@dataclass(frozen=True, slots=True)
class TrustedClock:
    """`trusted` seconds have passed up to `looked_at`; `doubted` more since `doubted_from`, perhaps."""

    looked_at: datetime
    trusted: float = 0.0
    doubted: float = 0.0
    doubted_from: float = 0.0

    def at(self, now: datetime) -> TrustedClock:
        """Return the clock after a look at `now`."""
        passed = (now - self.looked_at).total_seconds()
        if passed < 0:
            return replace(self, looked_at=now, doubted=max(0.0, self.doubted + passed))
        if passed <= _BELIEVED:
            trusted, doubted = self.trusted + passed, self.doubted
            if trusted - self.doubted_from >= _CONFIRMED:
                trusted, doubted = trusted + doubted, 0.0
            return TrustedClock(now, trusted, doubted, self.doubted_from)
        # Somebody who comes once a fortnight: of the interval before, what would have been believed counts.
        trusted = self.trusted + min(self.doubted, _BELIEVED)
        return TrustedClock(now, trusted, passed, trusted)

    def entered(self, moment: datetime | None, before: TrustedClock | None) -> float:
        """Return the trusted time of a deletion at `moment`, found now and not at the look `before`.

        A moment that is not between the two looks is not believed: the time begins now.
        """
        if moment is None or before is None or not before.looked_at <= moment <= self.looked_at:
            return self.trusted
        return min(self.trusted, before.trusted + (moment - before.looked_at).total_seconds())

    def left(self, entered: float) -> timedelta:
        """Return how much longer something stays that came into the trash at `entered`; never negative."""
        return max(timedelta(), KEPT - timedelta(seconds=max(0.0, self.trusted - entered)))
