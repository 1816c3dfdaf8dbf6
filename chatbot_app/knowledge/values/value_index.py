"""Which sentences may say a value, found without comparing it with each: what an answer of a thousand lines is checked by.

A number is near what it says (see `Value.says`); a date names the same year or none. What is found so is a superset of the
sentences that say the value, and mostly a small one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from chatbot_app.knowledge.values.measures import MOST_ROUNDED, Value, ValueKind

_LAST_YEAR = 9999
_SLACK = 1e-9  # of a number, for what is computed in another order


class ValueIndex:
    """The values of some texts; `values` gives those of each, `scales` what the plain numbers of each are multiplied by."""

    def __init__(self, values: Sequence[Iterable[Value]], scales: Sequence[float]) -> None:
        readings: list[tuple[float, float, float, int]] = []
        self._of_year: defaultdict[int, set[int]] = defaultdict(set)
        self._of_any_year: set[int] = set()
        self._of_decade: defaultdict[int, set[int]] = defaultdict(set)
        for place, (own, scale) in enumerate(zip(values, scales, strict=True)):
            for value in own:
                self._note_dates(value, place)
                if value.kind is ValueKind.DATE:
                    continue
                for at, reading in enumerate(value.readings):
                    step = value.steps[at] if value.steps else 0.0
                    half = value.halves[at] if value.halves else 0.0
                    for factor in {1.0, scale}:
                        readings.append((abs(reading) * factor, step * factor, half * factor, place))
        table = np.array(sorted(readings), np.float64).reshape(-1, 4)
        self._readings, self._reach = table[:, 0], np.maximum(table[:, 1], table[:, 2])
        self._widest = float(self._reach.max(initial=0.0))
        self._places: npt.NDArray[np.int64] = table[:, 3].astype(np.int64)

    def may_say(self, claimed: Value) -> set[int]:
        """Return the places of the texts that may say a claimed value."""
        found = self._with_dates(claimed)
        if claimed.kind is ValueKind.DATE:
            return found
        for at, reading in enumerate(claimed.readings):
            mine = abs(reading)
            own = max(
                claimed.steps[at] if claimed.steps else 0.0, claimed.halves[at] if claimed.halves else 0.0
            )
            # A claimed number may be within a share of the source's, which lies as much further away.
            reach = own + 2 * MOST_ROUNDED * mine + _SLACK * mine
            first = int(np.searchsorted(self._readings, mine - reach - self._widest))
            last = int(np.searchsorted(self._readings, mine + reach + self._widest, side="right"))
            near = np.abs(self._readings[first:last] - mine) <= self._reach[first:last] + reach
            found.update(self._places[first:last][near].tolist())
        return found

    def _note_dates(self, value: Value, place: int) -> None:
        for year, is_decade in _years(value):
            if year is None:
                self._of_any_year.add(place)
            else:
                self._of_decade[year // 10].add(place)
                if not is_decade:
                    self._of_year[year].add(place)

    def _with_dates(self, claimed: Value) -> set[int]:
        """Return where a date stands that a claimed date or bare number may mean."""
        found: set[int] = set()
        for year, is_decade in _years(claimed):
            found |= self._of_any_year
            if year is None:
                found.update(*self._of_decade.values())
            else:
                found |= self._of_decade[year // 10] if is_decade else self._of_year[year]
        return found


def _years(value: Value) -> list[tuple[int | None, bool]]:
    """Return the (year, whether it is a decade) that a value may mean: of a bare whole number, itself."""
    if value.dates or value.kind is not ValueKind.NUMBER or value.dimension:
        return [(date.year, date.is_decade) for date in value.dates]
    return [
        (int(reading), False)
        for reading in value.readings
        if 0 <= reading <= _LAST_YEAR and reading.is_integer()
    ]
